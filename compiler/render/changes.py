"""Changes of a plan for a terminal, for a pull request, and for other programs."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from compiler.changes.change import Weight
from compiler.changes.kind import listed
from compiler.render.colour import COLOURED, PLAIN
from compiler.spell.json import json_document
from compiler.spell.markdown import markdown_code, markdown_text
from compiler.text.display import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compiler.changes.change import Change
    from compiler.changes.kind import ChangeKind
    from compiler.render.colour import Palette

MARKER = "<!-- periplus-diff -->"
"""The first line of a comment: by it a later run finds the comment to update."""
SCHEMA_VERSION = 1
_LONGEST = 60_000
"""GitHub takes 65,536 characters; counted in bytes, which are never fewer."""
_WIDTH = 80
_DO = "do: "
_JOINT = "\ue000"
"""Of the private use area: what stands for a blank where no line may end."""
_NOTHING = "nothing in the plan changes"
_TITLES = {Weight.BREAKING: "Breaking", Weight.NOTABLE: "Notable", Weight.QUIET: "Quiet"}
_MEANINGS = {
    Weight.BREAKING: "somebody or some data breaks unless they act",
    Weight.NOTABLE: "a reviewer should look",
    Weight.QUIET: "harmless",
}
_HEAD = """\
# Changes

<!-- generated from compiler/changes: run `make docs` -->

`periplus diff` compares two plans and tells each difference as one of these kinds. A kind has a weight: *breaking*
where somebody or some data breaks unless they act, *notable* where a reviewer should look, *quiet* where it is
harmless.
The names are stable; they stand in `periplus diff --format json` as `kind`.
"""


def changes_text(changes: Sequence[Change], *, colour: bool) -> str:
    """Grouped by weight, in lines of at most 80 columns where words allow."""
    palette = COLOURED if colour else PLAIN
    if not changes:
        return f"{_NOTHING}\n"
    groups = (_group(weight, members, palette) for weight, members in _by_weight(changes).items() if members)
    return "\n".join([*groups, f"{palette.strong}{headline(changes)}{palette.end}\n"])


def changes_markdown(changes: Sequence[Change]) -> str:
    """A comment for a pull request, at most 60,000 bytes: breaking changes open, all others folded."""
    head = f"{MARKER}\n### Periplus: {headline(changes)}\n"
    room = _LONGEST - len(head.encode()) - sum(map(len, _TITLES.values())) - 1000
    parts = [head]
    for weight, members in _by_weight(changes).items():
        if not members:
            continue
        lines = list(_fitting(members, room))
        room -= sum(len(line.encode()) for line in lines)
        left = len(members) - len(lines)
        more = f"- and {left} more, left out here: run `periplus diff`\n" if left else ""
        parts.append(_section(weight, len(members), "".join([*lines, more])))
    return "\n".join(parts)


def changes_json(changes: Sequence[Change]) -> str:
    """A document that follows `schemas/diff.schema.json`."""
    counts = {weight.value: len(members) for weight, members in _by_weight(changes).items()}
    listed = [{**change._asdict(), "weight": change.weight.value} for change in changes]
    return json_document({"schema_version": SCHEMA_VERSION, "counts": counts, "changes": listed})


def headline(changes: Sequence[Change]) -> str:
    """`2 breaking changes, 1 notable and 12 quiet`, or that nothing does."""
    counts = [(len(members), weight.value) for weight, members in _by_weight(changes).items() if members]
    if not counts:
        return _NOTHING
    first, *others = counts
    words = [f"{first[0]} {first[1]} change{'' if first[0] == 1 else 's'}", *(f"{n} {what}" for n, what in others)]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def kinds_markdown(areas: Mapping[str, tuple[ChangeKind, ...]]) -> str:
    """The manual page of all kinds of change."""
    parts = [_HEAD]
    for title, kinds in areas.items():
        parts.append(f"## {title}\n")
        parts.extend(_kind(kind) for kind in kinds)
    return "\n".join(parts)


def _kind(kind: ChangeKind) -> str:
    action = f"\n*What to do:* {kind.action}.\n" if kind.action else ""
    return f"### {kind.name}\n\n**{kind.weight.value.capitalize()}.** {kind.meaning}\n{action}"


def _by_weight(changes: Iterable[Change]) -> dict[Weight, list[Change]]:
    groups: dict[Weight, list[Change]] = {weight: [] for weight in Weight}
    for change in changes:
        groups[change.weight].append(change)
    return groups


def _group(weight: Weight, members: Sequence[Change], palette: Palette) -> str:
    tint = {Weight.BREAKING: palette.error, Weight.NOTABLE: palette.warning, Weight.QUIET: palette.note}[weight]
    head = f"{tint}{weight.value}{palette.end}: {_MEANINGS[weight]}\n"
    return head + "".join(_entry(change, palette) for change in members)


def _entry(change: Change, palette: Palette) -> str:
    told = _filled(f"{_where(change)}{change.told}", "- ", "  ")
    action = _filled(_unbroken(change.action), _DO, "    ", "  ").replace(_JOINT, " ") if change.action else ""
    return told + action.replace(_DO, f"{palette.help}{_DO.strip()}{palette.end} ", 1)


def _unbroken(text: str) -> str:
    """The text with each command in one piece, so that it can be copied from a terminal."""
    return re.sub(r"`[^`]*`", lambda match: match.group().replace(" ", _JOINT), text)


def _filled(text: str, first: str, further: str, margin: str = "") -> str:
    lines = textwrap.wrap(
        escaped(text),
        _WIDTH,
        initial_indent=margin + first,
        subsequent_indent=margin + further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{line}\n" for line in lines)


def _where(change: Change) -> str:
    return f"in {listed(list(change.environments))}: " if change.environments else ""


def _section(weight: Weight, count: int, text: str) -> str:
    title = f"{_TITLES[weight]}: {_MEANINGS[weight]}"
    if weight is Weight.BREAKING:
        return f"#### {title}\n\n{text}"
    return f"<details><summary>{title} ({count})</summary>\n\n{text}\n</details>\n"


def _fitting(members: Iterable[Change], room: int) -> Iterator[str]:
    """As many entries as there is room for, in bytes."""
    for change in members:
        action = f"\n  *What to do:* {_encoded(change.action)}" if change.action else ""
        line = f"- {_encoded(_where(change) + change.told)}{action}\n"
        room -= len(line.encode())
        if room < 0:
            return
        yield line


def _encoded(text: str) -> str:
    """What stands between backticks as code, all else as text: nothing in it is mark-up, a mention or an issue."""
    pieces = re.split(r"`([^`]*)`", escaped(text))
    return "".join(_code(piece) if index % 2 else _spaced(piece) for index, piece in enumerate(pieces) if piece)


def _code(text: str) -> str:
    """A code span outside a table, where a bar needs no escape, and would show it."""
    return markdown_code(text).replace("\\|", "|")


def _spaced(text: str) -> str:
    """Text with the blanks at its ends, which the encoder takes off."""
    inner = markdown_text(text)
    start = " " if text[:1].isspace() else ""
    return f"{start}{inner}{' ' if inner and text[-1:].isspace() else ''}"
