"""docs/performance.md: what was measured, in tables, and on which machine."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.sections import PASS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.bench.peers import Peer
    from tests.bench.verdict import Growth, Measured, Timing, Verdict

_MIB = 2**20
_ANSWERS = {True: "yes", False: "**no**", None: "not run"}
_PAGE = """\
# Performance

<!-- written by `make bench` -->

Whole processes as a person starts them, with every check on and the full tree written, measured in turn with what they
are compared with (A B A B …) in the same run. A ratio is the median of the ratios of all rounds, so a machine that
changes its speed changes them little; seconds are medians, shown for orientation, and are no verdict. Cold means a
folder where nothing was ever compiled. Python's own byte code and the files read are in memory for all alike.

{machine}

## Limits

{limits}

Ratios are of wall time unless the words say otherwise. Where a limit was set in seconds it is a multiple of `python -c
pass`, which took 8 ms on the machine it was set on: 2.5 s is 312 x, 0.3 s is 37.5 x, 50 ms is 6.25 x.

## Peers

The same services, a chain with a database for every tenth, in each tool's own way. None of them does the same work, so
this shows what people are used to wait for rather than who is better. Periplus reads, checks and resolves the manifest
for its environments and writes the whole tree.

{does}

{peers}

"Periplus takes" is the ratio of periplus to the line, in wall time: above 1 the other is faster. {faster}
Compose reads the files committed in `tests/bench/compose/`, so that they are the same in every run.

## Growth

Seconds of CPU time and MiB at the peak, medians of three rounds over all sizes in turn. `compile` is cold, `check`
finds nothing changed, `update` compiles after one byte of one service changed, `error` ends with the first mistake. The
exponents are those of what grows: t(N) - t(1 service) over 200 services and more; 1 is linear, and 0 says that it
hardly grows.

{growth}

In `chain` each service calls the one before, and every tenth has a database; in `fan-in` all call the first and the last
calls all; in `includes` the chain is spread over 100 fragments; in `routes` a gateway leads to every service; in
`databases` each service has a database of its own, a hundred on one server.

## How to repeat this

`make bench` sets up the peers (`tests/bench/peers.sh`, into the folder `.bench`, at pinned versions; one that cannot be
set up is left out), measures, writes this page, and ends with 1 where a limit is not kept. It takes some minutes and
wants the machine for itself. `.venv/bin/python -m tests.bench.bench --quick cold check` measures two sections in a
minute and only prints. What is measured stands in `tests/bench/sections.py`, the manifests in `tests/bench/manifests.py`.
"""


def page(measured: Measured, peers: Sequence[Peer]) -> str:
    """The whole page."""
    return _PAGE.format(
        machine=_machine(),
        limits=_limits(measured.verdicts),
        does="\n".join(_presented(peer) for peer in peers),
        peers=_peers(measured.timings),
        faster=_faster(measured.timings),
        growth=_growth(measured.growths),
    )


def tables(measured: Measured) -> str:
    """The tables that were measured, for the terminal."""
    shown = (
        _limits(measured.verdicts) if measured.verdicts else "",
        _peers(measured.timings) if measured.timings else "",
        _growth(measured.growths) if measured.growths else "",
    )
    return "\n\n".join(table for table in shown if table) + "\n"


def _limits(verdicts: Sequence[Verdict]) -> str:
    head = ("work", "at most", "measured", "kept", "in figures")
    return _table(head, (_limit(one) for one in verdicts))


def _limit(verdict: Verdict) -> tuple[str, ...]:
    aim = f" (aim {_number(verdict.aim)})" if verdict.aim is not None else ""
    limit = f"{_number(verdict.limit)} {verdict.unit}{aim}"
    measured = "" if verdict.measured is None else _number(verdict.measured)
    kept = "yes, and the aim" if verdict.is_aim_met else _ANSWERS[verdict.is_met]
    return verdict.work, limit, measured, kept, verdict.detail


def _peers(timings: Sequence[Timing]) -> str:
    head = ("services", "", "wall s", "CPU s", "peak MiB", "periplus takes", "in CPU time")
    return _table(head, (_timing(one) for one in timings))


def _timing(line: Timing) -> tuple[str, ...]:
    times = (f"{line.times.wall:.2f} x", f"{line.times.cpu:.2f} x") if line.times else ("", "")
    taken = line.taken
    return (
        f"{line.size:,}",
        f"`{line.name}`",
        f"{taken.wall:.3f}",
        f"{taken.cpu:.3f}",
        f"{taken.peak / _MIB:.0f}",
        *times,
    )


def _growth(growths: Sequence[Growth]) -> str:
    sizes = list(growths[0].taken) if growths else []
    head = ("work", "shape or mistake", *(f"{size:,}" for size in sizes), "exponent: time", "memory")
    return _table(head, (_grown(line) for line in growths))


def _grown(line: Growth) -> tuple[str, ...]:
    taken = (f"{one.cpu:.3f} / {one.peak / _MIB:.0f}" for one in line.taken.values())
    return line.work, line.shape, *taken, f"{line.time:.2f}", f"{line.memory:.2f}"


def _presented(peer: Peer) -> str:
    version = peer.version or "not run, because it could not be set up"
    return f"- {peer.name} ({version}): {peer.does}"


def _faster(timings: Sequence[Timing]) -> str:
    """Which peers are faster, in one sentence for each size; starting Python alone is none."""
    found: dict[int, list[str]] = {line.size: [] for line in timings}
    for line in timings:
        if line.times and line.times.wall > 1 and line.name != PASS:
            found[line.size].append(f"`{line.name}`")
    return " ".join(f"Faster with {size:,} services: {', '.join(names) or 'none'}." for size, names in found.items())


def _machine() -> str:
    """What it was measured on, and when; nothing that names the machine itself."""
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    day = dt.datetime.now(tz=dt.UTC).date()
    return f"Measured on {day}: {_processor()}, {os.cpu_count()} cores, {system}, {python}."


def _processor() -> str:
    """The model's name as the kernel tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _number(value: float) -> str:
    """A limit or a measurement: two digits behind the point where they say something."""
    return f"{value:.0f}" if value == round(value) or value >= 100 else f"{value:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown writes it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
