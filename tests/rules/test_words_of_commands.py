"""Where a mistake in one word of a command is shown, in a list and in a text."""

from __future__ import annotations

import pytest

from tests.support import compile_text

HEAD = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"


def places(lines: str, code: str) -> list[tuple[int, int]]:
    """Line, counted from that of the command, and column of each place of one finding; its text hides the key."""
    found = [each for each in compile_text(HEAD + lines).diagnostics if each.code == code]
    assert len(found) == 1
    return [(mark.span.line - 5, mark.span.column) for mark in found[0].marks if mark.span is not None]


@pytest.mark.parametrize(
    ("lines", "code", "expected"),
    [
        ("    command:\n      - a\n      - --password\n      - hunter2long\n", "SECRET001", [(4, 9)]),
        ("    command:\n      - --token=hunter2long\n      - b\n", "SECRET001", [(2, 9)]),
        (
            "    command:\n      - --token=hunter2long\n      - --password\n      - hunter3long\n",
            "SECRET001",
            [(2, 9), (4, 9)],
        ),
        ("    command: a --token=hunter2long --password hunter3long\n", "SECRET001", [(1, 14)]),
        ("    migrate:\n      - run\n      - --token=hunter2long\n", "SECRET001", [(3, 9)]),
        ("    command:\n      - a\n      - --password=${DB_PASSWORD:-postgres}\n", "SECRET010", [(3, 9)]),
        ("    command:\n      - a\n      - ${cahce.url}\n", "REF001", [(3, 9)]),
        ("    migrate:\n      command:\n        - a\n        - ${cahce.url}\n", "REF001", [(4, 11)]),
        ("    migrate: a ${cahce.url}\n", "REF001", [(1, 16)]),
        ("    healthcheck:\n      command:\n        - CMD\n        - a\n", "HEALTH014", [(3, 11)]),
        ("    healthcheck:\n      command: CMD a\n", "HEALTH014", [(2, 16)]),
    ],
)
def test_it_is_shown_at_the_word_itself(lines: str, code: str, expected: list[tuple[int, int]]) -> None:
    assert places(lines, code) == expected
