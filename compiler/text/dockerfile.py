"""The instructions of a Dockerfile, as its reference defines lines, comments, heredocs and variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from compiler.text.lines import lines_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

_DIRECTIVE = regex(r"#\s*([a-zA-Z][\w-]*)\s*=\s*(.*)")
_HEREDOC = regex(r"""(?:^|(?<=\s))\d*<<(-?)(["']?)([^\s<"'&|;>]+)\2(?=\s|$)""")
_HOLDS_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})
_VARIABLE = regex(r"\\(.)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})|\$\{([A-Za-z_]\w*):?([-+?])")


class Instruction(NamedTuple):
    """One instruction: `name` in capitals, `rest` with continued lines joined, the bodies of its heredocs, its line."""

    name: str
    rest: str
    bodies: tuple[str, ...]
    line: int


def instructions_of(text: str) -> Iterator[Instruction]:
    """The instructions in order; what no builder could read is skipped over, never raised."""
    lines = lines_of(text.removeprefix("\ufeff"))
    ending = _continuation(lines)
    index = 0
    while index < len(lines):
        start = index
        joined, index = _joined(lines, index, ending)
        name, _, rest = joined.strip().partition(" ")
        if not name:
            continue
        bodies: tuple[str, ...] = ()
        if name.upper() in _HOLDS_HEREDOCS:
            bodies, index = _bodies(rest, lines, index)
        yield Instruction(name.upper(), rest.strip(), bodies, start + 1)


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """The text with `$X`, `${X}`, `${X:-other}`, `${X:+other}` and `${X:?message}` replaced; unset ones are empty."""
    pieces: list[str] = []
    index = 0
    while match := _VARIABLE.search(text, index):
        pieces.append(text[index : match.start()])
        escape, bare, braced, name, sign = match.groups()
        index = match.end()
        if escape is not None:
            pieces.append(escape if escape == "$" else match.group())
        elif bare or braced:
            pieces.append(variables.get(bare or braced, ""))
        else:
            end = _closing(text, index)
            pieces.append(_chosen(variables.get(name, ""), sign, expanded(text[index:end], variables)))
            index = end + 1
    return "".join([*pieces, text[index:]])


def assignments(rest: str) -> list[tuple[str, str | None]]:
    """The names and values of an ARG or ENV instruction, unexpanded; the value is None where none is given."""
    words = words_of(rest)
    if words and "=" not in words[0] and len(words) > 1:
        return [(words[0], rest.split(None, 1)[1].strip())]  # the old form: ENV NAME all the rest
    pairs = (word.partition("=") for word in words)
    return [(name, value if equals else None) for name, equals, value in pairs]


def words_of(text: str) -> list[str]:
    """The words of a line, quotes removed; split at blanks where the quotes do not match."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _continuation(lines: tuple[str, ...]) -> re.Pattern[str]:
    """What ends a line that goes on: directives count only above everything else."""
    escape = "\\"
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if match is None:
            break
        if match.group(1).lower() == "escape" and match.group(2) in {"\\", "`"}:
            escape = match.group(2)
    mark = re.escape(escape)
    return regex(rf"(?<!{mark}){mark}[ \t]*$")


def _joined(lines: tuple[str, ...], index: int, ending: re.Pattern[str]) -> tuple[str, int]:
    """The logical line that starts at `index` and the index after it; comments and blank lines inside vanish."""
    pieces: list[str] = []
    while index < len(lines):
        line = lines[index]
        index += 1
        if not line.strip() or line.lstrip().startswith("#"):
            if pieces:
                continue
            return "", index
        match = ending.search(line)
        pieces.append(line[: match.start()] if match else line)
        if match is None:
            break
    return re.sub(r"^(\s*\S+)\s", r"\1 ", "".join(pieces)), index


def _bodies(rest: str, lines: tuple[str, ...], index: int) -> tuple[tuple[str, ...], int]:
    bodies: list[str] = []
    for dash, _, word in _HEREDOC.findall(rest):
        ends = (at for at in range(index, len(lines)) if (lines[at].lstrip("\t") if dash else lines[at]) == word)
        end = next(ends, None)
        if end is None:
            break
        bodies.append("\n".join(lines[index:end]))
        index = end + 1
    return tuple(bodies), index


def _closing(text: str, index: int) -> int:
    depth = 1
    for at in range(index, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return at
    return len(text)


def _chosen(value: str, sign: str, other: str) -> str:
    if sign == "+":
        return other if value else ""
    return value or (other if sign == "-" else "")
