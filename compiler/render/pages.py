"""The manual pages of the rules: one for a terminal, all of them as Markdown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from compiler.model.finding import Severity
from compiler.render.colour import COLOURED, PLAIN
from compiler.rules.page import MANIFEST, page

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
structure before mistakes in the meaning.

| code | | finding |
| --- | --- | --- |
"""
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
    """One page for a terminal."""
    palette = COLOURED if colour else PLAIN
    tint = {Severity.ERROR: palette.error, Severity.WARNING: palette.warning, Severity.NOTE: palette.note}[
        rule.severity
    ]
    lines = [
        f"{tint}{rule.severity.value}[{rule.code}]{palette.end}{palette.strong}: {page.title}{palette.end}",
        "",
        page.text,
        *_example("Bad", page.bad, palette),
        *_example("Good", page.good, palette),
    ]
    return "\n".join(lines) + "\n"


def rules_markdown(rules: Iterable[Rule]) -> str:
    """All pages as one Markdown document, by area and number."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    parts = [_HEAD + "".join(_row(rule) for rule in ordered)]
    for area, members in groupby(ordered, key=area_of):
        parts.append(f"## {_AREAS[area]}\n")
        parts.extend(_section(rule, page(rule)) for rule in members)
    return "\n".join(parts)


def area_of(rule: Rule) -> str:
    """The letters of a code: `PORT` of `PORT001`."""
    return rule.code.rstrip("0123456789")


def _example(title: str, files: Mapping[str, str], palette: Palette) -> Iterator[str]:
    for path, text in files.items():
        yield f"\n{palette.help}{title}{palette.end}{'' if path == MANIFEST else f', {path}'}:\n"
        yield "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def _row(rule: Rule) -> str:
    anchor = f"{rule.code}-{rule.name}".lower()
    return f"| [{rule.code}](#{anchor}) | {rule.severity.value} | {page(rule).title} |\n"


def _section(rule: Rule, page: Page) -> str:
    head = f"### {rule.code}: {rule.name}\n\n**{page.title}.** {rule.severity.value.capitalize()}.\n"
    return "\n".join([head, f"{page.text}\n", *_blocks("Bad", page.bad), *_blocks("Good", page.good)])


def _blocks(title: str, files: Mapping[str, str]) -> Iterator[str]:
    for path, text in files.items():
        where = "" if path == MANIFEST else f", `{path}`"
        language = _LANGUAGES.get(path.rpartition("/")[2].rpartition(".")[2], "text")
        yield f"{title}{where}:\n\n```{language}\n{text}```\n"
