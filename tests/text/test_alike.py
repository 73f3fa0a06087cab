from __future__ import annotations

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.text.alike import letters_of, most_alike

NAMES = st.text("ab1-", min_size=1, max_size=7)


@given(st.text("ab1-x", max_size=7), st.lists(NAMES, unique=True, max_size=12), st.sampled_from([0.1, 0.5, 0.6, 0.9]))
def test_it_is_always_what_difflib_gives(text: str, names: list[str], cutoff: float) -> None:
    found = get_close_matches(text, names, 1, cutoff)
    assert most_alike(text, letters_of(tuple(names)), cutoff) == (found[0] if found else "")


@pytest.mark.parametrize(
    ("but", "found"), [("", "auth-service"), ("auth-service", "auth-server"), ("web", "auth-service")]
)
def test_one_name_can_be_left_out(but: str, found: str) -> None:
    letters = letters_of(("web", "auth-server", "auth-service"))
    assert most_alike("auth-servise", letters, 0.6, but) == found


def test_among_no_names_none_is_alike() -> None:
    assert most_alike("web", letters_of(()), 0.6) == ""
