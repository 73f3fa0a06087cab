"""Proxies of the team's own: which of their upstreams are looked up once."""

from __future__ import annotations

import pytest

from tests.support import codes, compile_texts

SHOP = """\
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  api:
    image: a:1
    port: 8000
    environment:
      C: ${cache.url}
  bank:
    url: https://bank.example
  edge:
    image: %s
    volumes:
      - ./edge:%s:ro
"""


def found(text: str, image: str = "nginx:1.27", target: str = "/etc/nginx/conf.d", name: str = "a.conf") -> list[str]:
    return codes(compile_texts({"integration.yaml": SHOP % (image, target), f"edge/{name}": text}))


@pytest.mark.parametrize(
    "text",
    [
        "location / { proxy_pass http://api:8000; }",
        "location / { proxy_pass http://api; }",
        "location / { proxy_pass http://api:8000/sub$request_uri; }",
        "location / { grpc_pass grpc://api:8000; }",
        "location / { fastcgi_pass api:9000; }",
        "upstream a { server api:8000 weight=2; } server { location / { proxy_pass http://a; } }",
        "upstream api { server api:8000; }\nserver { location / { proxy_pass http://api; } }",
        "stream { server { listen 1; proxy_pass cache:6379; } }",
        "location /a { proxy_pass http://api:8000; }\nlocation /b { proxy_pass http://api:8000/b; }",
    ],
)
def test_nginx_looks_up_once(text: str) -> None:
    assert found(text) == ["ROUTE009"]


@pytest.mark.parametrize(
    "text",
    [
        "set $a http://api:8000; location / { proxy_pass $a; }",
        "set $a api; location / { proxy_pass http://$a:8000; }",
        "# proxy_pass http://api:8000;\nlocation / { return 200; } # proxy_pass http://api;",
        "location / { proxy_pass https://bank.example; }",
        "location / { proxy_pass http://bank; }",
        "location / { proxy_pass http://127.0.0.1:8000; }",
        "location / { proxy_pass http://api.example; }",
        "resolver 127.0.0.11; upstream a { zone a 64k; server api:8000 resolve; } location / { proxy_pass http://a; }",
        "location / { proxy_pass_header api; proxy_set_header Host api; }",
        "server { server_name api; }",
        "",
    ],
)
def test_nginx_has_nothing_to_look_up(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("backend b\n  server one api:8000 check\n", ["ROUTE009"]),
        ("backend b\n  server one api:8000 check resolvers docker init-addr none\n", []),
        ("defaults\n  default-server init-addr none resolvers docker\nbackend b\n  server one api:8000\n", []),
        ("backend b\n  # server one api:8000\n  server one 10.0.0.1:8000\n", []),
    ],
)
def test_haproxy(text: str, expected: list[str]) -> None:
    assert found(text, "haproxy:3.0", "/usr/local/etc/haproxy", "haproxy.cfg") == expected


BUILT = "version: 1\nname: shop\nservices:\n  api:\n    image: a:1\n    port: 8000\n  edge:\n    build: ./edge\n"
STALE = "location / { proxy_pass http://api:8000; }"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["FROM nginx:1.27", "COPY conf/site.conf /etc/nginx/conf.d/default.conf"], ["ROUTE009"]),
        (["FROM nginx:1.27", "COPY --chown=nginx:nginx conf/site.conf /etc/nginx/conf.d/"], ["ROUTE009"]),
        (["FROM nginx:1.27", "WORKDIR /etc/nginx", "COPY conf conf.d"], ["ROUTE009"]),
        (["FROM node:22 AS built", "FROM nginx:1.27", "ADD conf/site.conf notes.txt /etc/nginx/"], ["ROUTE009"]),
        (["FROM nginx:1.27", "COPY --from=built conf/site.conf /etc/nginx/conf.d/default.conf"], []),
        (["FROM nginx:1.27", "COPY conf /usr/share/nginx/html"], []),
        (["FROM node:22", "COPY conf/site.conf /etc/nginx/conf.d/default.conf"], []),
        (["FROM nginx:1.27", "COPY ../../conf/site.conf /etc/nginx/conf.d/default.conf"], []),
    ],
)
def test_a_configuration_that_the_build_copies(lines: list[str], expected: list[str]) -> None:
    dockerfile = "".join(f"{line}\n" for line in lines)
    texts = {"integration.yaml": BUILT, "edge/Dockerfile": dockerfile, "edge/conf/site.conf": STALE}
    assert [code for code in codes(compile_texts(texts)) if code.startswith("ROUTE")] == expected


def test_other_images_and_other_files_are_not_read() -> None:
    stale = "location / { proxy_pass http://api:8000; }"
    assert found(stale, "caddy:2") == []
    assert found(stale, target="/usr/share/nginx/html") == []
    assert found(stale, name="notes.txt") == []
    assert found(stale, "registry.example/team/nginx-plus:r32") == ["ROUTE009"]
    assert found(stale, target="/etc/nginx/templates", name="default.conf.template") == ["ROUTE009"]


def test_one_file_is_told_of_once_with_every_place() -> None:
    text = "location /a { proxy_pass http://cache; }\nlocation /b { proxy_pass http://api; }\nlocation /c { proxy_pass http://api; }\n"
    compiled = compile_texts({"integration.yaml": SHOP % ("nginx:1.27", "/etc/nginx/conf.d"), "edge/a.conf": text})
    (diagnostic,) = compiled.diagnostics
    assert "looks `cache` and `api` up once" in diagnostic.message
    assert [(mark.path, mark.span.line) for mark in diagnostic.marks if mark.span] == [
        ("edge/a.conf", 1),
        ("edge/a.conf", 2),
        ("integration.yaml", 17),
    ]


def test_it_points_into_the_configuration_and_at_the_mount() -> None:
    text = "server {\n    # proxy_pass http://api;\n    location / { proxy_pass http://api:8000; }\n}\n"
    compiled = compile_texts({"integration.yaml": SHOP % ("nginx:1.27", "/etc/nginx/conf.d"), "edge/a.conf": text})
    (diagnostic,) = compiled.diagnostics
    there, mount = diagnostic.marks
    assert (there.path, mount.path) == ("edge/a.conf", "integration.yaml")
    assert there.span is not None
    assert mount.span is not None
    assert (there.span.line, there.span.column, mount.span.line) == (3, 36, 17)
    assert compiled.tree
