"""Names that are alike: `difflib`'s own measure, asked only of names that share enough letters to reach it.

How many letters each name shares with a text is counted for all names at once: a number holds one bit for each name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Letters(NamedTuple):
    """Names as bits: which of them hold a letter for the nth time, and which have a length."""

    names: tuple[str, ...]
    holding: Mapping[tuple[str, int], int]
    lengths: Mapping[int, int]


def most_alike(text: str, letters: Letters, cutoff: float, but: str = "") -> str:
    """The name with the highest ratio to the text, of `cutoff` at least; of several the last in the alphabet.

    Empty where there is none; `but` is left out. Gives what `difflib.get_close_matches` would.
    """
    import difflib  # noqa: PLC0415 - only where something is misspelt

    sharing = [name for name in _sharing(text, letters, cutoff) if name != but]
    found = difflib.get_close_matches(text, sharing, 1, cutoff)
    return found[0] if found else ""


def letters_of(names: tuple[str, ...]) -> Letters:
    """The letters of these names, none of them empty."""
    holding: dict[tuple[str, int], list[int]] = {}
    lengths: dict[int, list[int]] = {}
    for index, name in enumerate(names):
        lengths.setdefault(len(name), []).append(index)
        seen: dict[str, int] = {}
        for letter in name:
            nth = seen[letter] = seen.get(letter, -1) + 1
            holding.setdefault((letter, nth), []).append(index)
    size = len(names)
    return Letters(
        names,
        {key: _bits(indexes, size) for key, indexes in holding.items()},
        {length: _bits(indexes, size) for length, indexes in lengths.items()},
    )


def _sharing(text: str, letters: Letters, cutoff: float) -> Iterator[str]:
    """The names whose letters, in whatever order, are enough for the ratio."""
    counts = _counts(text, letters)
    for length, of_length in letters.lengths.items():
        whole = len(text) + length
        least = next(shared for shared in range(whole + 1) if 2.0 * shared / whole >= cutoff)
        yield from (letters.names[index] for index in _indexes(_at_least(least, counts, of_length)))


def _counts(text: str, letters: Letters) -> list[int]:
    """How many letters each name shares with the text, in binary: a number for each digit, the lowest first."""
    digits: list[int] = []
    for letter in dict.fromkeys(text):
        for nth in range(text.count(letter)):
            carry = letters.holding.get((letter, nth), 0)
            for place, digit in enumerate(digits):
                digits[place], carry = digit ^ carry, digit & carry
            if carry:
                digits.append(carry)
    return digits


def _at_least(least: int, counts: list[int], among: int) -> int:
    """The names among these that share so many letters or more."""
    if least >= 1 << len(counts):
        return 0 if least else among
    more, same = 0, among
    for place in reversed(range(len(counts))):
        if least >> place & 1:
            same &= counts[place]
        else:
            more |= same & counts[place]
            same &= ~counts[place]
    return more | same


def _indexes(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _bits(indexes: list[int], size: int) -> int:
    held = bytearray(size // 8 + 1)
    for index in indexes:
        held[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(held, "little")
