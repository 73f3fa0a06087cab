"""What a person reads: the whole of it as a snapshot, and its style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from compiler.render.findings import findings_text
from compiler.rules import all_rules
from tests.rules.examples import bad

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from compiler.rules.rule import Rule

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
PROPER = ("YAML", "Docker", "Compose", "JSON")


@RULES
def test_what_is_said_of_the_bad_example(rule: Rule, snapshot: SnapshotAssertion) -> None:
    compiled = bad(rule)
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    assert findings_text(compiled.diagnostics, documents, colour=False) == snapshot


@RULES
def test_the_style_of_messages(rule: Rule) -> None:
    for diagnostic in bad(rule).diagnostics:
        texts = [diagnostic.message, *(mark.text for mark in diagnostic.marks), diagnostic.help]
        for text in filter(None, texts):
            assert text[0].islower() or not text[0].isalpha() or text.startswith(PROPER), text
            assert not text.endswith("."), text
            assert text.count("`") % 2 == 0, text
            assert "None" not in text
        assert diagnostic.marks[0].path
        assert re.fullmatch(r"\S+", diagnostic.subject), diagnostic.subject
