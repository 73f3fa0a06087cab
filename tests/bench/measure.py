"""Whole processes, measured in turn: A B C A B C. The machine's speed drifts, so only ratios of one round are compared."""

from __future__ import annotations

import marshal
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_Name = TypeVar("_Name")
_STARTER = Path(__file__).with_name("starter.py")
_FEWEST_ROUNDS = 3
_FLAT = 0.1
"""Of the time at the smallest size: what grows less than that is not told from noise."""


class FailedError(Exception):
    """A measured process ended otherwise than it must."""


class Taken(NamedTuple):
    """What one process and its children took: seconds, seconds, bytes."""

    wall: float
    cpu: float
    peak: float


def _nothing() -> None:
    pass


class Work(NamedTuple):
    """A command as a person types it, its folder, and what is done before each run without being measured."""

    command: Sequence[str]
    folder: Path
    prepare: Callable[[], None] = _nothing
    code: int = 0
    surroundings: Mapping[str, str] = {}


class Starter:
    """The process that starts what is measured."""

    def __init__(self) -> None:
        """Start it, and make room for what a failing process says."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_STARTER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._errors = tempfile.NamedTemporaryFile(prefix="periplus-bench-")  # noqa: SIM115 - closed on leaving

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.communicate()
        self._errors.close()

    def take(self, work: Work) -> Taken:
        """What one run takes. Raises FailedError where it ends with another exit code than it must."""
        work.prepare()
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        command = tuple(map(str, work.command))
        task = (command, str(work.folder), {**kept, **work.surroundings}, self._errors.name)
        sent, answers = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        sent.write(marshal.dumps(task))
        sent.flush()
        code, *taken = marshal.load(answers)
        if code != work.code:
            said = Path(self._errors.name).read_text(encoding="utf-8", errors="replace")[-2000:]
            message = f"`{' '.join(command)}` ended with {code} where {work.code} was expected:\n{said}"
            raise FailedError(message)
        return Taken(*taken)


def in_turn(
    starter: Starter, works: Mapping[_Name, Work], *, rounds: int, seconds: float = math.inf
) -> dict[_Name, list[Taken]]:
    """What each work took in each round; a round runs all works once. After `seconds` three rounds are enough."""
    taken: dict[_Name, list[Taken]] = {name: [] for name in works}
    begun = time.monotonic()
    for number in range(rounds):
        if number >= _FEWEST_ROUNDS and time.monotonic() - begun > seconds:
            break
        for name, work in works.items():
            taken[name].append(starter.take(work))
    return taken


def median(taken: Sequence[Taken]) -> Taken:
    """The medians of wall, CPU and peak."""
    return Taken(*(statistics.median(values) for values in zip(*taken, strict=True)))


def ratio(ours: Sequence[Taken], theirs: Sequence[Taken]) -> Taken:
    """The medians of the ratios of each round."""
    return median([Taken(*(a / b for a, b in zip(*pair, strict=True))) for pair in zip(ours, theirs, strict=True)])


def exponent(points: Mapping[int, float], start: float) -> float:
    """How fast values grow with the size beyond `start`: 1 is linear, 2 quadratic; 0 where they hardly grow at all.

    The slope of the logarithms by least squares; `start` is the value where there is (nearly) nothing to do. A point
    weighs the less, the more of it is `start`, because that much noise is in what is left.
    """
    grown = {size: value - start for size, value in points.items() if value - start > _FLAT * start}
    if len(grown) < 2:
        return 0.0
    weights = [(more / points[size]) ** 2 for size, more in grown.items()]
    sizes, values = [math.log(size) for size in grown], [math.log(more) for more in grown.values()]
    middle, level = (statistics.fmean(logarithms, weights) for logarithms in (sizes, values))
    rise = sum(w * (x - middle) * (y - level) for w, x, y in zip(weights, sizes, values, strict=True))
    return rise / sum(w * (x - middle) ** 2 for w, x in zip(weights, sizes, strict=True))
