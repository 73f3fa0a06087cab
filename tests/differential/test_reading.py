"""The quick readers never say anything else than strictyaml: the same data, order and places, or nothing at all.

A long run: `make differential`; `PERIPLUS_DOCUMENTS` is how many, `PERIPLUS_SEED` the first seed. The end of a run
says how often a reader passed without need. A failure tells its seed and its document.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.passes.spans import build
from compiler.passes.strict import parse_strictly
from compiler.text.reading import readable
from tests.differential.documents import ODD, corpus, document

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from compiler.passes.parsed import Parsed

CHUNKS = 8
FEW = 400
READERS = {name: pytest.importorskip(f"compiler.text.{name}") for name in ("quick_lines", "quick_events")}


def compare(text: str, counts: Counter[str] | None = None) -> None:
    """Hold every reader against strictyaml; what they said is counted."""
    counts = Counter() if counts is None else counts
    content = text.encode("utf-8", "surrogatepass")
    strict = parse_strictly(content, "m.yaml")
    counts["invalid" if strict.defects else "valid"] += 1
    texts = readable(content)
    said = {name: _said(reader, *texts, strict) for name, reader in READERS.items()} if texts else {}
    counts.update(name for name, is_said in said.items() if is_said)
    counts["any"] += any(said.values())


def _said(reader: ModuleType, text: str, plain: str, strict: Parsed) -> bool:
    """Whether the reader took the document; what it says of it is held against strictyaml's words then."""
    value: dict[str, Any] | None = reader.read(plain)
    if not value:
        return False
    assert strict.defects == ()
    assert json.dumps(value) == json.dumps(strict.value)
    built = build(reader.events(plain), text)
    assert built.value == value
    assert (built.keys, built.values) == (strict.document.keys, strict.document.values)
    return True


def documents(seeds: range) -> str:
    """Compare a document for each seed; gives back what happened in words."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        text = document(Random(seed))
        try:
            compare(text, counts)
        except Exception as error:
            error.add_note(f"seed {seed}: {text!r}")
            raise
    passed = (f"{name} passed {1 - counts[name] / counts['valid']:.1%}" for name in (*READERS, "any"))
    return f"{len(seeds)} documents from seed {seeds.start}, {counts['valid']} valid; of these {', '.join(passed)}"


@pytest.mark.parametrize("text", [*corpus(), *ODD])
def test_readers_agree_about_every_document_there_is(text: str) -> None:
    compare(text)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_readers_agree_about_any_document(random: Random) -> None:
    compare(document(random))


def test_readers_agree_about_a_few_documents(measured: Callable[[str], None]) -> None:
    measured(documents(range(FEW)))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_readers_agree_about_many_documents(chunk: int, measured: Callable[[str], None]) -> None:
    count = int(os.environ.get("PERIPLUS_DOCUMENTS", "4000"))
    first = int(os.environ.get("PERIPLUS_SEED", "0"))
    measured(documents(range(first + chunk * count // CHUNKS, first + (chunk + 1) * count // CHUNKS)))
