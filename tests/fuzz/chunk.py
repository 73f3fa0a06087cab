"""Some thousand mutants in a row, counted; the same seed makes the same ones of the same projects."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz.judge import BrokenPromiseError, judged, judged_on_disk
from tests.fuzz.mutation import mutated
from tests.fuzz.projects import Project, packed, seeds, unpacked
from tests.fuzz.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOWEST_S = 10
_DEEPLY = 20
"""Of so many mutants one is looked at deeply."""
_ON_DISK = 100
_LARGEST = 6000
"""Bytes: a mutant that is larger is not mutated again, it would only be slow."""


class Crash(NamedTuple):
    """A mutant that the compiler did not survive: what tells the fault from others, its trace, the least such project."""

    fault: str
    trace: str
    project: bytes


class Chunk(NamedTuple):
    """What came of some mutants. `codes` counts the mutants with a finding of each code."""

    seed: int
    mutants: int
    resolved: int
    compiled: int
    seconds: float
    slowest_s: float
    codes: dict[str, int]
    crashes: list[Crash]


class TooSlowError(BaseException):
    """It takes longer than anybody would wait; no `except Exception` may swallow it."""


def chunk(seed: int, mutants: int) -> Chunk:
    """Judge so many mutants. One that has findings in a company never seen before is mutated further."""
    random = Random(seed)
    pool = list(seeds())
    seen: set[tuple[str, ...]] = set()
    codes: Counter[str] = Counter()
    crashes: dict[str, Crash] = {}
    resolved = compiled = 0
    slowest = 0.0
    begun = time.perf_counter()
    for number in range(mutants):
        mutant = mutated(random, random.choice(pool))
        before = time.process_time()
        try:
            with patience():
                verdict = judged(mutant, deeply=number % _DEEPLY == 0)
                if number % _ON_DISK == 0:
                    judged_on_disk(mutant)
        except (Exception, TooSlowError) as error:  # noqa: BLE001 - all of them are what is looked for
            crashes.setdefault(fault_of(error), crash_of(error, mutant))
            continue
        slowest = max(slowest, time.process_time() - before)
        resolved += verdict.is_resolved
        compiled += verdict.is_compiled
        codes.update(verdict.codes)
        if verdict.codes not in seen and sum(map(len, mutant.values())) < _LARGEST:
            seen.add(verdict.codes)
            pool.append(mutant)
    seconds = time.perf_counter() - begun
    return Chunk(seed, mutants, resolved, compiled, seconds, slowest, dict(codes), list(crashes.values()))


def fault_of(error: BaseException) -> str:
    """What is the same for every project with one fault: the error, and where in the compiler it was raised."""
    if isinstance(error, BrokenPromiseError):
        return f"broken promise: {error.kind}"
    if isinstance(error, TooSlowError):
        return "too slow"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/compiler/" in frame.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.filename.rpartition('/compiler/')[2]}, {last.name}"


def crash_of(error: BaseException, project: Project) -> Crash:
    """The crash to keep for an error, with the least project that still shows it."""
    fault = fault_of(error)

    def has_fault(smaller: Project) -> bool:
        try:
            with patience():
                judged(smaller, deeply=True)
                judged_on_disk(smaller)
        except (Exception, TooSlowError) as again:  # noqa: BLE001 - see above
            return fault_of(again) == fault
        return False

    least = project if isinstance(error, TooSlowError) else shrunk(unpacked(packed(project)), has_fault)
    return Crash(fault, "".join(traceback.format_exception(error))[-3000:], packed(least))


@contextmanager
def patience() -> Iterator[None]:
    """Raises TooSlowError after SLOWEST_S of this process's own time."""

    def stop(*_: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
