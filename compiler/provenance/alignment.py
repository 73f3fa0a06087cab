"""Which lines of a text are not in another version of it any more."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from compiler.provenance.renaming import TOKEN
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    _Identity = tuple[int, str, int]

_NESTED = (".yml", ".yaml", ".json", ".conf")
"""Files in which a line stands in what is indented less above it."""
_TOKEN = regex(f"(?i){TOKEN}")
_KEY = regex(r"[^:{]*[:{]?")


def gone(path: str, before: str, after: str) -> frozenset[int]:
    """The lines (1-based) of `before` that do not stand in `after` as they were, in their place."""
    if before == after:
        return frozenset()
    one, other = before.split("\n"), after.split("\n")
    if path.endswith(_NESTED):
        known: dict[_Identity, int] = {}
        there = set(_identities(other, known))
        return frozenset(number for number, line in enumerate(_identities(one, known), 1) if line not in there)
    return _replaced(one, other)


def _identities(lines: Sequence[str], known: dict[_Identity, int]) -> Iterator[int]:
    """For each line a number for what tells it from every other: its text, what it stands in, how often it came."""
    above: list[tuple[int, int]] = [(-1, -1)]
    seen: dict[tuple[int, str], int] = {}
    for line in lines:
        text = line.strip()
        depth = len(line) - len(line.lstrip())
        while text and above[-1][0] >= depth:
            above.pop()
        parent = above[-1][1]
        said = (parent, text.removesuffix(","))
        seen[said] = seen.get(said, 0) + 1
        yield known.setdefault((*said, seen[said]), len(known))
        if text:
            key = text if text.startswith("- ") else (_KEY.match(text) or [text])[0]
            above.append((depth, known.setdefault((parent, _TOKEN.sub("", key), 0), len(known))))


def _replaced(one: Sequence[str], other: Sequence[str]) -> frozenset[int]:
    head = _common(one, other)
    tail = _common(one[head:][::-1], other[head:][::-1])
    rest, new = one[head : len(one) - tail], other[head : len(other) - tail]
    lost = set(range(len(rest)))
    if rest and new:
        from difflib import SequenceMatcher  # noqa: PLC0415 - start-up

        for block in SequenceMatcher(None, rest, new, autojunk=False).get_matching_blocks():
            lost.difference_update(range(block.a, block.a + block.size))
    return frozenset(head + number + 1 for number in lost)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
