"""Random manifests, random edits, random changes: nothing a person wrote is lost, and the next run is a no-op.

A long run: `make sequences`; `PERIPLUS_SEQUENCES` is how many, `PERIPLUS_SEED` the first seed. The end of a run says what
happened, the share of refusals among it. A failure tells its seed and its whole story.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.update.remember import remember
from tests.update.sequence import live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW = 4
BOUNDED = 120
CHUNKS = 8


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch.setattr)


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: what is measured here is not the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name).resolve()


def sequences(folder: Path, seeds: range) -> str:
    """Live through a sequence for each seed; gives back what happened in words."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        live(folder / str(seed), seed, counts)
        shutil.rmtree(folder / str(seed))
        shutil.rmtree(folder / f"{seed}-fresh")
    compiled = counts["done"] + counts["refused"] + counts["wrong"]
    return (
        f"{len(seeds)} sequences from seed {seeds.start}, {counts['runs']} runs; of {compiled} compilations after work "
        f"{counts['refused']} refused ({counts['refused'] / compiled:.1%}), {counts['wrong']} had a manifest with errors"
    )


def test_nothing_is_lost_in_a_few_sequences(folder: Path, measured: Callable[[str], None]) -> None:
    measured(sequences(folder, range(FEW)))


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_in_many_sequences(folder: Path, chunk: int, measured: Callable[[str], None]) -> None:
    count = int(os.environ.get("PERIPLUS_SEQUENCES", BOUNDED))
    start = int(os.environ.get("PERIPLUS_SEED", "1000"))
    measured(sequences(folder, range(start + chunk * count // CHUNKS, start + (chunk + 1) * count // CHUNKS)))
