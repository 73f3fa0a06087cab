from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.spell.markdown import markdown_code, markdown_text, mermaid_label, mermaid_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, really.", "plain text, really."),
        ("a|b", "a\\|b"),
        ("<b>*x*_y_`z`", "\\<b\\>\\*x\\*\\_y\\_\\`z\\`"),
        ("[a](b) ![c]", "\\[a\\](b) \\!\\[c\\]"),
        ("a\n\n# b", "a \\# b"),
        ("&amp; \\", "\\&amp; \\\\"),
    ],
)
def test_prose_holds_no_markup(text: str, expected: str) -> None:
    assert markdown_text(text) == expected


@given(st.text())
def test_a_cell_is_never_left(text: str) -> None:
    for written in (markdown_text(text), markdown_code(text)):
        assert len(written.splitlines()) <= 1
        assert not re.search(r"(?<!\\)(\\\\)*\|", written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b", "`a\\|b`"), ("", "`  `"), ("a``b`", "``` a``b` ```")],
)
def test_code_has_a_fence_that_it_cannot_close(text: str, expected: str) -> None:
    assert markdown_code(text) == expected


@given(st.text())
def test_a_label_stays_in_its_quotes(text: str) -> None:
    label = mermaid_label(text)
    assert label.count('"') == 2
    assert label[0] == label[-1] == '"'
    assert not set("<>`") & set(label)
    assert len(label.splitlines()) == 1


def test_entities_of_a_label() -> None:
    assert mermaid_label('a "b" #1; <c>&') == '"a #quot;b#quot; #35;1; #lt;c#gt;#amp;"'


def test_node_names_are_never_words_of_mermaid() -> None:
    assert mermaid_name("end") == "n_end"
    assert mermaid_name("a-b.c") == "n_a_b_c"
