"""What is written down about a compile is read again as it was, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.ownership.unchanged import Record, read_record, write_record

LINES = st.text(st.characters(exclude_characters="\n", exclude_categories=()), max_size=12)
DIGESTS = st.sampled_from(["-", "0" * 64, "f" * 64])
TEXTS = st.lists(LINES).map("\n".join)
RECORDS = st.builds(
    Record,
    st.tuples(LINES, LINES, LINES, LINES, LINES),
    LINES,
    LINES,
    st.dictionaries(LINES, DIGESTS, max_size=4),
    st.dictionaries(LINES, DIGESTS, max_size=4),
    st.lists(LINES, max_size=3),
    DIGESTS,
    TEXTS,
    TEXTS,
    LINES,
)
RECORD = Record(("/a", "/", "m", "o", ""), "l", "i", {"m": "0"}, {}, [], "t", "said\n")


def writable(record: Record) -> bool:
    try:
        write_record(record)
    except ValueError:
        return False
    return True


@given(RECORDS.filter(writable))
def test_it_is_read_as_it_was_written(record: Record) -> None:
    assert vars(read_record(write_record(record))) == vars(record)


@given(st.binary(max_size=200))
def test_anything_else_is_none(content: bytes) -> None:
    with pytest.raises((ValueError, LookupError)):
        read_record(content)


@given(st.data())
def test_one_byte_less_or_another_and_it_is_none(data: st.DataObject) -> None:
    content = write_record(RECORD)
    at = data.draw(st.integers(0, len(content) - 1))
    for damaged in (content[:at], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
        with pytest.raises((ValueError, LookupError)):
            read_record(damaged)


def test_a_line_break_in_a_path_cannot_be_written_down() -> None:
    record = read_record(write_record(RECORD))
    record.reads = {"a\nb": "0"}
    with pytest.raises(ValueError, match="line break"):
        write_record(record)
