"""Long texts that once took the square of their time: each is read to its end, whatever a pattern looks for in it.

No time is asserted: each has so much that only what hangs, or grows with the square, lasts longer.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from compiler.text.secrets import is_made_up
from tests.commands.project import command_line, surroundings, write

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (50_000, 100_000)
"""In characters."""
PATIENCE = 20
"""Seconds, for what takes half of one on a machine at rest."""
HEAD = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"
ROLE, COMMAND, VALUE = "    role: ", "    command: ", "    environment:\n      A_TOKEN: "
COMMENT = "    imag: misspelt, so that a finding is told\n# "


class Shape(NamedTuple):
    """`again` is there as often as makes the size; quoted where `place` is a key."""

    place: str
    before: str
    again: str
    after: str = ""

    def manifest(self, size: int) -> str:
        """The manifest of about that size."""
        text = f"{self.before}{self.again * (size // len(self.again))}{self.after}"
        quote = "" if self.place == COMMENT else "'"
        return f"{HEAD}{self.place}{quote}{text}{quote}\n"


SHAPES = (
    *(Shape(place, "token ", "a", "@") for place in (ROLE, COMMAND, COMMENT)),
    *(Shape(ROLE, "@", again) for again in ("a.", "a+b@", "a://b:")),
    *(Shape(ROLE, "webhook https://", again) for again in ("a.", "a")),
    *(Shape(place, "", again, "@") for place in (ROLE, COMMENT) for again in ("sk-", "eyJ-aaaaaaaa-")),
    *(Shape(ROLE, "Basic ", "aaaa", "!"), Shape(ROLE, "Bearer ", "a"), Shape(ROLE, "", "-----BEGIN PRIVATE KEY-----")),
    *(Shape(COMMAND, "token --", "a-"), Shape(COMMAND, "token ", "--a "), Shape(COMMAND, "token --a", " ", "b")),
    *(Shape(COMMENT, "token-", "a-", "@"), Shape(COMMENT, "token: ", "a:"), Shape(COMMENT, "token: ", 'a="')),
    *(Shape(COMMENT, "A_TOKEN: ", "${"), Shape(COMMENT, "", "ACCESS_KEY_", "x=x")),
    *(
        Shape(VALUE, "", "${"),
        Shape(VALUE, "", "${a:-"),
        Shape(VALUE, "", "${A:-public}"),
        Shape(VALUE, "${A:-", "a", "!!}"),
    ),
)
BLOCKS = Shape(COMMENT, "token: |\n", "  password: |\n")


def numbered(line: str, size: int) -> str:
    """A manifest of an environment of many lines."""
    return f"{HEAD}    environment:\n" + "".join(f"      {line.format(at)}\n" for at in range(size // len(line)))


MANY = ("P{}_PASSWORD: xyzzy", "P{0}_PASSWORD: xyzzy{0}", "P{0}: ${{unknown{0}.url}}")


def read(folder: Path, text: str) -> None:
    """Lint a manifest as a process of its own. Raises TimeoutExpired where it does not come to an end."""
    write(folder, {"integration.yaml": text})
    done = subprocess.run(
        command_line("lint"),
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode in {0, 1, 2}, done.stderr
    assert "a bug of its own" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [*SHAPES, BLOCKS], ids=lambda shape: f"{shape.before[:20]}{shape.again}")
def test_a_long_text_is_read_to_its_end(shape: Shape, size: int, tmp_path: Path) -> None:
    read(tmp_path, shape.manifest(size))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("line", MANY)
def test_so_are_many_lines_with_mistakes(line: str, size: int, tmp_path: Path) -> None:
    read(tmp_path, numbered(line, size))


def test_what_is_made_of_one_long_word_and_a_sign_is_told_at_once() -> None:
    assert not is_made_up("a" * 100 + "!!")
    assert is_made_up("correct horse-battery_9!")
    assert not is_made_up("correct  horse")
