"""A three-way merge by lines: what the manifest changes goes into the text a person keeps.

Line ends are the person's own: LF and CR LF are the same end, so a checkout that converts them changes nothing.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 7


class Merged(NamedTuple):
    """The text, and the lines (1-based) at which its conflicts open."""

    text: str
    conflicts: tuple[int, ...]


class _Region(NamedTuple):
    """What stands in the three texts between two lines that all of them share; a shared line itself is a region."""

    base: Sequence[str]
    yours: Sequence[str]
    theirs: Sequence[str]
    first: int
    """Where the region begins in yours, from 0."""


def merge_texts(base: str, yours: str, theirs: str, source: str) -> Merged:
    """Both changes of `base` in one text; where they overlap, both between marks, theirs called `source`.

    The same change on both sides is no conflict, and a text that holds theirs already stays as it is.
    """
    mine = _lines(yours)
    end = "\r\n" if "\r\n" in yours and yours.count("\r\n") * 2 >= yours.count("\n") else "\n"
    keys = tuple(map(_key, mine))
    before, after = (tuple(map(_key, _lines(text))) for text in (base, theirs))
    if _holds_already(before, keys, after):
        return Merged(yours, ())
    written: list[str] = []
    conflicts: list[int] = []
    for region in _regions(before, keys, after):
        raw = mine[region.first : region.first + len(region.yours)]
        if not _overlaps(region):
            written.extend(raw if _is_yours(region) else [line + end for line in region.theirs])
            continue
        same = _common(region.yours, region.theirs)
        tail = _common(region.yours[same:][::-1], region.theirs[same:][::-1])
        written.extend(raw[:same])
        conflicts.append(len(written) + 1)
        new = region.theirs[same : len(region.theirs) - tail]
        marked = (*raw[same : len(raw) - tail], "=" * _WIDTH + end, *(line + end for line in new))
        written.extend(("<" * _WIDTH + f" yours{end}", *marked, ">" * _WIDTH + f" {source}{end}"))
        written.extend(raw[len(raw) - tail :])
    return Merged(_joined(written, end), tuple(conflicts))


def same_lines(base: str, yours: str) -> dict[int, int]:
    """Line of yours -> line of the base that it is still the same as; both 1-based."""
    before, after = (tuple(map(_key, _lines(text))) for text in (base, yours))
    return {other + 1: one + 1 for one, other in _matches(before, after).items()}


def _lines(text: str) -> list[str]:
    """The lines with their ends; unlike `str.splitlines`, a form feed or U+2028 ends none."""
    *whole, last = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([last] if last else [])]


def _key(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _joined(lines: Sequence[str], end: str) -> str:
    """One text: only the last line may lack its end, where the person's does."""
    ended = (line if line.endswith("\n") else line + end for line in lines[:-1])
    return "".join((*ended, *lines[-1:]))


def _overlaps(region: _Region) -> bool:
    return region.base != region.yours != region.theirs != region.base


def _is_yours(region: _Region) -> bool:
    """Whether, without an overlap, what counts is what stands in yours."""
    return region.theirs in (region.base, region.yours)


def _holds_already(base: Sequence[str], yours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether yours is a merge of theirs already: undoing their change leads nearer to the base, and doing it back.

    So is the text that a run wrote which was killed before it could move the base on.
    """
    undone = _clean(theirs, yours, base)
    return (
        undone is not None
        and _clean(base, undone, theirs) == yours
        and _distance(base, undone) < _distance(base, yours)
    )


def _distance(base: Sequence[str], side: Sequence[str]) -> int:
    """How many lines are in one text and not in the other."""
    return len(base) + len(side) - 2 * len(_matches(base, side))


def _clean(base: Sequence[str], yours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...] | None:
    regions = list(_regions(base, yours, theirs))
    if any(map(_overlaps, regions)):
        return None
    return tuple(line for region in regions for line in (region.yours if _is_yours(region) else region.theirs))


def _regions(base: Sequence[str], yours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Region]:
    """The three texts cut at every line of the base that still stands in both others."""
    to_yours, to_theirs = _matches(base, yours), _matches(base, theirs)
    anchors = [(index, to_yours[index], to_theirs[index]) for index in sorted(to_yours.keys() & to_theirs.keys())]
    start = (0, 0, 0)
    for anchor in (*anchors, (len(base), len(yours), len(theirs))):
        old, mine, new = (text[a:b] for text, a, b in zip((base, yours, theirs), start, anchor, strict=True))
        if old or mine or new:
            yield _Region(old, mine, new, start[1])
        if anchor[0] < len(base):
            line = base[anchor[0] : anchor[0] + 1]
            yield _Region(line, line, line, anchor[1])
        start = (anchor[0] + 1, anchor[1] + 1, anchor[2] + 1)


def _matches(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Index in the base -> index in the other text of the same line, in order in both."""
    head = _common(base, side)
    tail = _common(base[head:][::-1], side[head:][::-1])
    found = {index: index for index in range(head)}
    rest = (base[head : len(base) - tail], side[head : len(side) - tail])
    found.update((head + one, head + other) for one, other in _within(*rest))
    found.update((len(base) - number, len(side) - number) for number in range(1, tail + 1))
    return found


def _within(base: Sequence[str], side: Sequence[str]) -> Iterator[tuple[int, int]]:
    if not base or not side:
        return
    from difflib import SequenceMatcher  # noqa: PLC0415 - only a kept file that changes on both sides needs it

    for block in SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines the two begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
