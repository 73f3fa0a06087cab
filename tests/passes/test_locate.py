"""Where routes and places stand."""

from __future__ import annotations

import pytest

from compiler.model.finding import Finding, Label, Mark, Severity
from compiler.model.source import Place, Route, SourceMap, Span
from compiler.passes.locate import Part, diagnose, locate
from compiler.passes.parse import parse

MAIN = """\
defaults:
  healthcheck: /health
services:
  web:
    port: 80:8000
    environment:
      - A
    role:
"""
FRAGMENT = """\
services:
  auth:
    port: 81
"""
SOURCES = SourceMap(
    "main.yaml",
    {
        "main.yaml": parse(MAIN.encode(), "main.yaml").document,
        "more/auth.yaml": parse(FRAGMENT.encode(), "more/auth.yaml").document,
        "Dockerfile": parse(b"FROM python:3\n  HEALTHCHECK CMD true  \n", "Dockerfile").document,
    },
    {
        ("services", "web", "ports", "default"): Place("main.yaml", ("services", "web", "port")),
        ("services", "web", "healthcheck"): Place("main.yaml", ("defaults", "healthcheck")),
        ("services", "web", "healthcheck", "port"): Place("main.yaml", ("services", "web", "port"), part="key"),
        ("services", "auth"): Place("more/auth.yaml", ("services", "auth")),
    },
)


def found(at: Route | Place, part: Part = "value") -> tuple[str, str | None]:
    """The path and the text at the span."""
    path, span = locate(SOURCES, at, part)
    if span is None:
        return path, None
    assert span.line == span.end_line
    line = SOURCES.documents[path].text.split("\n")[span.line - 1]
    return path, line[span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("at", "part", "expected"),
    [
        (("services", "web", "port"), "value", ("main.yaml", "80:8000")),
        (("services", "web", "port"), "key", ("main.yaml", "port")),
        (("services", "web"), "value", ("main.yaml", "web")),
        (("services", "web", "environment"), "value", ("main.yaml", "environment")),
        (("services", "web", "environment", 0), "value", ("main.yaml", "A")),
        (("services", "web", "environment", 0), "key", ("main.yaml", "A")),
        (("services", "web", "port", 3), "value", ("main.yaml", "80:8000")),
        (("services", "web", "role"), "value", ("main.yaml", "")),
        (("services", "web", "absent", "deeper"), "value", ("main.yaml", "web")),
        (("services", "web", "port", "absent"), "value", ("main.yaml", "port")),
        (("absent",), "value", ("main.yaml", "defaults")),
        ((), "value", ("main.yaml", "defaults")),
        (("services", "web", "ports", "default"), "value", ("main.yaml", "80:8000")),
        (("services", "web", "ports", "default"), "key", ("main.yaml", "port")),
        (("services", "web", "ports", "default", "host"), "value", ("main.yaml", "port")),
        (("services", "web", "healthcheck", "liveness"), "value", ("main.yaml", "healthcheck")),
        (("services", "web", "healthcheck", "port"), "value", ("main.yaml", "port")),
        (("services", "auth", "port"), "value", ("more/auth.yaml", "81")),
        (("services", "auth"), "key", ("more/auth.yaml", "auth")),
        (Place("more/auth.yaml", ("services", "auth", "port"), part="key"), "value", ("more/auth.yaml", "port")),
        (Place("Dockerfile", line=2), "value", ("Dockerfile", "HEALTHCHECK CMD true")),
        (Place("Dockerfile", line=1, column=6), "value", ("Dockerfile", "python")),
        (Place("Dockerfile", line=3), "value", ("Dockerfile", "")),
        (Place("Dockerfile", line=9), "value", ("Dockerfile", None)),
        (Place("absent.yaml", ("a",)), "value", ("absent.yaml", None)),
    ],
)
def test_what_stands_there(at: Route | Place, part: Part, expected: tuple[str, str | None]) -> None:
    assert found(at, part) == expected


def test_a_document_that_could_not_be_read_has_no_span() -> None:
    document = parse(b"", "m.yaml").document
    assert locate(SourceMap("m.yaml", {"m.yaml": document}, {}), ("services",)) == ("m.yaml", None)


def test_diagnose_brings_every_label_to_its_place() -> None:
    labels = (Label(("services", "web", "port"), "taken here"), Label(("services", "auth", "port"), "taken already"))
    finding = Finding("web/port", "both publish 80", labels, "take 82")
    diagnostic = diagnose("PORT001", "host-port-conflict", Severity.ERROR, finding, SOURCES)
    assert diagnostic.marks == (
        Mark("main.yaml", Span(5, 11, 5, 18), "taken here"),
        Mark("more/auth.yaml", Span(3, 11, 3, 13), "taken already"),
    )
    assert (diagnostic.code, diagnostic.name, diagnostic.severity) == ("PORT001", "host-port-conflict", Severity.ERROR)
    assert (diagnostic.subject, diagnostic.message, diagnostic.help) == ("web/port", "both publish 80", "take 82")


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("see ${a.url} and ${b.url}", 1, 21),
        ('"see ${b.url}"', 1, 9),
        ("|\n  first\n  then ${b.url}", 3, 8),
        ('"see $\\x7bb.url}"', 1, 4),
    ],
)
def test_what_is_meant_within_a_text_is_pointed_at(written: str, line: int, column: int) -> None:
    document = parse(f"a: {written}\n".encode(), "m").document
    finding = Finding("a", "wrong", (Label(("a",), within="${b.url}"),))
    (mark,) = diagnose("REF001", "unknown-name", Severity.ERROR, finding, SourceMap("m", {"m": document}, {})).marks
    assert mark.span is not None
    assert (mark.span.line, mark.span.column) == (line, column)


LIST = """\
command:
  - serve
  - |
    first
    ${b.url} second
  - "see ${a.url}"
more: plain
"""


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (Label(("command",), within="${a.url}"), Span(6, 10, 6, 18)),
        (Label(("command",), within="${b.url}"), Span(5, 5, 5, 13)),
        (Label(("command",), within="${c.url}"), Span(1, 1, 1, 8)),
        (Label(("command", 0)), Span(2, 5, 2, 10)),
        (Label(("command",), secret=True), Span(2, 5, 6, 19)),
        (Label(("command", 7), secret=True), Span(2, 5, 6, 19)),
        (Label(("more", 1), secret=True), Span(7, 7, 7, 12)),
    ],
)
def test_what_is_meant_within_a_list_is_pointed_at_and_a_secret_is_never_its_key(label: Label, expected: Span) -> None:
    sources = SourceMap("m", {"m": parse(LIST.encode(), "m").document}, {})
    (mark,) = diagnose("REF001", "unknown-name", Severity.ERROR, Finding("a", "wrong", (label, label)), sources).marks
    assert mark.span == expected
