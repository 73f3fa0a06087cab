"""What is taken out leaves the comments on lines of their own, and they stay comments."""

from __future__ import annotations

import pytest

from compiler.edits.edit_error import EditError
from compiler.edits.fixes import splices_of
from compiler.model.finding import Fix
from compiler.model.source import Place, Route
from compiler.passes.parse import parse
from compiler.text.splice import spliced

TEXT = """\
web:
  image: a

# later:
#   mail:
#     image: b
lint: # goes
  - a: x # goes
    b: y
    # behind

  # group
  - a: z
"""


def without(text: str, *routes: Route) -> str:
    parsed = parse(text.encode(), "m.yaml")
    fixes = [Fix(Place("m.yaml", route), "", None) for route in routes]
    return spliced(text, splices_of(parsed.document, parsed.value or {}, fixes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("routes", "gone"),
    [
        ([("lint", 0)], ["  - a: x # goes\n    b: y\n"]),
        ([("lint", 1)], ["  - a: z\n"]),
        ([("lint", 0), ("lint", 1)], ["lint: # goes\n", "  - a: x # goes\n    b: y\n", "  - a: z\n"]),
        ([("web",)], ["web:\n  image: a\n"]),
    ],
)
def test_only_the_lines_of_the_value_go(routes: list[Route], gone: list[str]) -> None:
    left = TEXT
    for lines in gone:
        left = left.replace(lines, "")
    found = without(TEXT, *routes)
    assert [line for line in found.split("\n") if line] == [line for line in left.split("\n") if line]


def test_a_service_that_is_commented_out_keeps_the_blank_line_above_it() -> None:
    assert without(TEXT, ("lint",)).startswith(TEXT[: TEXT.index("lint:")])


def test_a_comment_that_would_become_text_stops_the_removal() -> None:
    text = "a: |\n  text\nb:\n  c: x\n  # stays\n"
    with pytest.raises(EditError, match="a comment would become a part of the text above it"):
        without(text, ("b",))


def test_a_text_that_is_followed_by_no_comment_stops_nothing() -> None:
    assert without("a: |\n  text\nb: x\n", ("b",)) == "a: |\n  text\n"
