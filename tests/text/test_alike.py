from __future__ import annotations

import pytest

from compiler.text.alike import Likeness, most_alike

SERVICES = ("auth-service", "auth-server", "orders", "payments", "web", "worker-1", "worker-2")
KEYS = ("environment", "healthcheck", "depends_on", "port", "ports", "image", "build", "role")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("auth-servise", "auth-service"),
        ("auth_service", "auth-service"),
        ("authservice", "auth-service"),
        ("Orders", "orders"),
        ("order", "orders"),
        ("odrers", "orders"),
        ("ordders", "orders"),
        ("payment", "payments"),
        ("wbe", "web"),
        ("wen", "web"),
        ("worker1", "worker-1"),
        ("auth-serv", "auth-server"),
        ("workers", ""),
        ("worker-3", ""),
        ("db", ""),
        ("app", ""),
        ("billing", ""),
        ("", ""),
        ("---", ""),
    ],
)
def test_what_is_meant_by_a_name(written: str, meant: str) -> None:
    assert most_alike(written, SERVICES).name == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("enviroment", "environment"),
        ("envrionment", "environment"),
        ("healthCheck", "healthcheck"),
        ("health_check", "healthcheck"),
        ("dependsOn", "depends_on"),
        ("depend_on", "depends_on"),
        ("images", "image"),
        ("roles", "role"),
        ("prot", "port"),
        ("host", ""),
        ("restart", ""),
        ("command", ""),
        ("expose", ""),
        ("labels", ""),
        ("rule", "role"),
    ],
)
def test_what_is_meant_by_a_key(written: str, meant: str) -> None:
    assert most_alike(written, KEYS).name == meant


@pytest.mark.parametrize(
    ("written", "names", "likeness"),
    [
        ("enviroment", ("environment", "build"), Likeness("environment", is_sure=True)),
        ("webb", ("web", "webs"), Likeness("web")),
        ("wbe", ("web", "job"), Likeness("web", is_sure=True)),
        ("wez", ("web", "wed"), Likeness()),
        ("ort", ("port", "fort"), Likeness()),
        ("orderz", ("orders", "border"), Likeness("orders", is_sure=True)),
        ("redis7", ("redis",), Likeness("redis")),
        ("bd", ("db",), Likeness("db")),
        ("envronmnt", ("environment",), Likeness("environment")),
        ("DB_URL", ("db-url", "db_url"), Likeness("db_url")),
        ("web", ("web",), Likeness()),
        ("x", (), Likeness()),
    ],
)
def test_what_is_sure_leaves_nothing_to_ask(written: str, names: tuple[str, ...], likeness: Likeness) -> None:
    assert most_alike(written, names) == likeness


@pytest.mark.parametrize(("but", "found"), [("", "auth-service"), ("auth-service", "")])
def test_one_name_can_be_left_out(but: str, found: str) -> None:
    assert most_alike("auth-servise", ("web", "auth-service"), but).name == found
