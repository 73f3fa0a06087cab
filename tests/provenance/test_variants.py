from __future__ import annotations

import pytest

from compiler.provenance.edit import Put
from compiler.provenance.variants import Words, aspects_of

WORDS = Words(
    {"services": ("api", "web"), "secrets": ("KEY", "OTHER"), "infrastructure": ("db",)},
    {"condition": ("healthy", "started", "none"), "type": ("postgres", "redis")},
)


def first_texts(route: tuple[str | int, ...], text: str) -> list[object]:
    """Of each aspect what is tried first."""
    found = []
    for aspect in aspects_of("m", route, text, WORDS, {"m": {}}):
        put = aspect[0][0]
        assert isinstance(put, Put)
        found.append(put.value)
    return found


@pytest.mark.parametrize(
    ("route", "text", "others"),
    [
        (("services", "api", "role"), "answers", ["answerszq"]),
        (("services", "api", "port"), "8091:8000", ["18098:18007"]),
        (("services", "api", "replicas"), "2", ["3"]),
        (("services", "api", "healthcheck"), "/health", ["/healthzq"]),
        (("services", "api", "healthcheck", "interval"), "1m30s", ["2m31s"]),
        (("services", "api", "depends_on", "web", "condition"), "healthy", ["started", "none"]),
        (("services", "api", "environment", "URL"), "${web.url}/x", ["${web.url}/xzq", "zq/x"]),
        (("gateway", "routes", 0, "service"), "api", ["web"]),
        (("gateway", "routes", 0, "path"), "/api/", ["/apizq/", "/api"]),
        (("gateway", "routes", 0, "websocket"), "true", ["false"]),
        (("infrastructure", "db", "version"), "15", ["16", "16", "45"]),
        (
            ("tests", "api", 0),
            "GET api /a 200",
            ["GET api /azq 200", "POST api /a 200", "GET gateway /a 200", "GET api /a 299"],
        ),
        (("output",), "here", ["herezq", "here/zq"]),
        (("services", "api", "environment", "EMPTY"), "", []),
    ],
)
def test_each_aspect_of_a_text_is_changed(route: tuple[str | int, ...], text: str, others: list[str]) -> None:
    assert first_texts(route, text) == others


def test_another_kind_is_tried_as_it_is_and_then_alone() -> None:
    document = {"infrastructure": {"db": {"type": "postgres", "version": "15"}}, "a": "${db.url} is it"}
    nothing, kinds = aspects_of("m", ("infrastructure", "db", "type"), "postgres", WORDS, {"m": document})
    assert nothing == ()
    put = Put("m", ("infrastructure", "db", "type"), "redis")
    assert kinds == ((put,), (put, Put("m", ("infrastructure", "db", "version"), None), Put("m", ("a",), "zq is it")))
