"""How findings look where lines are narrow, wide, long or odd: each test is a picture of it."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.model.finding import Mark, Severity
from compiler.model.source import Span
from compiler.render.findings import findings_text
from compiler.text.display import columns_of
from tests.render.diagnostics import diagnostic

LONG = "`billing` waits for `ledger`, which waits for `billing`: neither of the two can ever start before the other one"
HELP = "give one of the edges `condition: none`, such as the one from `ledger`:\n    depends_on: # as it stands, it is copied\nand it waits for nothing, but is called all the same by who needs it"
LABEL = "this edge is the one that costs the least to demote, because nothing else waits for it"


def picture(text: str) -> str:
    return textwrap.dedent(text).removeprefix("\n")


def shown(line: str, span: Span, text: str = "this", width: int = 80) -> str:
    """What stands below the place."""
    found = findings_text([diagnostic(Mark("m", span, text))], {"m": line}, colour=False, width=width)
    return found.partition("\n")[2].partition("\n")[2]


class TestSentences:
    FOUND = diagnostic(Mark("m", Span(1, 13, 1, 19), LABEL), message=LONG, help=HELP, code="DEP002")
    DOCUMENTS = {"m": "depends_on: ledger\n"}  # noqa: RUF012 - nobody changes it

    def test_on_a_terminal_they_are_folded(self) -> None:
        assert findings_text([self.FOUND], self.DOCUMENTS, colour=False, width=80) == picture("""
            error[DEP002]: `billing` waits for `ledger`, which waits for `billing`: neither
              of the two can ever start before the other one
              --> m:1:13
               1 | depends_on: ledger
                 |             ^^^^^^
                 |             this edge is the one that costs the least to demote, because
                 |             nothing else waits for it
              help: give one of the edges `condition: none`, such as the one from `ledger`:
                        depends_on: # as it stands, it is copied
                    and it waits for nothing, but is called all the same by who needs it
            """)

    def test_elsewhere_each_is_a_line_that_can_be_searched_for(self) -> None:
        lines = findings_text([self.FOUND], self.DOCUMENTS, colour=False).split("\n")
        assert lines[0] == f"error[DEP002]: {LONG}"
        assert lines[3] == f"     |             ^^^^^^ {LABEL}"
        assert lines[4] == "  help: give one of the edges `condition: none`, such as the one from `ledger`:"
        assert lines[6] == "        and it waits for nothing, but is called all the same by who needs it"

    def test_colour_and_its_absence_are_folded_alike(self) -> None:
        coloured = findings_text([self.FOUND], self.DOCUMENTS, colour=True, width=80)
        for escape in ("\x1b[1;31m", "\x1b[1;32m", "\x1b[1m", "\x1b[34m", "\x1b[0m"):
            coloured = coloured.replace(escape, "")
        assert coloured == findings_text([self.FOUND], self.DOCUMENTS, colour=False, width=80)

    def test_only_the_sixteen_colours_of_every_terminal_are_used_and_each_line_ends_them(self) -> None:
        weights = [diagnostic(Mark("m", Span(1, 1, 1, 2), "t"), severity=each, help="h") for each in Severity]
        for line in findings_text(weights, {"m": "a\n"}, colour=True).splitlines():
            escapes = ["\x1b[" + part.partition("m")[0] for part in line.split("\x1b[")[1:]]
            assert set(escapes) <= {"\x1b[1;31", "\x1b[1;33", "\x1b[1;36", "\x1b[1;32", "\x1b[1", "\x1b[34", "\x1b[0"}
            assert not escapes or escapes[-1] == "\x1b[0"

    def test_a_terminal_that_is_too_narrow_is_written_for_as_one_of_forty(self) -> None:
        found = findings_text([self.FOUND], self.DOCUMENTS, colour=False, width=5)
        assert "error[DEP002]: `billing` waits for\n  `ledger`, which waits for `billing`:\n" in found

    def test_wide_characters_are_counted_as_what_they_take(self) -> None:
        found = findings_text([diagnostic(message="日本語 " * 20)], {}, colour=False, width=40)
        assert found.startswith(f"error[X001]: {'日本語 ' * 3}日本語\n  {'日本語 ' * 4}日本語\n")

    def test_an_enormous_word_is_shown_by_its_ends_and_an_endless_text_is_cut(self) -> None:
        found = findings_text([diagnostic(message=f"`{'a' * 5000}z` is no name")], {}, colour=False)
        assert found == f"error[X001]: `{'a' * 59}…{'a' * 38}z` is no name\n"
        assert len(findings_text([diagnostic(message="a b " * 5000)], {}, colour=False)) < 1100

    @given(st.text("ab é日\u200d ", max_size=300), st.text("ab 日 ", max_size=200), st.integers(40, 120))
    def test_no_line_of_words_is_wider_than_the_terminal(self, message: str, label: str, width: int) -> None:
        found = diagnostic(Mark("m", Span(1, 30, 1, 33), label), message=message, help=message)
        for line in findings_text([found], {"m": "x" * 60}, colour=False, width=width).splitlines():
            words = line.split(" ")
            assert columns_of(line) <= width or max(map(columns_of, words)) > width - 40


@pytest.mark.parametrize(
    ("line", "span", "expected"),
    [
        ("role: 日本の ${x.url}", Span(1, 11, 1, 19), "1 | role: 日本の ${x.url}\n     |              ^^^^^^^^ this\n"),
        ("a: e\u0301e\u0301 ${x}", Span(1, 9, 1, 13), "1 | a: e\u0301e\u0301 ${x}\n     |       ^^^^ this\n"),
        ("a: \u1112\u1161\u11ab x", Span(1, 8, 1, 9), "1 | a: \u1112\u1161\u11ab x\n     |       ^ this\n"),
        ("a: 👩\u200d👩 x", Span(1, 8, 1, 9), "1 | a: 👩\\u200d👩 x\n     |               ^ this\n"),
        ("a: ❤\ufe0f x", Span(1, 7, 1, 8), "1 | a: ❤\\ufe0f x\n     |            ^ this\n"),
        ("a:\tb\tc", Span(1, 6, 1, 7), "1 | a:    b    c\n     |            ^ this\n"),
        (
            "a: b\U000e0041\U000e007fc",
            Span(1, 4, 1, 8),
            "1 | a: b\\U000e0041\\U000e007fc\n     |    ^^^^^^^^^^^^^^^^^^^^^^ this\n",
        ),
        ("a: \x9b31m b", Span(1, 9, 1, 10), "1 | a: \\x9b31m b\n     |            ^ this\n"),
        ("a: \u202eb\u2069 c", Span(1, 8, 1, 9), "1 | a: \\u202eb\\u2069 c\n     |                  ^ this\n"),
        ("a:\xa0b", Span(1, 3, 1, 4), "1 | a:\\xa0b\n     |   ^^^^ this\n"),
        ("a: b\x1f", Span(1, 5, 1, 6), "1 | a: b\\x1f\n     |     ^^^^ this\n"),
        ("a: 本", Span(1, 5, 1, 5), "1 | a: 本\n     |      ^ this\n"),
    ],
    ids=["wide", "combining", "jamo", "joiner", "variation", "tabs", "tags", "C1", "bidi", "blank", "trailing", "end"],
)
def test_carets_stand_where_they_should(line: str, span: Span, expected: str) -> None:
    assert shown(line, span) == f"   {expected}"


def test_of_a_line_of_ten_thousand_columns_the_part_around_the_span_is_shown() -> None:
    line = "key: " + "x" * 5000 + " needle " + "y" * 5000
    assert shown(line, Span(1, 5007, 1, 5013)) == (
        f"   1 | …{'x' * 23} needle {'y' * 40}…\n     |  {' ' * 24}^^^^^^ this\n"
    )
    assert shown(line, Span(1, 1, 1, 4)) == f"   1 | key: {'x' * 66}…\n     | ^^^ this\n"
    quoted, carets, label = shown(line, Span(1, 10013, 1, 10014)).splitlines()
    assert quoted == f"   1 | …{'y' * 71}"
    assert carets.index("^") == len(quoted) - 1
    assert label == f"     | {' ' * 69}this"


def test_a_line_of_two_mebibytes_costs_no_time() -> None:
    line = "a: " + "x" * 2_000_000
    found = [diagnostic(Mark("m", Span(1, 4 + number, 1, 2_000_004), "")) for number in range(50)]
    before = time.process_time()
    findings_text(found, {"m": line}, colour=False)
    assert time.process_time() - before < 5


@pytest.mark.parametrize("odd", ["\x1b[2J", "\x9b", "\u202e", "\u2066", "\r", "\x00", "\U000e0041", "\u200b", "\ud800"])
def test_nothing_odd_reaches_the_terminal_from_anywhere(odd: str) -> None:
    mark = Mark(f"a{odd}b", Span(1, 1, 1, 2), f"label{odd}")
    found = diagnostic(mark, message=f"message{odd}", help=f"help{odd}\n  more{odd}")
    for width in (0, 80):
        text = findings_text([found], {f"a{odd}b": f"text{odd}"}, colour=False, width=width)
        assert text.replace("\n", "").isprintable()
        assert odd not in text
