"""What is doubtful in a plan that is decided: ports, routes, secrets in URLs, services that nobody asks."""

from __future__ import annotations

import pytest

from tests.support import codes, compile_text

HEAD = "version: 1\nname: shop\n"
WEB = HEAD + "services:\n  web:\n    image: nginx:1.27\n"
PORT = WEB + "    port: 8080:80\n"


def found(text: str) -> list[str]:
    return codes(compile_text(text))


# ---- ports ----


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "::ffff:0.0.0.0", "fe80::1"])
def test_ports_for_more_than_this_machine(bind: str) -> None:
    assert found(PORT.replace("services:", f"ports:\n  bind: '{bind}'\nservices:")) == ["PORT009"]


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.5", "::1", "::ffff:127.0.0.1"])
def test_ports_for_this_machine(bind: str) -> None:
    assert found(PORT.replace("services:", f"ports:\n  bind: '{bind}'\nservices:")) == []


def test_a_wide_address_that_nothing_is_published_on_or_that_is_none() -> None:
    assert found(WEB.replace("services:", "ports:\n  bind: 0.0.0.0\nservices:")) == []
    assert found(PORT.replace("services:", "ports:\n  bind: 192.168.1\nservices:")) == ["PORT008"]


def test_an_environment_that_opens_what_the_system_keeps_to_itself() -> None:
    assert found(f"{PORT}environments:\n  staging:\n    ports:\n      bind: 0.0.0.0\n") == ["PORT009"]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("    command: node --inspect=0.0.0.0:9229 server.js\n", ["PORT010"]),
        ("    command: node --inspect-brk server.js\n", ["PORT010"]),
        ("    command: python -m debugpy --listen 0.0.0.0:5678 main.py\n", ["PORT010"]),
        ("    command: java -agentlib:jdwp=transport=dt_socket,server=y,address=*:5005 -jar a.jar\n", ["PORT010"]),
        ("    command: dlv exec --headless ./web\n", ["PORT010"]),
        ("    environment:\n      NODE_OPTIONS: --inspect=0.0.0.0\n", ["PORT010"]),
        ("    environment:\n      JAVA_TOOL_OPTIONS: -Xmx1g -agentlib:jdwp=server=y\n", ["PORT010"]),
        ("    ports:\n      a: 9229\n", ["PORT010"]),
        ("    ports:\n      a: 5858:5858\n", ["PORT010"]),
        ("    ports:\n      debugger: 8001:5678\n", ["PORT010"]),
        ("    command: node --inspect server.js\n    ports:\n      a: 9229\n", ["PORT010"]),
        ("    ports:\n      debug: 9229\n", ["NAME002"]),
        ("    command: node --inspector-not server.js --inspected\n", []),
        ("    command: run --dlv-free debugpy-like\n", []),
        ("    ports:\n      a: 8001:5678\n", []),
        ("    port: internal:9229\n", []),
        ("    develop:\n      command: node --inspect server.js\n      debug_port: 9229\n", []),
    ],
)
def test_debuggers(below: str, expected: list[str]) -> None:
    assert found(WEB + below) == expected


def test_a_debugger_of_dev_alone() -> None:
    text = WEB + "environments:\n  {}:\n    services:\n      web:\n        command: node --inspect server.js\n"
    assert found(text.format("dev")) == []
    assert found(text.format("staging")) == ["PORT010"]


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("    port: 8080:80\n    ports:\n      default: 8081:81\n", ["PORT011"]),
        ("    port: 8080:80\n    ports:\n      admin: 8081:81\n", []),
        ("    ports:\n      default: 8081:81\n", []),
    ],
)
def test_a_port_twice(ports: str, expected: list[str]) -> None:
    assert found(WEB + ports) == expected


def test_a_port_twice_in_an_environment_and_one_that_it_replaces() -> None:
    text = PORT + "environments:\n  staging:\n    services:\n      web:\n        {}: 8081:80\n{}"
    assert found(text.format("port", "")) == []
    assert found(text.format("port", "        ports:\n          default: 8082:80\n")) == ["PORT011"]
    assert found(text.format("ports:\n          default", "")) == []


# ---- routes ----


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/api/", "/API/"], ["ROUTE010"]),
        (["/api", "/Api/"], ["ROUTE010"]),
        (["/api/", "/API/", "/Api/"], ["ROUTE010", "ROUTE010"]),
        (["/caf%C3%A9/", "/caf%C3%89/"], ["ROUTE010"]),
        (["/api/", "/api/v1/", "/apis/"], []),
        (["/api/", "/api/"], ["ROUTE001"]),
        (["/orders/:id"], ["ROUTE011"]),
        (["/orders/a:b"], []),
        (["/~someone/"], []),
    ],
)
def test_routes(paths: list[str], expected: list[str]) -> None:
    routes = "".join(f"    - path: {path}\n      service: web\n" for path in paths)
    assert found(f"{PORT}gateway:\n  routes:\n{routes}") == expected


# ---- secrets ----


@pytest.mark.parametrize(
    ("how", "text", "expected"),
    [
        ("required", "smtp://a:${secrets.K}@mail", ["SECRET005"]),
        ("optional", "https://mail/?key=${secrets.K}", ["SECRET005"]),
        ("generated", "smtp://a:${secrets.K}@mail", []),
        ("required", "${secrets.K}", []),
        ("required", "key=${secrets.K}", []),
    ],
)
def test_secrets_in_urls(how: str, text: str, expected: list[str]) -> None:
    assert found(
        WEB.replace("services", f"secrets:\n  K: {how}\nservices") + f"    environment:\n      A: {text}\n"
    ) == (expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtp://a:${K}@mail", ["SECRET006"]),
        ("smtp://a:${K:-}@mail", ["SECRET006"]),
        ("smtp://${USER}:${K:?ask}@mail:587", ["SECRET006"]),
        ("smtp://:${K}@mail", ["SECRET006"]),
        ("smtp://a:x${K}y@mail", ["SECRET006"]),
        ("smtp://${K}@mail", []),
        ("http://${K}:8000/a@b", []),
        ("http://host:${K}/a@b", []),
        ("http://host:${K}", []),
        ("http://host/${K}:a@b", []),
        ("a:${K}@mail", []),
    ],
)
def test_variables_in_urls(text: str, expected: list[str]) -> None:
    assert found(WEB + f"    environment:\n      A: {text}\n      B: {text}\n") == expected


def test_a_default_that_is_a_secret_written_as_text_is_told_as_that_alone() -> None:
    assert set(found(WEB + "    environment:\n      A: smtp://a:${K:-hunter2hunter2}@mail\n")) == {"SECRET001"}


def test_a_password_of_infrastructure_that_stands_in_many_urls_is_told_once() -> None:
    text = (
        "infrastructure:\n  cache:\n    type: redis\n    password: ${K}\nservices:\n  a:\n    image: a:1\n    environment:\n"
        "      U: ${cache.url}\n  b:\n    image: a:1\n    environment:\n      U: ${cache.url}\n"
    )
    assert found(HEAD + text) == ["SECRET006"]


@pytest.mark.parametrize(
    ("below", "dev", "expected"),
    [
        ("required", "optional", ["SECRET007"]),
        ("generated", "optional", ["SECRET007"]),
        ("required", "generated", []),
        ("generated", "required", []),
        ("optional", "required", []),
        ("optional", "optional", []),
    ],
)
def test_what_dev_asks_for(below: str, dev: str, expected: list[str]) -> None:
    text = WEB.replace("services", f"secrets:\n  K: {below}\nservices") + "    environment:\n      A: ${secrets.K}\n"
    assert found(f"{text}environments:\n  dev:\n    secrets:\n      K: {dev}\n") == expected
    assert found(f"{text}environments:\n  staging:\n    secrets:\n      K: {dev}\n") == []


# ---- services and networks ----


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["SERVICE001"]),
        ("services:\n", ["SERVICE001"]),
        ("services:\n  bank:\n    url: https://bank.example\n", ["SERVICE001"]),
        ("infrastructure:\n  mail:\n    type: mailpit\n", []),
        ("infrastructure:\n  cache:\n    type: redis\n", ["DATA002"]),
        ("services:\n  web:\n    image: a:1\n", []),
    ],
)
def test_nothing_to_start(text: str, expected: list[str]) -> None:
    assert found(HEAD + text) == expected


STOCK = PORT + "  stock:\n    image: a:1\n    port: internal:8000\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["SERVICE002"]),
        ("    profiles:\n      - more\n", ["SERVICE002"]),
        ("    role: takes work from a queue\n", []),
        ("    healthcheck:\n      liveness: /\n      probe: curl\n", ["SERVICE002"]),
        ("gateway:\n  routes:\n    - path: /\n      service: stock\n", []),
        ("  ask:\n    image: a:1\n    depends_on:\n      stock:\n", []),
        ("  ask:\n    image: a:1\n    depends_on:\n      stock:\n        condition: none\n", []),
        ("  ask:\n    image: a:1\n    environment:\n      A: ${stock.host}\n", []),
        ("  ask:\n    image: a:1\n    environment:\n      A: ${stok.host}\n", ["REF001"]),
        ("  ask:\n    image: a:1\n    environment:\n      A: http://stock:8000/x\n", []),
        ("  ask:\n    image: a:1\n    command: ask --of=stock:8000\n", []),
        ("  ask:\n    image: a:1\n    environment:\n      A: http://stock-b:8000/stocks\n", ["SERVICE002"]),
        ("networks:\n  shared: external\n", []),
        ("tests:\n  api:\n    - GET stock /\n", ["TEST001"]),
        ("environments:\n  staging:\n    services:\n      stock:\n        port: 8000\n", ["SERVICE002"]),
        ("environments:\n  staging:\n    services:\n      web:\n        environment:\n          A: ${stock.url}\n", []),
        (
            "    environment:\n      A: ${broker.url}\ninfrastructure:\n  broker:\n    type: rabbitmq\n",
            [],
        ),
        (
            "    environment:\n      A: ${db.app.url}\ninfrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\n",
            ["SERVICE002"],
        ),
    ],
)
def test_who_is_reached(more: str, expected: list[str]) -> None:
    assert found(STOCK + more) == expected


def test_a_worker_without_a_port_or_with_one_for_its_metrics_and_a_service_alone() -> None:
    assert found(STOCK.replace("    port: internal:8000\n", "")) == []
    assert found(STOCK.replace("    port: internal:8000\n", "    ports:\n      metrics: internal:9100\n")) == []
    assert found(WEB + "    port: internal:80\n") == []


@pytest.mark.parametrize("image", ["postgres:17.6", "docker.io/valkey/valkey:${V:-8.1}", "grafana/loki:3.0"])
def test_a_well_known_server_is_found_by_its_name_in_the_code(image: str) -> None:
    assert "SERVICE002" not in found(STOCK.replace("stock:\n    image: a:1", f"stock:\n    image: {image}"))
    other = image.replace("/", "/x").replace("postgres", "x-postgres")
    assert "SERVICE002" in found(STOCK.replace("stock:\n    image: a:1", f"stock:\n    image: {other}"))


def test_networks_that_nobody_joins() -> None:
    networks = "networks:\n  a: bridge\n  b: bridge\nservices"
    joining = PORT.replace("services", networks) + "    networks:\n      - a\n"
    assert found(PORT.replace("services", networks)) == []
    assert found(joining) == ["NETWORK002"]
    assert found(joining.replace("- a", "- bb")) == ["NETWORK001"]
    other = "environments:\n  staging:\n    services:\n      web:\n        networks:\n          - b\n"
    assert found(joining + other) == []


# ---- texts that name somebody, and do not refer to it ----


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("${api}", "${api.url}"),
        ("${api_url}", "${api.url}"),
        ("http://${api_host}:1", "${api.host}"),
        ("${big_api_port}", "${big-api.port}"),
        ("see $api.url", "${api.url}"),
    ],
)
def test_what_looks_like_a_reference(text: str, meant: str) -> None:
    services = "  api:\n    image: shop/api:1\n  big-api:\n    image: shop/api:1\n"
    (one,) = compile_text(f"{WEB}    environment:\n      A: '{text}'\n{services}").diagnostics
    assert (one.code, meant in one.help) == ("REF008", True)


@pytest.mark.parametrize("text", ["${API_URL}", "${Api}", "${api:-x}", "${apis}", "${api_key}", "$apis.url", "$api.js"])
def test_what_does_not(text: str) -> None:
    assert found(f"{WEB}    environment:\n      A: '{text}'\n  api:\n    image: shop/api:1\n") == []


def test_infrastructure_that_is_named_as_text_is_not_called_unused() -> None:
    cache = "infrastructure:\n  cache:\n    type: redis\n"
    (one,) = compile_text(f"{WEB}    environment:\n      A: redis://cache:6379/0\n{cache}").diagnostics
    assert (one.code, one.message) == ("DATA002", "`web` names `cache` as text, which waits for nothing")
