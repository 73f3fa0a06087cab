from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from compiler.targets.compose.readme import health_words, image_words, readme
from tests.plans import plan_of, tree_of

TEXT = """
networks:
  shared:
    external: true
    name: of-all
infrastructure:
  db:
    type: postgres
    version: 17
    databases:
      app:
services:
  bank:
    url: https://bank.example
    role: Acquirer | "tests" <b>
  web:
    build:
      context: ./web
      target: prod
    role: Shop *window*
    port: 8000
    ports:
      peer: internal:9000
    healthcheck:
      liveness: /live
      readiness: /ready
    environment:
      A: ${db.app.url} ${bank.url} ${api.url} ${LEVEL:-info} ${NEEDED:?say}
    depends_on:
      api:
        condition: none
        purpose: prices
  api:
    image: api:1
    port: internal:80
gateway:
  host: shop.localhost
  routes:
    - path: /
      service: web
    - path: /api/
      service: api
      strip_prefix: true
"""
FILES = {"web/Dockerfile": "FROM python:3 AS prod\n"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, as a reader of Markdown sees them."""
    text = tree_of(TEXT, FILES)["README.md"].text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    table = [token for token in MarkdownIt("commonmark").enable("table").parse(text) if token.type == "inline"]
    cells = [token.content for token in table if token.level == 4]
    found = MarkdownIt("commonmark").enable("table").parse(text)
    width = next(
        i for i, t in enumerate([t for t in found if t.type in {"th_open", "tr_close"}]) if t.type == "tr_close"
    )
    return [cells[index : index + width] for index in range(0, len(cells), width)]


def test_the_page_has_every_part() -> None:
    text = tree_of(TEXT, FILES)["README.md"].text
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Overview",
        "Prerequisites",
        "Quick start",
        "URLs and ports",
        "Variables",
        "Start order",
        "Integration points",
        "Troubleshooting",
        "Workflow",
        "Checklist",
    ]
    assert "```mermaid\nflowchart LR\n" in text


def test_urls_and_ports() -> None:
    page = readme(plan_of(TEXT, FILES))
    assert [(row.name, row.inside, row.outside, row.variable, row.networks) for row in page.units if row.inside] == [
        ("db", "db:5432", "", "", "default"),
        ("web", "web:8000, web:9000", "http://localhost:8000", "WEB_PORT", "default, shared"),
        ("api", "api:80", "", "", "default, shared"),
        ("gateway", "gateway:80", "http://localhost:8001", "GATEWAY_PORT", "default"),
    ]
    assert page.gateway_url == "http://shop.localhost:8001"
    assert page.routes == (("/", "web", "path kept"), ("/api/", "api", "prefix removed"))
    assert page.external_networks == ("of-all",)


def test_start_order_and_points() -> None:
    page = readme(plan_of(TEXT, FILES))
    assert [(row.number, row.name, row.after) for row in page.layers] == [
        (1, "db", ""),
        (1, "api", ""),
        (1, "gateway", ""),
        (2, "db-app", "db"),
        (3, "web", "db, db-app"),
    ]
    points = {(row.source, row.target): (row.purpose, row.waits) for row in page.points}
    assert points["web", "api"] == ("prices", "does not wait")
    assert points["web", "db"] == ("PostgreSQL: app", "until healthy")
    assert points["gateway", "api"] == ("routes /api/", "does not wait")
    assert page.least_start == "7s"


def test_variables() -> None:
    page = readme(plan_of(TEXT, FILES))
    meanings = {row.name: row.meaning for row in page.variables}
    assert meanings["LEVEL"] == "default info"
    assert meanings["NEEDED"] == "required: say"
    assert meanings["DB_PASSWORD"].startswith("generated secret: ")
    assert "8000" in meanings["WEB_PORT"]
    assert page.required == ("NEEDED",)
    without = readme(plan_of("services:\n  web:\n    image: x\n    environment:\n      A: ${NEEDED:?}\n"))
    assert [row.meaning for row in without.variables] == ["required"]


def test_what_a_person_wrote_is_no_markup() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(tree_of(TEXT, FILES)["README.md"].text)
    texts = {
        "".join(child.content for child in token.children or ())
        for token in tokens
        if token.type == "inline" and {child.type for child in token.children or ()} <= {"text", "text_special"}
    }
    assert 'Acquirer | "tests" <b>' in texts
    assert "Shop *window*" in texts


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("image: x", "none"),
        ("image: x\n    port: 80\n    healthcheck:\n      liveness: /a\n      probe: curl", "/a"),
        (
            "image: x\n    port: 80\n    healthcheck:\n      liveness: /a\n      readiness: /b\n      probe: curl",
            "/a and /b",
        ),
        ("image: x\n    port: 80\n    healthcheck:\n      readiness: /b\n      probe: curl", "/b"),
        ("image: x\n    healthcheck:\n      command: ask it", "its own client"),
        ("image: x\n    healthcheck:\n      command:\n        - /bin/ask\n        - it", "/bin/ask"),
        ("image: x\n    healthcheck:\n      probe: image", "the image's own"),
        ("image: x\n    port: 80\n    healthcheck:\n      liveness: /a\n      probe: none", "none"),
    ],
)
def test_health_in_words(entry: str, words: str) -> None:
    assert health_words(plan_of(f"services:\n  web:\n    {entry}\n").units["web"].health) == words


def test_images_in_words() -> None:
    units = plan_of(TEXT, FILES).units
    assert {name: image_words(units[name]) for name in ("web", "api", "db")} == {
        "web": "./web (prod)",
        "api": "api:1",
        "db": "postgres:17-alpine",
    }


def test_a_gateway_of_the_host_is_described_as_one() -> None:
    text = TEXT.replace("  host: shop.localhost\n", "  host: shop.example\n  mode: host\n").replace("internal:80", "80")
    page = tree_of(text, FILES)["README.md"].text
    assert "include `nginx/shop.conf`" in page
    assert "`http://shop.example`" in page


def test_the_tables_are_read_as_tables() -> None:
    table = rows("Start order")
    assert table[0] == ["Layer", "Unit", "Waits for"]
    assert ["3", "web", "db, db-app"] in table
