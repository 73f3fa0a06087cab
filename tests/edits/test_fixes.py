"""Safe answers as splices: a few characters for others, an entry taken out with what only held it."""

from __future__ import annotations

import pytest

from compiler.edits.fixes import splices_of, without_rivals
from compiler.model.finding import Fix
from compiler.model.source import Place, Route
from compiler.passes.parse import parse
from compiler.text.splice import spliced

TEXT = """\
services:
  web:
    # the tag
    image: "a:1" # a:1
    command:
      - run ${x.url} # ${x.url}
      - ${x.url}${x.url}
  api: &
lint:
  # first
  suppressions:
    # why
    - code: A
      reason: x
    - code: B
      reason: y
""".replace(" &", "")


def key(route: Route, old: str, new: str) -> Fix:
    return Fix(Place("m.yaml", route, "key"), old, new)


def value(route: Route, old: str, new: str | None) -> Fix:
    return Fix(Place("m.yaml", route), old, new)


def fixed(*fixes: Fix) -> str:
    parsed = parse(TEXT.encode(), "m.yaml")
    return spliced(TEXT, splices_of(parsed.document, parsed.value or {}, fixes))  # type: ignore[arg-type]


WEB: Route = ("services", "web")
FIRST: Route = ("lint", "suppressions", 0)
SECOND: Route = ("lint", "suppressions", 1)


@pytest.mark.parametrize(
    ("fixes", "old", "new"),
    [
        ([key(WEB, "web", "shop")], "  web:", "  shop:"),
        ([key(WEB, "web", "shop")] * 2, "  web:", "  shop:"),
        ([key(WEB, "wbe", "shop")], "", ""),
        ([key(WEB, "web", "api")], "", ""),
        ([key(("nobody",), "web", "shop")], "", ""),
        ([value((*WEB, "image"), "a:1", "b:2")], '"a:1"', '"b:2"'),
        ([value((*WEB, "image"), "a", "b")], "", ""),
        ([value((*WEB, "image", "name"), "a:1", "b:2")], '"a:1"', '"b:2"'),
        ([value((*WEB, "image", "name", "more"), "a:1", "b:2")], "", ""),
        (
            [value((*WEB, "command"), "${x.url}", "${y.url}")],
            "run ${x.url} # ${x.url}\n      - ${x.url}${x.url}",
            "run ${y.url} # ${x.url}\n      - ${y.url}${y.url}",
        ),
        ([value(SECOND, "", None)], "    - code: B\n      reason: y\n", ""),
        ([value(FIRST, "", None)], "    - code: A\n      reason: x\n", ""),
        ([value(FIRST, "", None), value(SECOND, "", None)], TEXT[TEXT.index("lint:") :], "  # first\n    # why\n"),
        (
            [value(SECOND, "", None), value((*SECOND, "code"), "B", "C")],
            "    - code: B\n      reason: y\n",
            "",
        ),
    ],
)
def test_only_what_is_meant_changes(fixes: list[Fix], old: str, new: str) -> None:
    assert fixed(*fixes) == TEXT.replace(old, new, 1)


def test_keys_that_would_all_become_one_are_left_alone() -> None:
    one, other = key(("a", "b"), "b", "x"), key(("a", "c"), "c", "x")
    elsewhere, word = key(("d", "b"), "b", "x"), value(("a", "d"), "d", "x")
    assert without_rivals([one, other, elsewhere, word, word]) == {elsewhere, word}
