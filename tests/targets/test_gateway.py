from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import crossplane  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model.plan import GatewayPlan, Plan, RoutePlan
from compiler.spell.nginx import Directive, is_route_path, nginx_configuration, route_location
from compiler.targets.compose.gateway import (
    CERTIFICATE_PATH,
    HEALTH_PATH,
    KEY_PATH,
    gateway_configuration,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def route(path: str, **changes: Any) -> RoutePlan:
    """A route to `api`, on 8000 inside and 8090 outside."""
    plain = RoutePlan(path, path.endswith("/"), "api", 8000, 8090, False, True, False, 60_000, ("gateway", "routes", 0))
    return plain._replace(**changes)


def gateway(
    *routes: RoutePlan, mode: str = "container", host: str = "", tls: tuple[str, str] = ("", "")
) -> GatewayPlan:
    """A gateway with these routes."""
    return GatewayPlan(mode, host, tls[0], tls[1], (), routes, ("gateway",))


def plan(entrance: GatewayPlan | None, bind: str = "127.0.0.1") -> Plan:
    """A plan with nothing but a gateway."""
    return Plan(
        "shop", "", {}, {}, (), (), 0, {}, {}, {}, {}, entrance, (), (), bind, {}, ()
    )  # fmt: skip


def text_of(entrance: GatewayPlan, bind: str = "127.0.0.1") -> str:
    """The text for a gateway."""
    return nginx_configuration(gateway_configuration(plan(entrance, bind)))


def everywhere(directives: tuple[Directive, ...]) -> Iterator[Directive]:
    """All directives, at any depth."""
    for directive in directives:
        yield directive
        yield from everywhere(directive.block or ())


def named(entrance: GatewayPlan, name: str) -> list[tuple[str, ...]]:
    """The arguments of all directives of that name."""
    return [each.arguments for each in everywhere(gateway_configuration(plan(entrance))) if each.name == name]


def location(entrance: GatewayPlan, *match: str) -> list[tuple[str, ...]]:
    """What stands in a location, without its guard."""
    for each in everywhere(gateway_configuration(plan(entrance))):
        if each.name == "location" and each.arguments == match:
            return [(inner.name, *inner.arguments) for inner in each.block or () if inner.name != "if"]
    pytest.fail(f"no location {match}")


HOST = gateway(
    route("/api/", service="api-gateway", strip_prefix=True),
    route("/health", service="api-gateway", access_log=False),
    mode="host",
    host="myproject.example.com",
    tls=("/etc/letsencrypt/live/myproject.example.com/fullchain.pem", "/etc/letsencrypt/live/x/privkey.pem"),
)
CONTAINER = gateway(
    route("/accounts/", service="accounts", port=3001, strip_prefix=True),
    route("/live/", service="trading", port=3000, websocket=True, timeout_ms=3_600_000),
    route("/health", service="trading", port=3000, access_log=False, timeout_ms=1500),
)


def test_no_gateway_no_configuration() -> None:
    assert gateway_configuration(plan(None)) == ()


def test_the_host_configuration_in_full() -> None:
    assert text_of(HOST) == (
        """\
upstream api_gateway {
    server 127.0.0.1:8090;
    keepalive 32;
}

server {
    listen 80;
    server_name myproject.example.com;

    # Unlike 301, 308 keeps method and body.
    return 308 https://myproject.example.com$request_uri;
}

server {
    listen 443 ssl http2;
    ssl_certificate /etc/letsencrypt/live/myproject.example.com/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/x/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    server_name myproject.example.com;
    client_max_body_size 64m;
    proxy_http_version 1.1;
    proxy_connect_timeout 3s;

    # Of the gateway's own answers.
    default_type text/plain;

    # A path is routed as it is written, and reaches the service so: what could mean another is refused.
    if ($request_uri ~* "^[^?]*(?:/|\\x5c|%2f|%5c)(?:[.]|%2e)+(?:[/?\\x23\\x3b\\x5c]|%2f|%23|%3b|%5c|$)") {
        return 400 "the gateway refuses this path: write it plainly, without empty, . or .. segments";
    }

    location = /__gateway/health {
        access_log off;
        return 200 ok;
    }

    location = /api {
        rewrite ^ /api/ last;
    }

    location /api/ {
        if ($request_uri !~ "^/api(?:/(?![/\\x5c])|(?=[?]|$))(?<path_and_query>.*)$") {
            return 400 "the gateway refuses this path: write it plainly, without empty, . or .. segments";
        }

        proxy_pass http://api_gateway/$path_and_query;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Connection "";
        proxy_send_timeout 60s;
        proxy_read_timeout 60s;
    }

    location = /health {
        if ($request_uri !~ "^/health(?:[?]|$)") {
            return 400 "the gateway refuses this path: write it plainly, without empty, . or .. segments";
        }

        access_log off;
        proxy_pass http://api_gateway$request_uri;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Connection "";
        proxy_send_timeout 60s;
        proxy_read_timeout 60s;
    }

    location / {
        return 404 "the gateway has no route for this path";
    }
}
"""
    )


def test_the_container_asks_the_engine_for_names_and_bounds_every_wait() -> None:
    assert named(CONTAINER, "listen") == [("80",)]
    assert named(CONTAINER, "server_name") == [("_",)]
    assert named(CONTAINER, "resolver") == [("127.0.0.11", "valid=2s", "ipv6=off")]
    assert named(CONTAINER, "resolver_timeout") == [("2s",)]
    assert named(CONTAINER, "proxy_connect_timeout") == [("3s",)]
    assert named(CONTAINER, "upstream") == []


@pytest.mark.parametrize("entrance", [CONTAINER, HOST])
def test_every_proxy_pass_has_a_variable_so_a_missing_upstream_stops_nothing(entrance: GatewayPlan) -> None:
    assert all("$" in destination for (destination,) in named(entrance, "proxy_pass"))


def test_a_stripped_prefix_is_cut_from_the_path_as_written() -> None:
    assert ("proxy_pass", "http://accounts:3001/$path_and_query") in location(CONTAINER, "/accounts/")


def test_a_kept_prefix_reaches_the_service_too() -> None:
    assert ("proxy_pass", "http://trading:3000/live/$path_and_query") in location(CONTAINER, "/live/")


def test_an_exact_path_reaches_the_service_as_written() -> None:
    assert ("proxy_pass", "http://trading:3000$request_uri") in location(CONTAINER, "=", "/health")


def test_a_prefix_without_its_slash_behaves_as_with_it() -> None:
    assert location(CONTAINER, "=", "/accounts") == [("rewrite", "^", "/accounts/", "last")]


def test_an_exact_route_beside_a_prefix_keeps_its_path() -> None:
    entrance = gateway(route("/api/"), route("/api", service="other"))
    assert ("proxy_pass", "http://other:8000$request_uri") in location(entrance, "=", "/api")
    assert len([match for match in named(entrance, "location") if match == ("=", "/api")]) == 1


def test_without_a_route_for_the_rest_nginx_looks_for_no_file() -> None:
    assert location(CONTAINER, "/") == [("return", "404", "the gateway has no route for this path")]
    assert len(named(gateway(route("/")), "return")) == len(named(gateway(route("/a")), "return")) - 1


def test_the_gateway_answers_for_itself() -> None:
    assert location(CONTAINER, "=", HEALTH_PATH) == [("access_log", "off"), ("return", "200", "ok")]


def test_only_a_websocket_route_upgrades() -> None:
    upgrade = ("proxy_set_header", "Upgrade", "$http_upgrade")
    assert upgrade in location(CONTAINER, "/live/")
    assert upgrade not in location(CONTAINER, "/accounts/")
    assert named(CONTAINER, "map") == [("$http_upgrade", "$connection_upgrade")]
    assert named(HOST, "map") == []


def test_on_the_host_a_plain_request_of_a_websocket_route_keeps_the_connection() -> None:
    assert 'map $http_upgrade $connection_upgrade {\n    default upgrade;\n    "" "";\n}' in text_of(
        gateway(route("/live/", websocket=True), mode="host")
    )


def test_a_time_out_bounds_reading_and_sending() -> None:
    assert ("proxy_read_timeout", "3600s") in location(CONTAINER, "/live/")
    assert ("proxy_send_timeout", "1500ms") in location(CONTAINER, "=", "/health")


def test_the_access_log_is_off_only_where_it_was_asked() -> None:
    assert ("access_log", "off") in location(CONTAINER, "=", "/health")
    assert ("access_log", "off") not in location(CONTAINER, "/live/")


def test_the_container_finds_the_certificate_at_a_fixed_place_and_speaks_plainly_too() -> None:
    entrance = gateway(route("/"), host="shop.localhost", tls=("./tls/cert.pem", "./tls/key.pem"))
    assert named(entrance, "listen") == [("80",), ("443", "ssl", "http2")]
    assert named(entrance, "ssl_certificate") == [(CERTIFICATE_PATH,)]
    assert named(entrance, "ssl_certificate_key") == [(KEY_PATH,)]
    assert named(entrance, "server_name") == [("shop.localhost",)]


def test_the_host_without_a_certificate_listens_on_80_alone() -> None:
    assert named(gateway(route("/"), mode="host"), "listen") == [("80",)]


def test_one_upstream_a_service_in_the_order_of_the_routes() -> None:
    entrance = gateway(
        route("/b/", service="b-b", host_port=2), route("/a/"), route("/c", service="b-b", host_port=2), mode="host"
    )
    assert named(entrance, "upstream") == [("b_b",), ("api",)]


@pytest.mark.parametrize(
    ("bind", "dialled"),
    [
        ("127.0.0.1", "127.0.0.1:8090"),
        ("0.0.0.0", "127.0.0.1:8090"),
        ("10.0.0.5", "10.0.0.5:8090"),
        ("::1", '"[::1]:8090"'),
    ],
)
def test_the_host_dials_where_the_port_is_published(bind: str, dialled: str) -> None:
    assert f"    server {dialled};\n" in text_of(gateway(route("/"), mode="host"), bind)


@pytest.mark.parametrize("host_port", [None, 0])
def test_a_service_without_a_fixed_published_port_is_out_of_reach_for_the_host(host_port: int | None) -> None:
    with pytest.raises(ValueError, match="cannot reach `api`"):
        text_of(gateway(route("/", host_port=host_port), mode="host"))


@pytest.mark.parametrize(
    "entrance",
    [
        gateway(route("/a { return 200; } location /x")),
        gateway(route("/a/../b/")),
        gateway(route("/$host")),
        gateway(route("/"), host="a; return 200"),
        gateway(route("/"), host="$http_evil"),
        gateway(route("/"), mode="host", tls=("/a$b", "/k")),
        gateway(route("/"), mode="host", tls=("/a", "/k;")),
        gateway(route("/", service="a;b")),
    ],
)
def test_what_nginx_could_not_take_literally_is_refused(entrance: GatewayPlan) -> None:
    with pytest.raises(ValueError, match=r"."):
        text_of(entrance)


def test_a_route_changes_only_its_own_locations() -> None:
    added = (*CONTAINER.routes, route("/new", service="new"))
    before, after = (text_of(CONTAINER._replace(routes=routes)) for routes in (CONTAINER.routes, added))
    position = next(index for index, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    added_text = after[position : position + len(after) - len(before)]
    assert after.replace(added_text, "", 1) == before
    assert added_text.count("location") == 1


paths = st.from_regex(
    r"(/([A-Za-z0-9_~!&'()*+,=:@-]|%20|%C3%A9|[.](?=[a-z])[a-z]){1,4}){0,3}/?", fullmatch=True
).filter(is_route_path)
services = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
routes_of_plans = st.builds(
    lambda path, service, strip, log, websocket, timeout: route(
        path, service=service, strip_prefix=strip, access_log=log, websocket=websocket, timeout_ms=timeout
    ),
    paths,
    services,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(1, 10**7),
)
gateways = st.builds(
    lambda routes, mode, host, tls: gateway(*routes, mode=mode, host=host, tls=tls),
    st.lists(routes_of_plans, max_size=5, unique_by=lambda each: each.path),
    st.sampled_from(["container", "host"]),
    st.sampled_from(["", "shop.localhost"]),
    st.sampled_from([("", ""), ("/etc/it's mine/cert.pem", "/etc/key.pem")]),
)


@settings(max_examples=40)
@given(gateways)
def test_any_valid_gateway_is_read_back_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, entrance: GatewayPlan
) -> None:
    tree = gateway_configuration(plan(entrance))
    assert read_back(nginx_configuration(tree), tmp_path_factory.getbasetemp()) == shape(tree)


@settings(max_examples=40)
@given(gateways)
def test_no_two_locations_of_a_valid_gateway_are_the_same(entrance: GatewayPlan) -> None:
    locations = named(entrance, "location")
    assert len(set(locations)) == len(locations)
    for each in entrance.routes:
        match = (route_location(each.path),) if each.prefix else ("=", route_location(each.path))
        assert match in locations


@settings(max_examples=40)
@given(gateways)
def test_every_regular_expression_compiles(entrance: GatewayPlan) -> None:
    for _, _, pattern in named(entrance, "if"):
        re.compile(pattern.replace("(?<path_and_query>", "(?P<path_and_query>"))


def read_back(text: str, folder: Path) -> list[Any]:
    """What crossplane reads, with its own checks of contexts and numbers of arguments, as nested lists."""
    file = folder / "gateway.conf"
    file.write_text(f"events {{}}\nhttp {{\n{text}}}\n", encoding="utf-8", newline="\n")
    payload = crossplane.parse(str(file), single=True)
    assert payload["status"] == "ok", payload["errors"]
    return statements(payload["config"][0]["parsed"][1]["block"])


def statements(parsed: list[dict[str, Any]]) -> list[Any]:
    """crossplane's statements as nested lists."""
    return [
        [each["directive"], each["args"], statements(each["block"]) if "block" in each else None] for each in parsed
    ]


def shape(tree: tuple[Directive, ...]) -> list[Any]:
    """A tree as nested lists, without what no parser sees."""
    return [[each.name, list(each.arguments), None if each.block is None else shape(each.block)] for each in tree]
