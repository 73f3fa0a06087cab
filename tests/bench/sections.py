"""The sections of the bench: each measures some promises and gives the verdicts on them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from tests.bench import project
from tests.bench.manifests import MANIFEST, MISTAKES, SHAPES
from tests.bench.measure import Starter, Taken, Work, exponent, in_turn, median, ratio
from tests.bench.peers import CDK8S, COMPOSE, COPIER, Peer
from tests.bench.verdict import Growth, Measured, Timing, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    _Grown = tuple[str, int, int]

OURS = "periplus compile"
PASS = "python -c pass"
_MIB = 2**20
_COLD_LIMITS = {
    5: {COMPOSE: 2.5, CDK8S: 1.3},
    50: {COMPOSE: 1.6, COPIER: 0.4},
    1000: {COMPOSE: 0.2, CDK8S: 0.9},
}
_PEAK_LIMITS = {5: 40, 1000: 70}
_START = {
    "--version": ("--version",),
    "--help": ("--help",),
    "compile --help": ("compile", "--help"),
}
_COMPLETION = {"_PERIPLUS_COMPLETE": "bash_complete", "COMP_WORDS": "periplus compile --ch", "COMP_CWORD": "2"}
_START_LIMIT = 6
_CHECK_LIMIT, _CHECK_AIM = 4, {5: 2, 50: 2, 200: 2}
_UPDATE_LIMIT = 0.5
_PASS_S = 0.008
"""What `python -c pass` took where limits were set in seconds: they are multiples of it here."""
_DIFF_LIMIT = 0.05 / _PASS_S
_ERROR_LIMIT, _ERROR_AIM = 2.5 / _PASS_S, 0.3 / _PASS_S
_LARGE = 1000
_EMPTY = 1
_GROWN = (5, 50, 200, 1000, 5000)
_FITTED_FROM = 200
_OFTENER = {_EMPTY: 3, _FITTED_FROM: 3}
"""Measured this often in a round, because little noise there is much in the exponent."""
_GROWTH_ROUNDS = 3
_GROWTH_LIMIT = 1.15
_GROWING_MISTAKES = ("a quote left open at the end", "an unknown key", "a dangling reference")


class Bench(NamedTuple):
    """What a section measures with: where it may write, who is there to compare with, how often, and up to what size."""

    starter: Starter
    folder: Path
    peers: Sequence[Peer]
    rounds: int
    seconds: float
    largest: int

    def measure(self, works: Mapping[str, Work]) -> dict[str, list[Taken]]:
        """All works in turn."""
        return in_turn(self.starter, works, rounds=self.rounds, seconds=self.seconds)

    def room(self, *names: object) -> Path:
        """An empty folder."""
        room = self.folder / "-".join(str(name).replace(" ", "-") for name in names)
        room.mkdir(parents=True)
        return room

    def compiled(self, room: Path, texts: Mapping[str, str]) -> Path:
        """The folder with a manifest that has been compiled once."""
        self.starter.take(project.cold(room, texts))
        return room

    def nothing(self) -> Work:
        """Starting Python."""
        return Work(project.PASS, self.folder)


def starts(bench: Bench) -> Measured:
    """What needs no manifest, against starting Python."""
    room = bench.room("start")
    works = {f"periplus {name}": project.start(room, *words) for name, words in _START.items()}
    works["completion"] = project.start(room, **_COMPLETION)
    taken = bench.measure({PASS: bench.nothing(), **works})
    return Measured([_against(work, taken[work], PASS, taken[PASS], _START_LIMIT) for work in works])


def cold(bench: Bench) -> Measured:
    """A first compile of the chain, against all peers with the same services."""
    verdicts: list[Verdict] = []
    timings: list[Timing] = []
    for size, limits in _COLD_LIMITS.items():
        works = {OURS: project.cold(bench.room("cold", size), SHAPES["chain"](size)), PASS: bench.nothing()}
        works |= {peer.name: peer.work(size, bench.room(peer.name, size)) for peer in bench.peers}
        taken = bench.measure(works)
        ours = taken.pop(OURS)
        work = f"cold compile, {_services(size)}"
        verdicts += [_against(work, ours, name, taken.get(name), limit) for name, limit in limits.items()]
        if size in _PEAK_LIMITS:
            peak = median(ours).peak / _MIB
            verdicts.append(Verdict(f"peak memory, {_services(size)}", _PEAK_LIMITS[size], "MiB", peak))
        timings.append(Timing(size, OURS, median(ours), None))
        timings += [Timing(size, name, median(theirs), ratio(ours, theirs)) for name, theirs in taken.items()]
    return Measured(verdicts, timings)


def checks(bench: Bench) -> Measured:
    """A check where nothing changed, against starting Python."""
    rooms = {
        size: bench.compiled(bench.room("check", size), SHAPES["chain"](size)) for size in _GROWN if size <= _LARGE
    }
    works = {_check_of(size): project.check(room) for size, room in rooms.items()}
    taken = bench.measure({PASS: bench.nothing(), **works})
    return Measured(
        [
            _against(_check_of(size), taken[_check_of(size)], PASS, taken[PASS], _CHECK_LIMIT, _CHECK_AIM.get(size))
            for size in rooms
        ]
    )


def updates(bench: Bench) -> Measured:
    """One byte of one of 100 fragments, against the first compile of the same manifest."""
    texts = SHAPES["includes"](_LARGE)
    room = bench.compiled(bench.room("update"), texts)
    works = {OURS: project.cold(bench.room("update-cold"), texts), "update": project.update(room, texts)}
    taken = bench.measure(works)
    work = f"one service changed, {_services(_LARGE)} in 100 fragments"
    return Measured([_against(work, taken["update"], "the cold compile", taken[OURS], _UPDATE_LIMIT)])


def diffs(bench: Bench) -> Measured:
    """What `diff` takes beyond the compile of the same change, in CPU time of starting Python."""
    texts = SHAPES["chain"](_LARGE)
    told, compiled = (bench.compiled(bench.room("diff", which), texts) for which in ("told", "compiled"))
    project.change(told, texts)
    works = {PASS: bench.nothing(), OURS: project.update(compiled, texts), "diff": project.diff(told)}
    taken = bench.measure(works)
    beyond = [one.cpu - other.cpu for one, other in zip(taken["diff"], taken[OURS], strict=True)]
    times = statistics.median(beyond) / median(taken[PASS]).cpu
    detail = f"{statistics.median(beyond) * 1000:.0f} ms of CPU beyond the compile of the same change"
    return Measured([Verdict(f"`diff`, one change in {_services(_LARGE)}", _DIFF_LIMIT, f"x {PASS}", times, detail)])


def errors(bench: Bench) -> Measured:
    """Every kind of mistake in a large manifest, up to its report, against starting Python."""
    works: dict[str, Work] = {}
    for name, write in MISTAKES.items():
        room = bench.room("error", name)
        project.write_anew(room, {MANIFEST: write(_LARGE)})
        works[f"first error in {_services(_LARGE)}: {name}"] = project.error(room)
    taken = bench.measure({PASS: bench.nothing(), **works})
    return Measured([_against(work, taken[work], PASS, taken[PASS], _ERROR_LIMIT, _ERROR_AIM) for work in works])


def growth(bench: Bench) -> Measured:
    """How all commands grow with the size, for all shapes."""
    growths = [line for shape in SHAPES for line in _growth_of_shape(bench, shape)]
    growths += [line for name in _GROWING_MISTAKES for line in _growth_of_mistake(bench, name)]
    works = dict.fromkeys(line.work for line in growths)
    return Measured(
        [one for work in works for one in _worst([line for line in growths if line.work == work])], (), growths
    )


def _growth_of_shape(bench: Bench, shape: str) -> list[Growth]:
    works: dict[_Grown, Work] = {}
    for size in _sizes(bench):
        texts, room = SHAPES[shape](size), bench.room(shape, size)
        for again in range(_OFTENER.get(size, 1)):
            works["compile", size, again] = project.cold(room, texts)
            works["check", size, again] = project.check(room)
            works["update", size, again] = project.update(room, texts)
    return _grown(bench, shape, works)


def _growth_of_mistake(bench: Bench, name: str) -> list[Growth]:
    works: dict[_Grown, Work] = {}
    for size in _sizes(bench):
        room = bench.room("growth", name, size)
        project.write_anew(room, {MANIFEST: MISTAKES[name](size)})
        for again in range(_OFTENER.get(size, 1)):
            works["error", size, again] = project.error(room)
    return _grown(bench, name, works)


def _grown(bench: Bench, shape: str, works: Mapping[_Grown, Work]) -> list[Growth]:
    taken: dict[str, dict[int, list[Taken]]] = {}
    for (work, size, _), some in in_turn(bench.starter, works, rounds=_GROWTH_ROUNDS).items():
        taken.setdefault(work, {}).setdefault(size, []).extend(some)
    return [_line(shape, work, {size: median(each) for size, each in sizes.items()}) for work, sizes in taken.items()]


def _line(shape: str, work: str, taken: dict[int, Taken]) -> Growth:
    empty = taken.pop(_EMPTY)
    fitted = {size: one for size, one in taken.items() if size >= _FITTED_FROM}
    return Growth(
        shape,
        work,
        taken,
        exponent({size: one.cpu for size, one in fitted.items()}, empty.cpu),
        exponent({size: one.peak for size, one in fitted.items()}, empty.peak),
    )


def _worst(lines: Iterable[Growth]) -> Iterable[Verdict]:
    time = max(lines, key=lambda line: line.time)
    memory = max(lines, key=lambda line: line.memory)
    yield Verdict(f"growth of {time.work} in time", _GROWTH_LIMIT, "exponent", time.time, f"worst: {time.shape}")
    yield Verdict(
        f"growth of {memory.work} in memory", _GROWTH_LIMIT, "exponent", memory.memory, f"worst: {memory.shape}"
    )


def _sizes(bench: Bench) -> list[int]:
    return [_EMPTY, *(size for size in _GROWN if size <= bench.largest)]


def _against(
    work: str, ours: Sequence[Taken], name: str, theirs: Sequence[Taken] | None, limit: float, aim: float | None = None
) -> Verdict:
    """The verdict on a ratio of wall times."""
    if theirs is None:
        return Verdict(work, limit, f"x {name}", None, f"{name} could not be run", aim)
    times = ratio(ours, theirs)
    detail = f"{median(ours).wall:.3f} s to {median(theirs).wall:.3f} s; in CPU time {times.cpu:.2f} x"
    return Verdict(work, limit, f"x {name}", times.wall, detail, aim)


def _check_of(size: int) -> str:
    return f"`--check`, nothing changed, {_services(size)}"


def _services(size: int) -> str:
    return f"{size:,} services"


SECTIONS: Mapping[str, Callable[[Bench], Measured]] = {
    "start": starts,
    "cold": cold,
    "check": checks,
    "update": updates,
    "diff": diffs,
    "errors": errors,
    "growth": growth,
}
