from __future__ import annotations

from tests.encoders.corpus import NASTY, TEXTS, random_texts


def test_there_are_enough_and_each_says_why() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 106
    assert all(nasty.why for nasty in NASTY)


def test_random_texts_are_different_and_the_same_for_a_seed() -> None:
    texts = tuple(random_texts(500, 1, without="\0"))
    assert len(set(texts)) == 500
    assert texts == tuple(random_texts(500, 1, without="\0"))
    assert texts != tuple(random_texts(500, 2, without="\0"))
    assert not any("\0" in text for text in texts)
    assert set("'\"\\`$\n{<|") <= set("".join(texts))
