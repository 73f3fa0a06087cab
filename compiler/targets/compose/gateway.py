"""The gateway's nginx configuration, for the container of the project or for an nginx on the host.

What reaches a service is cut from the path as the client wrote it (`$request_uri`), never from nginx's normalised
`$uri`: so `%2F`, `//` further down and the query arrive byte by byte. nginx, however, chooses the location by the
normalised path, and where the two disagree (`/api/../keep`, `/%61pi/x`, `//api/x`) a request would be routed as one
path and served as another. Such a request is answered with 400. `docs/gateway.md` tells it to users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.spell.nginx import RESERVED_PATH, Directive, nginx_literal, route_location, route_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.plan import GatewayPlan, Plan, RoutePlan

CONFIGURATION_PATH = "/etc/nginx/conf.d/default.conf"
"""Where the container's nginx finds the text (the image's own server stands there; `templates/` would eat `$`)."""
CERTIFICATE_PATH = "/etc/nginx/tls/certificate.pem"
KEY_PATH = "/etc/nginx/tls/key.pem"
HEALTH_PATH = f"{RESERVED_PATH}health"
"""Answers 200 while nginx itself works, whatever the services do. Ask 127.0.0.1: nothing listens on IPv6."""
PLAIN_PORT = 80
TLS_PORT = 443

_REFUSAL = "the gateway refuses this path: write it plainly, without empty, . or .. segments"
_AMBIGUOUS_PATH = r"^[^?]*(?:/|\x5c|%2f|%5c)(?:[.]|%2e)+(?:[/?\x23\x3b\x5c]|%2f|%23|%3b|%5c|$)"
"""A segment of dots only, in any spelling some server knows: encoded, ended by `;` or between backslashes."""


def gateway_configuration(plan: Plan) -> tuple[Directive, ...]:
    """The directives of the http context for the plan's gateway; none where there is none.

    In host mode each route needs the service's published port. Raises ValueError where it has none, and for paths,
    names and files that nginx could not take literally: rules say so to the person before.
    """
    gateway = plan.gateway
    if gateway is None:
        return ()
    if gateway.mode == "host":
        return _host_configuration(gateway, _dialled(plan.bind))
    return _container_configuration(gateway)


def _container_configuration(gateway: GatewayPlan) -> tuple[Directive, ...]:
    tls = _tls(CERTIFICATE_PATH, KEY_PATH) if gateway.certificate else ()
    exact = _exact(gateway)
    server = (
        Directive("listen", (str(PLAIN_PORT),)),
        *tls,
        _server_name(gateway),
        Directive(
            "resolver",
            ("127.0.0.11", "valid=2s", "ipv6=off"),
            comment="The engine's name server: an upstream may be absent, and is found again at a new address.",
        ),
        Directive("resolver_timeout", ("2s",)),
        *_behaviour(),
        *(
            location
            for route in gateway.routes
            for location in _locations(gateway, exact, route, _container_headers(route))
        ),
        *_no_route(gateway),
    )
    return (*_connection_map(gateway, "close"), Directive("server", block=server))


def _host_configuration(gateway: GatewayPlan, address: str) -> tuple[Directive, ...]:
    listen = _tls(nginx_literal(gateway.certificate), nginx_literal(gateway.key))
    exact = _exact(gateway)
    server = (
        *(listen if gateway.certificate else (Directive("listen", (str(PLAIN_PORT),)),)),
        _server_name(gateway),
        *_behaviour(),
        *(location for route in gateway.routes for location in _locations(gateway, exact, route, _host_headers(route))),
        *_no_route(gateway),
    )
    return (
        *_upstreams(gateway, address),
        *_connection_map(gateway, ""),
        *(_redirect(gateway) if gateway.certificate else ()),
        Directive("server", block=server),
    )


def _dialled(bind: str) -> str:
    """Where the host reaches a port that is published on `bind`."""
    if bind in ("", "0.0.0.0", "::", "[::]"):  # noqa: S104  # compared with, not listened on
        return "127.0.0.1"
    return f"[{bind}]" if ":" in bind and not bind.startswith("[") else bind


def _tls(certificate: str, key: str) -> tuple[Directive, ...]:
    return (
        # Not `http2 on;`: nginx before 1.25.1 refuses to start with it; later ones take this form with a warning.
        Directive("listen", (str(TLS_PORT), "ssl", "http2")),
        Directive("ssl_certificate", (certificate,)),
        Directive("ssl_certificate_key", (key,)),
        Directive("ssl_protocols", ("TLSv1.2", "TLSv1.3")),
    )


def _server_name(gateway: GatewayPlan) -> Directive:
    return Directive("server_name", (nginx_literal(gateway.host or "_"),))


def _redirect(gateway: GatewayPlan) -> tuple[Directive, ...]:
    name = nginx_literal(gateway.host) or "$host"
    block = (
        Directive("listen", (str(PLAIN_PORT),)),
        _server_name(gateway),
        Directive("return", ("308", f"https://{name}$request_uri"), comment="Unlike 301, 308 keeps method and body."),
    )
    return (Directive("server", block=block),)


def _upstreams(gateway: GatewayPlan, address: str) -> Iterator[Directive]:
    for service, port in dict.fromkeys((route.service, route.host_port) for route in gateway.routes):
        if not port:
            message = f"the gateway on the host cannot reach `{service}`: it has no fixed published port"
            raise ValueError(message)
        block = (Directive("server", (nginx_literal(f"{address}:{port}"),)), Directive("keepalive", ("32",)))
        yield Directive("upstream", (_upstream_name(service),), block)


def _upstream_name(service: str) -> str:
    return nginx_literal(service.replace("-", "_"))


def _connection_map(gateway: GatewayPlan, otherwise: str) -> tuple[Directive, ...]:
    if not any(route.websocket for route in gateway.routes):
        return ()
    block = (Directive("default", ("upgrade",)), Directive("", (otherwise,)))
    return (Directive("map", ("$http_upgrade", "$connection_upgrade"), block),)


def _behaviour() -> tuple[Directive, ...]:
    own = (Directive("access_log", ("off",)), Directive("return", ("200", "ok")))
    return (
        Directive("client_max_body_size", ("64m",)),
        Directive("proxy_http_version", ("1.1",)),
        Directive("proxy_connect_timeout", ("3s",)),
        Directive("default_type", ("text/plain",), comment="Of the gateway's own answers."),
        _refuse_if(
            ("$request_uri", "~*", _AMBIGUOUS_PATH),
            "A path is routed as it is written, and reaches the service so: what could mean another is refused.",
        ),
        Directive("location", ("=", HEALTH_PATH), own),
    )


def _refuse_if(condition: tuple[str, ...], comment: str = "") -> Directive:
    return Directive("if", condition, (Directive("return", ("400", _REFUSAL)),), comment=comment)


def _exact(gateway: GatewayPlan) -> frozenset[str]:
    return frozenset(route.path for route in gateway.routes if not route.prefix)


def _locations(
    gateway: GatewayPlan, exact: frozenset[str], route: RoutePlan, headers: tuple[Directive, ...]
) -> Iterator[Directive]:
    path, origin = route.path, f"http://{_origin(gateway, route)}"
    if not route.prefix:
        guard = _refuse_if(("$request_uri", "!~", f"^{route_pattern(path)}(?:[?]|$)"))
        yield _location(("=", route_location(path)), route, guard, f"{origin}$request_uri", headers)
        return
    bare = path.removesuffix("/")
    if bare and bare not in exact:
        again = Directive("rewrite", ("^", route_location(path), "last"))
        yield Directive("location", ("=", route_location(bare)), (again,), route=route.at)
    base = "/" if route.strip_prefix else path
    guard = _refuse_if(("$request_uri", "!~", _prefix_pattern(bare)))
    yield _location((route_location(path),), route, guard, f"{origin}{base}$path_and_query", headers)


def _prefix_pattern(bare: str) -> str:
    # An empty segment next would reach a stripped service as `//…`, which browsers read as another host.
    if not bare:
        return r"^/(?![/\x5c])(?<path_and_query>.*)$"
    return rf"^{route_pattern(bare)}(?:/(?![/\x5c])|(?=[?]|$))(?<path_and_query>.*)$"


def _location(
    match: tuple[str, ...],
    route: RoutePlan,
    guard: Directive,
    destination: str,
    headers: tuple[Directive, ...],
) -> Directive:
    # A variable in `proxy_pass` makes nginx look the name up at each request, and send the address as it stands.
    block = (
        guard,
        *(() if route.access_log else (Directive("access_log", ("off",)),)),
        Directive("proxy_pass", (destination,)),
        *headers,
        Directive("proxy_send_timeout", (_time(route.timeout_ms),)),
        Directive("proxy_read_timeout", (_time(route.timeout_ms),)),
    )
    return Directive("location", match, block, route=route.at)


def _origin(gateway: GatewayPlan, route: RoutePlan) -> str:
    if gateway.mode == "host":
        return _upstream_name(route.service)
    return nginx_literal(f"{route.service}:{route.port}")


def _container_headers(route: RoutePlan) -> tuple[Directive, ...]:
    # With the port: the gateway is rarely published on 80, and a service makes its own addresses from this header.
    return (*_forwarded("$http_host"), *(_upgrade() if route.websocket else ()))


def _host_headers(route: RoutePlan) -> tuple[Directive, ...]:
    # An empty Connection is what keeps the upstream's connections alive.
    return (*_forwarded("$host"), *(_upgrade() if route.websocket else (_header("Connection", ""),)))


def _forwarded(host: str) -> tuple[Directive, ...]:
    return (
        _header("Host", host),
        _header("X-Real-IP", "$remote_addr"),
        _header("X-Forwarded-For", "$proxy_add_x_forwarded_for"),
        _header("X-Forwarded-Proto", "$scheme"),
    )


def _upgrade() -> tuple[Directive, ...]:
    return (_header("Upgrade", "$http_upgrade"), _header("Connection", "$connection_upgrade"))


def _header(name: str, value: str) -> Directive:
    return Directive("proxy_set_header", (name, value))


def _no_route(gateway: GatewayPlan) -> tuple[Directive, ...]:
    if any(route.path == "/" for route in gateway.routes):
        return ()
    # Without it, nginx would look for a file.
    return (Directive("location", ("/",), (Directive("return", ("404", "the gateway has no route for this path")),)),)


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{milliseconds}ms" if rest else f"{seconds}s"
