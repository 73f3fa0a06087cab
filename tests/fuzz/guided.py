"""Guided by coverage: atheris keeps the mutants that reach code no other reached, and mutates those further.

`python -m tests.fuzz.guided [--mutants N] [--folder DIR]`; `make fuzz` calls it after the long run. DIR gets `guided.md`
and `crashes/`. Instrumented code is several times slower, so this finds ways in, and `tests.fuzz.run` does the volume.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["compiler"]):
    from compiler.rules import all_rules
    from tests.fuzz.chunk import TooSlowError, crash_of, patience
    from tests.fuzz.judge import Verdict, judged
    from tests.fuzz.mutation import mutated
    from tests.fuzz.projects import packed, seeds, unpacked
    from tests.fuzz.run import keep, share

    all_rules()  # imported on demand, and only what is imported here is instrumented

if TYPE_CHECKING:
    from collections.abc import Sequence

MUTANTS = 50_000
_LARGEST = 8000


class _Guided:
    """What came of the mutants so far, written down after each hundred."""

    def __init__(self, folder: Path, mutants: int) -> None:
        self._folder = folder
        self._mutants = mutants
        self._done = self._resolved = self._compiled = 0
        self._codes: Counter[str] = Counter()
        self._faults: set[str] = set()

    def look(self, content: bytes) -> None:
        """Judge a project; a fault is kept, and the run goes on."""
        project = unpacked(content)
        try:
            with patience():
                self._count(judged(project))
        except (Exception, TooSlowError) as error:  # noqa: BLE001 - all of them are what is looked for
            crash = crash_of(error, project)
            keep(self._folder / "crashes", crash)
            self._faults.add(crash.fault)
        self._done += 1
        if self._done % 100 == 0 or self._done == self._mutants:
            (self._folder / "guided.md").write_text(self._report())

    def _count(self, verdict: Verdict) -> None:
        self._resolved += verdict.is_resolved
        self._compiled += verdict.is_compiled
        self._codes.update(verdict.codes)

    def _report(self) -> str:
        return (
            f"{self._done:,} mutants guided by coverage: {share(self._resolved, self._done)} reached resolution, "
            f"{share(self._compiled, self._done)} compiled, {len(self._codes)} codes reached, "
            f"faults: {', '.join(sorted(self._faults)) or 'none'}.\n"
        )


def main(words: Sequence[str]) -> None:
    """Run; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description="Fuzz the compiler, guided by coverage.")
    parser.add_argument("--mutants", type=int, default=MUTANTS)
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"))
    asked = parser.parse_args(words)
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, project in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(packed(project))
        limits = [f"-runs={asked.mutants}", f"-max_len={_LARGEST}", "-timeout=60", "-seed=1", "-print_final_stats=1"]
        guided = _Guided(asked.folder, asked.mutants)
        atheris.Setup([sys.argv[0], *limits, corpus], guided.look, custom_mutator=_mutated)
        atheris.Fuzz()


def _mutated(content: bytes, largest: int, seed: int) -> bytes:
    mutant = packed(mutated(Random(seed), unpacked(content)))
    return mutant if len(mutant) <= largest else content[:largest]


if __name__ == "__main__":
    main(sys.argv[1:])
