"""Manual pages of the rules, for a terminal and as a document."""

from __future__ import annotations

import re

import pytest

from compiler.model.finding import Finding, Severity
from compiler.render.pages import area_of, rule_page_text, rules_markdown
from compiler.rules import all_rules
from compiler.rules.page import Page, page
from compiler.rules.rule import Context, Rule
from tests.support import ROOT

PAGE = Page("Two of a kind", "Why, and `what` to do.", {"integration.yaml": "a: b\n"}, {"other.json": "{}\n"})


def _no_page(_context: Context) -> list[Finding]:
    """The rule of a module whose docstring is no page."""
    return []


RULE = Rule("X001", "two", Severity.WARNING, _no_page)


def test_the_committed_document_is_this_one() -> None:
    """`docs/rules.md` is generated: write `rules_markdown(all_rules())` to it."""
    assert (ROOT / "docs" / "rules.md").read_text() == rules_markdown(all_rules())


def test_every_rule_has_a_section_and_a_row_that_leads_to_it() -> None:
    text = rules_markdown(all_rules())
    sections = re.findall(r"^### (\w+): ([a-z-]+)$", text, re.MULTILINE)
    assert sections == [(rule.code, rule.name) for rule in sorted(all_rules(), key=lambda rule: rule.code)]
    assert re.findall(r"\(#(\S+)\)", text) == [f"{code}-{name}".lower() for code, name in sections]


def test_the_order_does_not_depend_on_the_callers() -> None:
    assert rules_markdown(tuple(reversed(all_rules()))) == rules_markdown(all_rules())


def test_a_page_in_a_terminal() -> None:
    assert rule_page_text(RULE, PAGE, colour=False) == (
        "warning[X001]: Two of a kind\n\nWhy, and `what` to do.\n\nBad:\n\n    a: b\n\nGood, other.json:\n\n    {}\n"
    )


def test_prose_is_folded_for_a_terminal_of_80_columns_and_no_word_is_lost() -> None:
    for rule in all_rules():
        read, head = page(rule), f"{rule.severity.value}[{rule.code}]"
        prose, examples = rule_page_text(rule, read, colour=False).split("\n\nBad", 1)
        assert max(map(len, prose.split("\n"))) <= 80
        assert " ".join(prose.split()).startswith(" ".join(f"{head}: {read.title} {read.text}".split()))
        assert all(f"    {line}".rstrip() in examples for text in read.bad.values() for line in text.splitlines())


def test_colour_adds_nothing_but_colour() -> None:
    for rule in all_rules():
        coloured = rule_page_text(rule, page(rule), colour=True)
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == rule_page_text(rule, page(rule), colour=False)
        assert "\x1b" in coloured


def test_a_module_without_a_page_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="X001"):
        page(RULE)


def test_the_area_of_a_code() -> None:
    assert area_of(RULE) == "X"
