"""Names that are alike: what a slip of the hand makes of one another.

Letters swapped, doubled, dropped or taken from the next key cost less than others; case, `-` and `_` cost nothing.
How many letters each name shares with a text is counted for all names at once, a number holding one bit for each name:
only those that share enough are measured.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WRONG, _NEIGHBOUR, _ONE_MORE, _SLIP, _AT_THE_START = 10, 8, 9, 7, 1
"""A wrong letter, one of the next key, one too many or too few, one doubled or swapped; so much more at the start."""
_ALLOWED = ((2, 7), (3, 9), (5, 10), (7, 16), (15, 20))
"""Up to so many letters, so much may be wrong: short words that differ are other words."""
_MOST = 26
_SURE = 10
"""What is sure costs no more than this, and everything else costs more than this besides."""
_SHORTEST_SURE = 3
_LONGEST = 100
"""Letters: nobody has a longer name, and to measure one takes time."""
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SEPARATORS = {ord(separator): None for separator in "-_. "}


class Likeness(NamedTuple):
    """The name that was probably meant; `is_sure` where nobody could mean anything else."""

    name: str = ""
    is_sure: bool = False


class _Word(NamedTuple):
    """What of a name counts, its digits apart, and what each letter costs where the other word lacks it."""

    name: str
    form: str
    digits: str
    more: tuple[int, ...]


class _Letters(NamedTuple):
    """Words as bits: which of them hold a letter for the nth time, and which have a length."""

    words: tuple[_Word, ...]
    holding: Mapping[tuple[str, int], int]
    lengths: Mapping[int, int]


@lru_cache(maxsize=8192)  # each environment misses the same
def most_alike(written: str, names: tuple[str, ...], but: str = "") -> Likeness:
    """Which of the names was probably meant, not counting what is written itself and the name `but`.

    None where the nearest is too far away, or two are as near.
    """
    if len(written) > _LONGEST:
        return Likeness()
    word = _word(written)
    others = {written, but}
    found = [
        (_cost(word, other), other.name.lower() != written.lower(), other)
        for other in _sharing(word.form, _letters(names))
        if other.name not in others and not _are_numbered_apart(word, other)
    ]
    nearest, *rivals = sorted(found, key=lambda each: each[:2])[:2] or [(_MOST + 1, True, word)]
    if nearest[0] > _allowed(max(len(word.form), len(nearest[2].form))) or any(
        rival[:2] == nearest[:2] for rival in rivals
    ):
        return Likeness()
    return Likeness(nearest[2].name, _is_surely(word, nearest[2], nearest[0], [rival[0] for rival in rivals]))


def _is_surely(word: _Word, meant: _Word, cost: int, rivals: list[int]) -> bool:
    """Whether so little is wrong, and all else so far away, that there is nothing to ask."""
    is_long = min(len(word.form), len(meant.form)) >= _SHORTEST_SURE
    is_near = cost <= _SURE and word.digits == meant.digits
    return is_long and is_near and all(rival > cost + _SURE for rival in rivals)


def _are_numbered_apart(word: _Word, other: _Word) -> bool:
    """Whether both are numbered, and not alike: `worker-2` is no slip for `worker-1`."""
    return bool(word.digits and other.digits) and word.digits != other.digits


def _allowed(length: int) -> int:
    """What may be wrong between two words of which the longer has so many letters."""
    return next((cost for longest, cost in _ALLOWED if length <= longest), _MOST)


def _limit(length: int) -> int:
    """What costs more is neither meant nor a rival of what is surely meant."""
    return max(_allowed(length), 2 * _SURE)


def _cost(word: _Word, other: _Word) -> int:
    """What is wrong with the one word if the other was meant; of what is too far away, no less than too much."""
    written, name = word.form, other.form
    limit = _limit(max(len(written), len(name)))
    last: list[int] = []
    here = [sum(other.more[:column]) for column in range(len(name) + 1)]
    for row, letter in enumerate(written):
        before_last, last, here = last, here, [here[0] + word.more[row]]
        for column, meant in enumerate(name):
            costs = [last[column] + _wrong(letter, meant, row), last[column + 1] + word.more[row]]
            costs.append(here[column] + other.more[column])
            if row and column and letter == name[column - 1] and meant == written[row - 1]:
                costs.append(before_last[column - 1] + _SLIP)
            here.append(min(costs))
        if min(here) > limit and min(last) > limit:
            return limit + 1
    return here[-1]


def _wrong(letter: str, meant: str, row: int) -> int:
    if letter == meant:
        return 0
    return (_NEIGHBOUR if meant in _neighbours(letter) else _WRONG) + (0 if row else _AT_THE_START)


@cache
def _neighbours(letter: str) -> str:
    """The letters and digits around one of them on a keyboard."""
    for number, row in enumerate(_ROWS):
        at = row.find(letter)
        if at >= 0:
            above, below = _ROWS[number - 1] if number else "", "".join(_ROWS[number + 1 : number + 2])
            return row[max(at - 1, 0) : at + 2] + above[at : at + 2] + below[max(at - 1, 0) : at + 1]
    return ""


def _word(name: str) -> _Word:
    form = name.lower().translate(_SEPARATORS)
    digits = "".join(letter for letter in form if letter.isdigit())
    return _Word(name, form, digits, tuple(_one_more(form, at) for at in range(len(form))))


def _one_more(form: str, at: int) -> int:
    """What the letter costs where the other word lacks it: a plural or a doubled letter is a slip."""
    if not at:
        return _ONE_MORE + _AT_THE_START
    is_slip = form[at] == form[at - 1] or (form[at] == "s" and at == len(form) - 1)
    return _SLIP if is_slip else _ONE_MORE


@lru_cache(maxsize=16)
def _letters(names: tuple[str, ...]) -> _Letters:
    words = tuple(_word(name) for name in dict.fromkeys(names) if 0 < len(name) <= _LONGEST)
    holding: dict[tuple[str, int], list[int]] = {}
    lengths: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        lengths.setdefault(len(word.form), []).append(index)
        seen: dict[str, int] = {}
        for letter in word.form:
            nth = seen[letter] = seen.get(letter, -1) + 1
            holding.setdefault((letter, nth), []).append(index)
    size = len(words)
    return _Letters(
        words,
        {key: _bits(indexes, size) for key, indexes in holding.items()},
        {length: _bits(indexes, size) for length, indexes in lengths.items()},
    )


def _sharing(form: str, letters: _Letters) -> Iterator[_Word]:
    """The words whose letters, in whatever order, are enough to be meant or to be a rival."""
    counts = _counts(form, letters)
    for length, of_length in letters.lengths.items():
        longest = max(len(form), length)
        least = max(longest - _limit(longest) // _SLIP, 0)
        yield from (letters.words[index] for index in _indexes(_at_least(least, counts, of_length)))


def _counts(text: str, letters: _Letters) -> list[int]:
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
