"""The manual pages of the rules: one for a terminal, all of them as Markdown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from compiler.model.finding import Severity
from compiler.render.colour import COLOURED, PLAIN
from compiler.rules.page import MANIFEST, page
from compiler.text.display import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.render.colour import Palette
    from compiler.rules.page import Page
    from compiler.rules.rule import Rule

_HEAD = """\
# Findings

<!-- generated from compiler/rules: edit the rule -->

Every mistake has a code, its area and a number, that never changes and is never given to another.
`periplus explain CODE` shows one of these pages. An error stops the compilation and nothing is written; a warning fails
`lint --strict`. All findings are shown at once, except that syntax errors come first and alone, and mistakes in the
structure before mistakes in the meaning; of one code at most the first 1,000 are told. Under `lint` the manifest can
suppress a warning, a note or an error that is a judgement, or say how much it weighs, each with a reason; not so what
is said of `lint`, of the lock and of generated files, which is mended there.

| code | | finding |
| --- | --- | --- |
"""
_WIDTH = 80
_AREAS = {
    "BUILD": "Builds",
    "DATA": "Infrastructure and data",
    "DEP": "Dependencies",
    "DEVELOP": "Development",
    "ENV": "Environments",
    "GIT": "The repository",
    "HEALTH": "Health checks",
    "IMAGE": "Images",
    "INCLUDE": "Fragments",
    "KIND": "Kinds of infrastructure",
    "LINT": "Severities and suppressions",
    "LOCK": "The lock",
    "NAME": "Names",
    "NETWORK": "Networks",
    "OWN": "Generated files",
    "PATH": "Paths",
    "PORT": "Host ports",
    "REF": "References and texts",
    "ROUTE": "The gateway",
    "SCHEMA": "Structure",
    "SECRET": "Secrets",
    "SERVICE": "Services",
    "TEST": "Tests",
    "VARIABLE": "Environment variables",
    "YAML": "YAML",
}
_LANGUAGES = {"yaml": "yaml", "yml": "yaml", "json": "json", "sql": "sql", "Dockerfile": "dockerfile"}


def rule_page_text(rule: Rule, page: Page, *, colour: bool) -> str:
    """One page for a terminal: its prose in lines of at most 80 columns, its examples as they are."""
    palette = COLOURED if colour else PLAIN
    tint = {Severity.ERROR: palette.error, Severity.WARNING: palette.warning, Severity.NOTE: palette.note}[
        rule.severity
    ]
    head = f"{rule.severity.value}[{rule.code}]"
    first, *rest = folded(f"{head}: {page.title}", _WIDTH, "  ")
    lines = [
        f"{tint}{head}{palette.end}{palette.strong}{first.removeprefix(head)}{palette.end}",
        *(f"{palette.strong}{line}{palette.end}" for line in rest),
        "",
        "\n\n".join(map(_paragraph, page.text.split("\n\n"))),
        *(["", "This is a judgement: it may be suppressed under `lint`."] if rule.is_judgement else []),
        *_example("Bad", page.bad, palette),
        *_example("Good", page.good, palette),
    ]
    return "\n".join(lines) + "\n"


def rule_page_markdown(rule: Rule, page: Page) -> str:
    """One page as a section of Markdown."""
    head = f"### {rule.code}: {rule.name}\n\n**{page.title}.** {_weight(rule)}.\n"
    return "\n".join([head, f"{page.text}\n", *_blocks("Bad", page.bad), *_blocks("Good", page.good)])


def rules_markdown(rules: Iterable[Rule]) -> str:
    """All pages as one Markdown document, by area and number."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    parts = [_HEAD + "".join(_row(rule) for rule in ordered)]
    for area, members in groupby(ordered, key=area_of):
        parts.append(f"## {_AREAS[area]}\n")
        parts.extend(rule_page_markdown(rule, page(rule)) for rule in members)
    return "\n".join(parts)


def area_of(rule: Rule) -> str:
    """The letters of a code: `PORT` of `PORT001`."""
    return rule.code.rstrip("0123456789")


def _paragraph(text: str) -> str:
    return "\n".join(folded(" ".join(text.split("\n")), _WIDTH))


def _example(title: str, files: Mapping[str, str], palette: Palette) -> Iterator[str]:
    for path, text in files.items():
        yield f"\n{palette.help}{title}{palette.end}{'' if path == MANIFEST else f', {path}'}:\n"
        yield "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def _row(rule: Rule) -> str:
    anchor = f"{rule.code}-{rule.name}".lower()
    return f"| [{rule.code}](#{anchor}) | {rule.severity.value} | {page(rule).title} |\n"


def _weight(rule: Rule) -> str:
    return f"{rule.severity.value.capitalize()}{', a judgement' if rule.is_judgement else ''}"


def _blocks(title: str, files: Mapping[str, str]) -> Iterator[str]:
    for path, text in files.items():
        where = "" if path == MANIFEST else f", `{path}`"
        language = _LANGUAGES.get(path.rpartition("/")[2].rpartition(".")[2], "text")
        yield f"{title}{where}:\n\n```{language}\n{text}```\n"
