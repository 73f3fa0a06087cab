"""The quick yes is jsonschema's yes, and what it passes over hides no mistake: the same ones in the same order.

A long run: `make differential`; a tenth of `PERIPLUS_DOCUMENTS` is how many, `PERIPLUS_SEED` the first seed.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.passes.mistakes import found_by_jsonschema, mistakes_in
from tests.differential.values import SCHEMA, manifests, value

if TYPE_CHECKING:
    from collections.abc import Callable

acceptor: Any = pytest.importorskip("compiler.passes.quick_accept").acceptor
CHUNKS = 8
FEW = 60
JUDGED = (SCHEMA, {"allOf": [{"$ref": "#/definitions/fragment"}], "definitions": SCHEMA["definitions"]})


def compare(whole: Any, schema: dict[str, Any]) -> bool:
    """Hold the quick judge against jsonschema alone; gives back whether the value is valid."""
    accepted = bool(acceptor(schema["definitions"]).accepts(whole, schema))
    alone = list(found_by_jsonschema(whole, schema))
    assert accepted == (not alone)
    assert list(mistakes_in(whole, schema)) == alone
    return accepted


def values(seeds: range) -> str:
    """Compare a value for each seed; gives back what happened in words."""
    valid = 0
    for seed in seeds:
        random = Random(seed)
        whole = value(random)
        try:
            valid += compare(whole, random.choice(JUDGED))
        except Exception as error:
            error.add_note(f"seed {seed}: {whole!r}")
            raise
    return f"{len(seeds)} values from seed {seeds.start}, {valid} of them valid"


@pytest.mark.parametrize("whole", manifests())
def test_judges_agree_about_every_manifest_there_is(whole: object) -> None:
    compare(whole, SCHEMA)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_judges_agree_about_any_value(random: Random) -> None:
    compare(value(random), SCHEMA)


def test_judges_agree_about_a_few_values(measured: Callable[[str], None]) -> None:
    measured(values(range(FEW)))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_judges_agree_about_many_values(chunk: int, measured: Callable[[str], None]) -> None:
    count = int(os.environ.get("PERIPLUS_DOCUMENTS", "4000")) // 10
    first = int(os.environ.get("PERIPLUS_SEED", "0"))
    measured(values(range(first + chunk * count // CHUNKS, first + (chunk + 1) * count // CHUNKS)))
