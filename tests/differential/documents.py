"""Documents to hold readers against each other: real ones, odd ones, invented ones, and all of them mutated."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from compiler.rules import all_rules
from compiler.rules.page import page
from compiler.text.reading import quickly_read
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ODD = (
    "a: |\n  x\n  y\n\nb: c\n",
    "a: |-\n    x\n      y\n\n    z\nb: c\n",
    "a: |+\n  x\n\n\nb: c\n",
    "a: |2\n   x\n  y\n",
    "a: >\n  x\n  y\n\n  z\n   w\n  v\n",
    "a: >-\n  x\n\n\n  y\n# z\nb: c\n",
    "a: >-\n  x\n  y\n  # no comment\nb:\n  - >\n    c\n    d\n",
    "a: |\n  x",
    "a: |\n\n  x\n",
    "a: |\nb: c\n",
    "a: | # b\n  x\n",
    "a: >#b\n  x\n",
    "a:\n  - |\n    x\n  - y\n",
    "a: 'it''s'\nb: \"c d\"\nc: \"x\\ty\\n\"\nd: ''\ne: \"\"\n",
    'a: "\\x41\\u00e9\\U0001f600\\/"\n',
    'a: "\\0"\nb: "\\ud83d"\n',
    "a: 'b\n  c'\nd: e\n  f\n",
    'a: "b\n\n  c \\\n  d"\n',
    "'a b': c\n\"d\": e\n? f\n: g\n",
    "? |\n  a\n: b\n? - c\n: d\n",
    "a:\n- b\n- c: d\n  e:\n  - f\ng: h\n",
    "a:\n  - - b\n    - c\n  - d\n",
    "a:\n  -\n  - b:\n  -\n    c: d\n",
    "client:\n  - a\n  -  # b\n  -  # c\n",
    "a:\n # c\n  -\n # d\n  - | # e\n    f\n",
    "---\na: b\n",
    "# c\n---\na: b\n...\n",
    "a: b\n...\n\n...\n",
    "%YAML 1.2\n---\na: b\n",
    "a: 1\n---\nb: 2\n",
    "# t\na: # b\n  # c\n\n  # d\n  e:\n    # f\n    - g # h\n    # i\n    - j\n  # k\nl:\n# m\n- n\n# o\n",
    "a:  # b\n      # c\n  d\n",
    "a:  # b\n      # c\n\n  # d\n  e: f\n   # g\n\n  - h\n",
    "a:\n  b\nc:\n  'd'\n",
    "a:\n  b: c\nd:\n    e: f\n",
    "a:\n- b: c\n- d:\n      e: f\n  g:\n      h: i\n",
    "a: b\ta\n",
    "a: b\t# c\n",
    "a:\tb\n",
    "a: b\n\t\nc: d\n",
    "a: 'b\tc'\n",
    "a: |\n  b\tc\n",
    "a:\n  <<: b\n",
    "'<<': b\n",
    "<<:\n  a: b\n",
    "a: <<\nb: =\nc: ~\nd: null\ne: 1.10\nf: 010\ng: yes\nh: 2001-01-01\ni: 1:30\nj: .inf\n",
    "=: a\n~: b\n1: c\n1.0: d\ntrue: e\n",
    ": a\n",
    "a: &b c\nd: *b\n",
    "a: !!str b\nc: !d e\n",
    "a: {b: c}\nd: [e, f]\n",
    "a: 1\nb: 2\na: 3\n",
    "a\n",
    "- a\n",
    "",
    "a: x\u2028y\n",
    "a: x\u0085y\n",
    "a: x\ufeffy\n",
    "\ufeffa: b\n",
    "a: x\u00a0y\u200d\U0001f600\n",
    "é: ü\n",
    "a: b\r\nc:\r\n  - d\r\n",
    "a: b\rc: d\n",
    "a: @b\n",
    "a: `b\n",
    "a: %b\nc: -d\ne: --f\ng: ?h\ni: :j\n",
    "a: b: c\n",
    "a: b:\n",
    "a: b #c\nd: e#f\ng:#h\n",
    "a: http://b:1/c?d=e&f#g\n",
    "a: ${b.c} {d}\n",
    "a : b\nc  : d\n",
    "a:   b   \nc:    \nd:\n",
    "  a: b\n  c: d\n",
    "a: 1\n=======\n",
    "a: 1\n======= : 2\n",
    f"{'k' * 130}: v\n{'k' * 1030}: v\n",
)
"""What YAML readers disagree about, and what they merely might."""

TOKENS = (
    *("#", " #", " # x", "\n", "\n\n", " ", "  ", "    ", "\t", "-", "- ", "-\n", ":", ": ", ":\n", "'", "''", '"'),
    *("\\", "\\n", "|", "|-", "|+", ">", ">-", "|2", ">1-", "?", "? ", "&a", "*a", "!!str", "!x", "<<", "<<: "),
    *("{", "}", "[", "]", ",", "%", "@", "`", "~", "=", "null", "1.10", "é", "\u00a0", "\u200d", "\U0001f600"),
    *("\r\n", "\r", "---\n", "...\n", "---", "x", "a: b", "\na: b", "\n  a: b", "\n# c\n", "\n    # c\n", "a"),
    *("\ufeff", "\u2028", "\x85", "\x00", "*", '"\\x41\\u00e9"', "\\0", "\\ud83d", "%YAML 1.2\n---\n", "  - "),
    *("\n  - x\n", "\n- x\n", "key: |\n  x\n", "key: >\n  x\n  y\n\n   z\n", " |\n     t\n    u\n", " >-\n", "\\\n"),
)


@cache
def corpus() -> tuple[str, ...]:
    """Every manifest and kind there is, those of the rules' pages among them."""
    patterns = ("templates/kinds/*/kind.yaml", "examples/*/*.yaml", "tests/manifests/*/*.yaml")
    files = (path.read_text() for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    pages = (texts for rule in all_rules() for texts in (page(rule).bad, page(rule).good))
    return (*files, *(text for texts in pages for path, text in texts.items() if path.endswith(".yaml")))


def document(random: Random) -> str:
    """A document: half of them are real, a quarter odd, a quarter invented; most are mutated."""
    kind = random.randrange(4)
    text = _part(random, random.choice(corpus())) if kind < 2 else random.choice(ODD) if kind == 2 else invented(random)
    if random.randrange(7) == 0:
        text = text.replace("\n", "\r\n")
    return mutated(random, text) if random.randrange(8) else text


def mutated(random: Random, text: str) -> str:
    """The text after a few edits, of its characters and of its lines."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
        text = random.choice(_EDITS)(random, text)
    return text


def invented(random: Random) -> str:
    """A valid document, or nearly so, full of comments."""
    lines: list[str] = []
    _invent_mapping(random, lines, 0, 0)
    _remark(random, lines)
    return "\n".join((*lines, ""))


def _part(random: Random, text: str) -> str:
    """Some of the lines, from one at the margin on: short documents are compared sooner."""
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if line[:1] not in ("", " ", "-", "#")]
    if not starts or not random.randrange(5):
        return text
    start = random.choice(starts)
    return "\n".join(lines[start : start + random.randrange(5, 30)])


def _inserted(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TOKENS) + text[at:]


def _replaced(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(TOKENS) + text[at + random.randrange(1, 4) :]


def _removed(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.randrange(1, 4) :]


def _relined(edit: Callable[[Random, list[str], int], None]) -> Callable[[Random, str], str]:
    def edited(random: Random, text: str) -> str:
        lines = text.split("\n")
        edit(random, lines, random.randrange(len(lines)))
        return "\n".join(lines)

    return edited


def _line_repeated(random: Random, lines: list[str], at: int) -> None:
    lines.insert(random.randrange(len(lines) + 1), lines[at])


def _line_removed(_random: Random, lines: list[str], at: int) -> None:
    del lines[at]


def _line_moved(random: Random, lines: list[str], at: int) -> None:
    step = random.randrange(1, 4)
    lines[at] = " " * step + lines[at] if random.randrange(2) else lines[at][step:]


def _line_opened(random: Random, lines: list[str], at: int) -> None:
    inner = lines[at].lstrip(" ")
    lines[at] = " " * (len(lines[at]) - len(inner)) + random.choice(TOKENS) + inner


def _line_ended(random: Random, lines: list[str], at: int) -> None:
    lines[at] += random.choice(TOKENS)


_EDITS = (
    _inserted,
    _inserted,
    _inserted,
    _replaced,
    _removed,
    *map(_relined, (_line_repeated, _line_removed, _line_moved, _line_opened, _line_ended)),
)


def _remark(random: Random, lines: list[str]) -> None:
    count = random.choice((0, 0, 0, 0, 1, 2))
    lines.extend(" " * random.randrange(9) + "# c" if random.randrange(3) else "" for _ in range(count))


def _tail(random: Random) -> str:
    return random.choice(("", "", "", " ", " # t"))


def _invent_mapping(random: Random, lines: list[str], indent: int, depth: int) -> None:
    for key in "abc"[: random.randrange(1, 4)]:
        _remark(random, lines)
        form = random.randrange(6) if depth < 4 else 0
        value = random.choice((" v", " v w", " 'v'", ' "v"', "", " |\n" + " " * (indent + 3) + "v"))
        lines.append(" " * indent + key + ":" + (value if form < 3 else "") + _tail(random))
        if form >= 3:
            _remark(random, lines)
            invent = _invent_list if form == 3 else _invent_mapping
            invent(random, lines, indent + random.choice((0, 2) if form == 3 else (2, 2, 2, 3)), depth + 1)


def _invent_list(random: Random, lines: list[str], indent: int, depth: int) -> None:
    for _ in range(random.randrange(1, 4)):
        _remark(random, lines)
        form = random.randrange(8)
        item = random.choice((" v", " 'v'", " v w", " v: w", " |\n" + " " * (indent + 2) + "v")) if form else ""
        lines.append(" " * indent + "-" + item + _tail(random))
        if item == " v: w" and depth < 4:
            _invent_mapping(random, lines, indent + 2, depth + 1)


def long_document(random: Random) -> str:
    """A document with sections of many entries, most of them right, and a few mistakes anywhere."""
    lines: list[str] = []
    for section in range(random.randrange(1, 3)):
        lines.append(f"section{section}:" + _tail(random))
        keys = [f"key{index}" for index in range(random.randrange(2, 30))]
        for key in (*keys, *(random.choice(keys) for _ in range(random.randrange(2)))):
            _remark(random, lines)
            lines.extend(_entry(random, key))
    for _ in range(random.randrange(4)):
        at = len(lines) - 1 - int(len(lines) * random.random() ** 3)
        lines[at : at + 3] = random.choice(_EDITS)(random, "\n".join(lines[at : at + 3])).split("\n")
    return "\n".join((*lines, ""))


def _entry(random: Random, key: str) -> list[str]:
    """Lines that are right, of some length."""
    lines: list[str] = []
    while len(lines) < 8 or quickly_read("\n".join(("section:", *lines, "")).encode()) is None:
        lines = [f"  {key}:" + _tail(random)]
        _invent_mapping(random, lines, 4, 2)
    return lines if random.randrange(10) else [f"  {key}:"]
