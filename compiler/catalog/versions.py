"""Bounds on versions: `>=18` against `17.6`, `v1.27.8` or `8`."""

from __future__ import annotations

import re
from itertools import zip_longest

from compiler.text.regex import regex

BOUND = regex(r"(>=|<=|<|>)\s*([0-9]+(?:\.[0-9]+)*)", re.ASCII)
_PREFIX = regex(r"v?([0-9]+(?:\.[0-9]+)*)", re.ASCII)
_NEWEST = float("inf")


def is_within(version: str, bounds: str) -> bool:
    """Whether the version is within every bound of `>=8 <9`.

    Only the numeric prefix counts. What a version leaves open is the newest there is, as a registry's floating tag:
    `8` is above `8.2`, and `latest` above everything.
    """
    return all(_holds(version, operator, limit) for operator, limit in BOUND.findall(bounds))


def _holds(version: str, operator: str, limit: str) -> bool:
    order = _order(_numbers(version), [float(number) for number in limit.split(".")])
    return {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}[operator]


def _numbers(version: str) -> list[float]:
    found = _PREFIX.match(version)
    return [float(number) for number in found[1].split(".")] if found else []


def _order(version: list[float], limit: list[float]) -> int:
    """Negative, zero or positive: only as far as the limit goes, so 18.1 is not above 18."""
    for ours, theirs in zip_longest(version[: len(limit)], limit, fillvalue=_NEWEST):
        if ours != theirs:
            return -1 if ours < theirs else 1
    return 0
