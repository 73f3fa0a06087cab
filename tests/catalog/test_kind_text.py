"""The text of a kind."""

from __future__ import annotations

import pytest

from compiler.catalog.kind_error import KindError
from compiler.catalog.kind_text import parse_kind


def test_every_scalar_is_its_text() -> None:
    assert parse_kind(b"a: 3.10\nb:\n  - no\n  - '{x}'\nc:\n", "k") == {"a": "3.10", "b": ["no", "{x}"], "c": ""}


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"a: 1\nb: {c: d}\n", 2, "flow mapping"),
        (b"a: 1\na: 2\n", 2, "Duplicate key"),
        (b"a: 1\nb: &x y\n", 2, "anchor"),
        (b"- a\n", 0, "a kind is a mapping"),
        (b"", 0, "a kind is a mapping"),
        (b"a: 1\nb: \x00\n", 2, "U+0000"),
        (b"\xff", 0, "not UTF-8"),
        (b"a: " + b"x" * 300_000, 0, "larger than 256 KiB"),
        (b"a:\n" + b"".join(b" " * depth + b"a:\n" for depth in range(1, 600)), 0, "StrictYAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(raw: bytes, line: int, message: str) -> None:
    with pytest.raises(KindError) as caught:
        parse_kind(raw, "kinds/x/kind.yaml")
    assert message in caught.value.message
    assert caught.value.line == line
    assert caught.value.path == "kinds/x/kind.yaml"
