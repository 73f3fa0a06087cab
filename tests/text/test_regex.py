"""A pattern that waits does what a compiled one does."""

from __future__ import annotations

import re

import pytest

from compiler.text.regex import regex


def test_it_answers_as_a_compiled_one() -> None:
    waiting, compiled = (
        regex(r"(?P<key>[a-z]+)=(\d+)?", re.IGNORECASE),
        re.compile(r"(?P<key>[a-z]+)=(\d+)?", re.IGNORECASE),
    )
    for _ in range(2):
        for text in ("a=1", "A=", "1", "x a=2 b=3"):
            assert str(waiting.fullmatch(text)) == str(compiled.fullmatch(text))
            assert waiting.findall(text) == compiled.findall(text)
            assert waiting.sub(r"\g<key>", text) == compiled.sub(r"\g<key>", text)
            assert [match["key"] for match in waiting.finditer(text)] == [m["key"] for m in compiled.finditer(text)]
    assert (waiting.pattern, waiting.flags, waiting.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert regex(rb"\s+").split(b"a b") == [b"a", b"b"]


def test_a_pattern_that_makes_no_sense_is_told_when_it_is_asked() -> None:
    with pytest.raises(re.error):
        regex("(").match("")
