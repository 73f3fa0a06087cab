from __future__ import annotations

from compiler.render.review import configuration_text, moved_ports, text_difference
from tests.support import ROOT, compile_text

MANIFEST = """\
version: 1
name: shop
networks:
  shared: external
infrastructure:
  cache:
    type: redis
    version: 7
    publish: 6380
services:
  api:
    image: example/api:1
    ports:
      web: 8000
      admin: 8100:8001
    healthcheck:
      liveness: /health
      probe: curl
      interval: 9s
    environment:
      CACHE_URL: ${cache.url} ${bank.url}
  worker:
    image: example/worker:1
    networks:
      - shared
  bank:
    url: https://bank.example
environments:
  staging:
"""


def test_the_configuration_is_one_line_a_thing() -> None:
    planned = compile_text(MANIFEST).planned
    assert planned.compilation is not None
    assert planned.manifest is not None
    text = configuration_text(planned.compilation, planned.manifest)
    assert text == (
        "shop\n"
        "services  host port             networks  health\n"
        "  api     web 8000, admin 8100  shared    /health, every 9s, 5s each, 12 times, after 10s\n"
        "  worker  internal              shared    no check\n"
        "  bank    https://bank.example            external\n"
        "infrastructure  version         host port\n"
        "  cache         redis 7-alpine  6380\n"
        "networks\n"
        "  default  the project's own\n"
        "  shared   external\n"
        "environments\n"
        "  dev         adds to the system while developing\n"
        "  test        a whole copy of its own\n"
        "  staging     a whole copy of its own\n"
        "host ports are allocated from 8000-8999, on 127.0.0.1\n"
    )


def test_a_text_difference_is_unified_and_cannot_move_the_cursor() -> None:
    assert text_difference({"a.yaml": "one\ntwo\n"}, {"a.yaml": "one\n\x1b2\n"}) == (
        "--- a.yaml\n+++ a.yaml\n@@ -1,2 +1,2 @@\n one\n-two\n+\\x1b2\n"
    )
    assert text_difference({"a.yaml": "one\n"}, {"a.yaml": "one\n"}) == ""


def test_ports_that_moved_are_told_with_both_numbers() -> None:
    one = compile_text(MANIFEST).planned.compilation
    other = compile_text(MANIFEST.replace("web: 8000", "web: 9000:8000")).planned.compilation
    assert one is not None
    assert other is not None
    assert list(moved_ports(one.base, other.base)) == [("api/web", 8000, 9000)]


def test_the_page_of_the_documentation_names_every_part_of_the_answers() -> None:
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    assert all(f"{key}:" in page for key in ("ports", "port_range", "versions", "networks", "health", "environments"))
