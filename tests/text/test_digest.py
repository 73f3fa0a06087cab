"""One digest, however the bytes come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.text.digest import digest_of


@given(st.lists(st.binary(max_size=5), max_size=5))
def test_where_a_piece_ends_makes_no_difference(pieces: list[bytes]) -> None:
    assert digest_of(pieces) == digest_of([b"".join(pieces)])


def test_it_is_256_bits_long() -> None:
    assert len(digest_of(())) == 64
