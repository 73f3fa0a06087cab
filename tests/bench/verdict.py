"""What was measured, as the report shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.measure import Taken


class Verdict(NamedTuple):
    """A limit and what was measured: a ratio, an exponent, or MiB; None where the peer it speaks of is not there.

    `detail` says what the number was made of.
    """

    work: str
    limit: float
    unit: str
    measured: float | None
    detail: str = ""
    aim: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is kept; None where that could not be measured."""
        return None if self.measured is None else self.measured <= self.limit

    @property
    def is_aim_met(self) -> bool:
        """Whether there is an aim beyond the limit, and it is reached."""
        return self.measured is not None and self.aim is not None and self.measured <= self.aim


class Timing(NamedTuple):
    """One line of the peers' table: medians, and the ratio of periplus to this (None for itself)."""

    size: int
    name: str
    taken: Taken
    times: Taken | None


class Growth(NamedTuple):
    """One line of the growth table: medians by size, and the exponents of time and memory."""

    shape: str
    work: str
    taken: dict[int, Taken]
    time: float
    memory: float


class Measured(NamedTuple):
    """What a section gives."""

    verdicts: Sequence[Verdict] = ()
    timings: Sequence[Timing] = ()
    growths: Sequence[Growth] = ()
