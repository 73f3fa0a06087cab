"""`make bench`: whole processes, alternating with what they are compared with, and docs/performance.md written of it.

    python -m tests.bench.bench [--quick] [SECTION...]

Without words everything is measured and the page is written. A few sections, or `--quick` (few rounds, at most 1,000
services), are printed only. The exit code is 1 where a limit is not kept or a process fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import FailedError, Starter
from tests.bench.peers import ROOT, peers
from tests.bench.report import page, tables
from tests.bench.sections import SECTIONS, Bench
from tests.bench.verdict import Measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.bench.peers import Peer

PAGE = ROOT / "docs" / "performance.md"
_ROUNDS, _SECONDS, _LARGEST = 15, 45, 5000
_QUICK_ROUNDS, _QUICK_SECONDS, _QUICK_LARGEST = 5, 10, 1000


def main(words: Sequence[str]) -> int:
    """Measure, tell, and give back the exit code."""
    options = _options(words)
    chosen = options.sections or list(SECTIONS)
    known = peers()
    parts = _measure(chosen, [peer for peer in known if peer.version], quick=options.quick)
    measured = Measured(
        [one for part in parts for one in part.verdicts],
        [one for part in parts for one in part.timings],
        [one for part in parts for one in part.growths],
    )
    sys.stdout.write(tables(measured))
    if len(parts) == len(SECTIONS) and not options.quick:
        PAGE.write_text(page(measured, known), encoding="utf-8")
    is_good = len(parts) == len(chosen) and not any(one.is_met is False for one in measured.verdicts)
    return 0 if is_good else 1


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure periplus against its peers.")
    parser.add_argument("--quick", action="store_true", help="few rounds, at most 1,000 services")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; by default all")
    options = parser.parse_args(words)
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    return options


def _measure(chosen: Iterable[str], present: Sequence[Peer], *, quick: bool) -> list[Measured]:
    """What each section gives; one in which a process fails gives nothing, and says so."""
    rounds, seconds, largest = (
        (_QUICK_ROUNDS, _QUICK_SECONDS, _QUICK_LARGEST) if quick else (_ROUNDS, _SECONDS, _LARGEST)
    )
    parts: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="periplus-bench-") as folder, Starter() as starter:
        for name in chosen:
            begun = time.monotonic()
            try:
                parts.append(SECTIONS[name](Bench(starter, Path(folder) / name, present, rounds, seconds, largest)))
            except FailedError as failure:
                sys.stderr.write(f"{name}: FAILED: {failure}\n")
            sys.stderr.write(f"{name}: measured in {time.monotonic() - begun:.0f} s\n")
    return parts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
