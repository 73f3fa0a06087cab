"""What is left out before strictyaml looks for a mistake changes nothing of what it finds: the same words and places.

A long run: `make differential`; a fiftieth of `PERIPLUS_DOCUMENTS` is how many, `PERIPLUS_SEED` the first seed.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from compiler.passes import strict
from tests.differential.documents import long_document

if TYPE_CHECKING:
    from collections.abc import Callable

narrowed: Any = pytest.importorskip("compiler.passes.quick_narrow").narrowed
CHUNKS = 8
FEW = 25


def compare(text: str) -> bool:
    """Look for the mistake in the whole and in the shorter text; gives back whether there was one to be found sooner."""
    shorter = narrowed(text)
    if shorter is None:
        return False
    assert shorter.count("\n") == text.count("\n")
    sooner = strict._mistaken(shorter, text, "m.yaml")
    if sooner is None:
        return False
    whole = strict._parse_whole(text, "m.yaml")
    assert (sooner.value, sooner.defects) == (whole.value, whole.defects)
    assert (sooner.document.keys, sooner.document.values) == (whole.document.keys, whole.document.values)
    return True


def documents(seeds: range) -> str:
    """Compare a document for each seed; gives back what happened in words."""
    sooner = 0
    for seed in seeds:
        text = long_document(Random(seed))
        try:
            sooner += compare(text)
        except Exception as error:
            error.add_note(f"seed {seed}: {text!r}")
            raise
    return f"{len(seeds)} long documents from seed {seeds.start}; a mistake was found sooner in {sooner}"


def test_the_same_is_found_in_a_few_documents(measured: Callable[[str], None]) -> None:
    measured(documents(range(FEW)))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_same_is_found_in_many_documents(chunk: int, measured: Callable[[str], None]) -> None:
    count = int(os.environ.get("PERIPLUS_DOCUMENTS", "4000")) // 50
    first = int(os.environ.get("PERIPLUS_SEED", "0"))
    measured(documents(range(first + chunk * count // CHUNKS, first + (chunk + 1) * count // CHUNKS)))
