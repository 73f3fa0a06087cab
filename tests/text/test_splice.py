from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.text.lines import position_of
from compiler.text.splice import OverlapError, Splice, line_bounds, offset_of, spliced, spliced_bytes

TEXT = st.text(st.sampled_from("ab\r\n\tü船 "), max_size=30)


def test_each_splice_finds_its_place_whatever_their_order() -> None:
    assert spliced("port: 8000\r\n", [Splice(10, 10, "  # new"), Splice(6, 10, "9000:8000")]) == (
        "port: 9000:8000  # new\r\n"
    )


def test_insertions_at_one_spot_keep_their_order() -> None:
    assert spliced("ab", [Splice(1, 1, "1"), Splice(1, 1, "2"), Splice(1, 2, "B")]) == "a12B"


@pytest.mark.parametrize(
    "splices",
    [
        [Splice(0, 2, "x"), Splice(1, 3, "y")],
        [Splice(0, 3, "x"), Splice(1, 1, "y")],
        [Splice(2, 1, "x")],
        [Splice(3, 5, "x")],
        [Splice(-1, 0, "x")],
    ],
)
def test_what_overlaps_or_lies_outside_is_refused(splices: list[Splice]) -> None:
    with pytest.raises(OverlapError):
        spliced("abcd", splices)


def test_a_byte_order_mark_stays() -> None:
    assert spliced_bytes(b"\xef\xbb\xbfa: \xc3\xbc\r\n", [Splice(3, 4, "ö")]) == b"\xef\xbb\xbfa: \xc3\xb6\r\n"


@given(TEXT, st.data())
def test_everything_around_a_splice_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = data.draw(TEXT)
    assert spliced(text, [Splice(start, end, new)]) == text[:start] + new + text[end:]
    assert spliced(text, []) == text


@given(TEXT, st.data())
def test_an_offset_is_where_its_line_and_column_stand(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] != "\r\n":
        assert offset_of(text, *position_of(text, offset)) == offset


def test_a_column_behind_the_end_of_its_line_is_the_end() -> None:
    assert offset_of("ab\r\ncd", 1, 9) == 2
    assert line_bounds("ab\r\ncd\n") == ((0, 4, 7), (2, 6, 7))
