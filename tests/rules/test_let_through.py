"""What `docker compose config` lets through and what fails only when it runs (tried with Compose 2.26.1): each is found
here, by one rule, or cannot be written.
"""

from __future__ import annotations

import pytest

from tests.support import codes, compile_text

HEAD = "version: 1\nname: shop\n"
WEB = HEAD + "services:\n  web:\n    image: nginx:1.27\n"
API = "  api:\n    image: nginx:1.27\n"
ROUTES = "gateway:\n  port: {}\n  routes:\n    - path: /\n      service: web\n"
CACHE = "infrastructure:\n  cache:\n    type: redis\n    publish: {}\n"
DEVELOP = "    develop:\n      command: run\n      debug_port: {}\n"
USING = "    environment:\n      C: ${cache.url}\n"
CHECK = "    healthcheck:\n      liveness: /\n      probe: curl\n      port: {}\n"


def found(text: str) -> list[str]:
    return codes(compile_text(text))


@pytest.mark.parametrize(
    "port", ["0", "65536", *(pytest.param(one, marks=pytest.mark.slow) for one in ("70000", "000"))]
)
@pytest.mark.parametrize(
    "text",
    [
        WEB + "    port: {}\n",
        WEB + "    port: {}:80\n",
        WEB + "    port: 8080:{}\n",
        WEB + "    port: internal:{}\n",
        WEB + "    ports:\n      site: {}\n",
        WEB + "    ports:\n      site: {}:80\n",
        WEB + "    ports:\n      site: internal:{}\n",
        WEB + "    port: 8080:80\n" + DEVELOP,
        WEB + "    port: 8080:80\n" + CHECK,
        WEB + "    port: 8080:80\n" + ROUTES,
        WEB + USING + CACHE,
        WEB + "    port: 80\nenvironments:\n  dev:\n    services:\n      web:\n        port: {}:80\n",
        WEB + "    port: 80\nenvironments:\n  staging:\n    services:\n      web:\n        port: {}:80\n",
    ],
)
def test_a_port_that_does_not_exist(text: str, port: str) -> None:
    assert set(found(text.replace("{}", port))) == {"PORT003"}


@pytest.mark.parametrize(
    "port", ["-1", "8o80", "123456", "80/udp", "8000-8010", "127.0.0.1:80:80", "${PORT}", "1e3", "٨٠"]
)
@pytest.mark.parametrize("text", [WEB + "    port: {}\n", WEB + "    port: 80\n" + ROUTES, WEB + USING + CACHE])
def test_what_is_no_port(text: str, port: str) -> None:
    assert found(text.replace("{}", f"'{port}'")) == ["SCHEMA003"]


@pytest.mark.parametrize("span", ["0-10", "8000-65536", "9-8", "65536-65537"])
def test_a_range_that_does_not_exist(span: str) -> None:
    assert found(f"{WEB}    port: 80\nports:\n  range: {span}\n") == ["PORT005"]


@pytest.mark.parametrize(
    "text",
    [
        WEB + "    port: 8080:80\n" + API + "    port: 8080:81\n",
        WEB + "    port: 8080:80\n" + API + "    port: 8080:80\n    profiles:\n      - more\n",
        WEB + "    ports:\n      a: 8080:80\n      b: 8080:81\n",
        WEB + "    port: 08080:80\n" + API + "    port: 8080:80\n",
        WEB + "    port: 8080:80\n" + ROUTES.format(8080),
        WEB + "    port: 8080:80\n" + USING + CACHE.format(8080),
        WEB + "    port: 8080:80\n" + DEVELOP.format(8080),
        WEB + "    port: 80\n" + DEVELOP.format(9229) + API + "    port: 80\n" + DEVELOP.format(9229),
        WEB
        + "    port: 8080:80\nenvironments:\n  dev:\n    services:\n      more:\n        image: a:1\n        port: 8080:80\n",
    ],
)
def test_one_host_port_for_two(text: str) -> None:
    assert set(found(text)) == {"PORT001"}


@pytest.mark.parametrize(
    "text",
    [
        WEB + "    port: 8000:80\n" + API + "    port: 80\n",
        WEB + "    port: 80\n" + DEVELOP.format(8000),
        WEB + "    port: 80\n" + ROUTES.format(8000),
        WEB
        + "    port: 8080:80\nenvironments:\n  staging:\n    services:\n      more:\n        image: a:1\n        port: 8080:80\n",
        WEB + "    port: internal:80\n" + API + "    port: 80:80\n    environment:\n      A: ${web.url}\n",
    ],
)
def test_what_is_allocated_or_in_a_copy_meets_nobody(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", ["-a", "..", "a" * 300, "A", "a_b", "a.b", "a b", "é", "1a", "a-"])
def test_a_name_that_is_none(name: str) -> None:
    assert found(f"{HEAD}services:\n  '{name}':\n    image: a:1\n") == ["NAME001"]


@pytest.mark.parametrize(
    "image", ["UPPER/Case", "upper/Case:1", "a b", "nginx:", "nginx:1:2", "a@sha256:abc", "nginx\n"]
)
def test_an_image_that_the_structure_refuses(image: str) -> None:
    assert found(WEB.replace("nginx:1.27", f'"{image}"'.replace("\n", "\\n"))) == ["SCHEMA003"]


def test_waiting_for_the_health_of_what_has_none() -> None:
    text = WEB + "    depends_on:\n      api:\n        condition: healthy\n" + API
    assert found(text) == ["HEALTH001"]


@pytest.mark.parametrize(
    ("below", "code"),
    [
        ("    volumes:\n      - a:/x\n      - b:/x\n", "DATA006"),
        ("    volumes:\n      - a:/\n", "DATA007"),
        ("    volumes:\n      - ./absent:/x:ro\n", "DATA005"),
        ("    compose:\n      env_file: ./absent.env\n", "DATA009"),
    ],
)
def test_what_the_engine_refuses_at_the_start(below: str, code: str) -> None:
    assert found(WEB + below) == [code]
