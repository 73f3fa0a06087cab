"""A private key of which the end is not told takes no more with it than its own scalar."""

from __future__ import annotations

import pytest

from compiler.text.secrets import veiled

HEAD = "-----BEGIN RSA " + "PRIVATE KEY-----"
STARS = "*" * 10 + " *** " + "*" * 7 + " " + "*" * 8
CODED = "MIIE" * 8


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f'A: "{HEAD}"\nB: c\n', f'A: "{STARS}"\nB: c\n'),
        (f"  - A={HEAD}\n  - B\n", f"  - A={STARS}\n  - B\n"),
        (f"A: {HEAD} x\n  y\nB: c\n", f"A: {STARS} *\n  *\nB: c\n"),
        (f"A: |\n  {HEAD}\n  x: y\n\n  z\nB: c\n", f"A: |\n  {STARS}\n  ** *\n\n  *\nB: c\n"),
        (f"A: |\n{HEAD}\n{CODED}\nB: c\n", f"A: |\n{STARS}\n{'*' * 32}\nB: c\n"),
        (f"A: {HEAD}\nB: c\nC: {HEAD}", f"A: {STARS}\nB: c\nC: {STARS}"),
        (f"+  {HEAD}\n+  x\n+B: c", f"+  {STARS}\n*  *\n+B: c"),
    ],
)
def test_what_follows_is_shown(text: str, shown: str) -> None:
    assert veiled(text) == shown


def test_a_key_with_its_end_is_hidden_wherever_its_lines_stand() -> None:
    assert "x" not in veiled(f"A: |\n  {HEAD}\nx\n  x\n-----END RSA PRIVATE KEY-----\nB: c\n")
