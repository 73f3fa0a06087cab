"""The long run: mutants in chunks on every core, each chunk recorded when it is done, so that a run can go on later.

`python -m tests.fuzz.run [--mutants N] [--workers N] [--folder DIR]`; `make fuzz` calls it. DIR gets `chunks.jsonl`,
one line a chunk, `report.md`, and `crashes/`, one file a fault: such a file belongs into `tests/fuzz/cases`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.rules import all_rules
from tests.fuzz.chunk import Chunk, Crash, chunk
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MUTANTS = 1_000_000
A_CHUNK = 5000


def main(words: Sequence[str]) -> int:
    """Run what is still to run of the mutants asked for; 1 where there was ever a crash."""
    parser = argparse.ArgumentParser(description="Fuzz the compiler.")
    parser.add_argument("--mutants", type=int, default=MUTANTS)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz")
    asked = parser.parse_args(words)
    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    state = state_of_the_compiler()
    done = {record["seed"] for record in records(folder)}
    seeds = [seed for seed in range(-(-asked.mutants // A_CHUNK)) if seed not in done]
    with get_context("fork").Pool(asked.workers) as pool:
        for finished in pool.imap_unordered(_chunk, seeds):
            remember(folder, finished, state)
    sys.stdout.write((folder / "report.md").read_text())
    return 1 if any(record["crashes"] for record in records(folder)) else 0


def remember(folder: Path, finished: Chunk, state: str) -> None:
    """Write down a chunk, its crashes, and the report of all so far."""
    for crash in finished.crashes:
        keep(folder / "crashes", crash)
    record = {**finished._asdict(), "state": state, "crashes": [crash.fault for crash in finished.crashes]}
    with (folder / "chunks.jsonl").open("a") as stream:
        stream.write(json.dumps(record) + "\n")
    (folder / "report.md").write_text(report(records(folder)))


def records(folder: Path) -> list[dict[str, Any]]:
    """Every chunk that was written down."""
    path = folder / "chunks.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def report(chunks: Iterable[dict[str, Any]]) -> str:
    """Counts, and the codes reached, as Markdown."""
    chunks = list(chunks)
    mutants, resolved, compiled = (sum(each[key] for each in chunks) for key in ("mutants", "resolved", "compiled"))
    states = Counter({each["state"]: 0 for each in chunks})
    codes: Counter[str] = Counter()
    crashes: Counter[str] = Counter()
    for each in chunks:
        states[each["state"]] += each["mutants"]
        codes.update(each["codes"])
        crashes.update(f"{fault} (state {each['state']})" for fault in each["crashes"])
    known = {rule.code for rule in all_rules()}
    unreached = sorted(known - codes.keys())
    met = "; ".join(f"{fault}: {count}" for fault, count in crashes.items())
    lines = [
        f"{mutants:,} mutants: {share(resolved, mutants)} reached resolution, {share(compiled, mutants)} compiled.",
        f"Slowest: {max((each['slowest_s'] for each in chunks), default=0):.2f} s.",
        "By state of the compiler: " + ", ".join(f"{state} {count:,}" for state, count in states.items()) + ".",
        f"Faults, with the number of chunks that met them: {met or 'none'}.",
        f"Codes reached: {len(known & codes.keys())} of {len(known)}; not reached: {', '.join(unreached) or 'none'}.",
        *(f"- {code}: {count:,}" for code, count in codes.most_common()),
    ]
    return "\n".join(lines) + "\n"


def state_of_the_compiler() -> str:
    """The beginning of a digest of the compiler's sources."""
    paths = [path for folder in ("compiler", "schemas", "templates") for path in sorted((ROOT / folder).rglob("*.*"))]
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def keep(folder: Path, crash: Crash) -> None:
    """Write down a crash: the project, and its trace beside it."""
    folder.mkdir(exist_ok=True)
    name = "".join(character if character.isalnum() else "-" for character in crash.fault)[:80]
    (folder / f"{name}.case").write_bytes(crash.project)
    (folder / f"{name}.txt").write_text(crash.trace)


def share(part: int, whole: int) -> str:
    """A count, and what share of the whole it is."""
    return f"{part:,} ({100 * part / max(1, whole):.1f} %)"


def _chunk(seed: int) -> Chunk:
    return chunk(seed, A_CHUNK)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
