"""What strictyaml makes of a document, and what is wrong with one that it refuses.

strictyaml is the authority on what is accepted and on the words of a syntax error, never on positions: its own
loader reads the text once, its events are kept, and `spans` builds values and places from them. The loader is the
first stage of `strictyaml.load` and linear; its validators are quadratic and add nothing to acceptance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Protocol, cast

from compiler.model.finding import Defect
from compiler.model.source import Document, Place, Span
from compiler.passes.parsed import DEEPEST, LARGEST_BYTES, LARGEST_UNUSUAL, Parsed, document_of
from compiler.passes.spans import Built, Event, Misuse, TextMark, build
from compiler.text.lines import lines_of, position_of
from compiler.text.reading import FORBIDDEN
from compiler.text.twin import twin

_MOST_CHARACTERS = 10
_MOST_MARKS = 40
_MOST_REPEATED = 20
_READ_ON, _SHORT_LINE = 16 * 1024, 1024
_READ_AHEAD = 1100
"""A key is known as one by the `:` after it, at most 1024 characters on."""
_CLOSED = re.compile(r""""(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'(?!')""", re.DOTALL)
_TOKEN = re.compile(r"\S+")
_MERGE_KEY = re.compile(r"[ -]*(<<) *: *")
_ENTRY = re.compile(r" *(?:- +)*(?=[A-Za-z0-9_$])")
"""What stands before a key."""
_CONFLICT = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$", re.MULTILINE)
_DISALLOWED = {
    "FlowMappingDisallowed": "yaml.flow-style",
    "AnchorTokenDisallowed": "yaml.anchor",
    "TagTokenDisallowed": "yaml.tag",
}
_OPENING = ("while scanning a simple key", "while scanning a quoted scalar", "while scanning a double-quoted scalar")


class _IndexedMark(TextMark, Protocol):
    """A spot in the text that was read, also as one number."""

    index: int


class _Objection(Protocol):
    """An error of strictyaml's with its marks."""

    context: str | None
    context_mark: TextMark
    problem: str
    problem_mark: _IndexedMark


class _TooDeepError(Exception):
    """Nesting beyond DEEPEST, found before any recursion can overflow."""


def parse_strictly(content: bytes, path: str) -> Parsed:
    """The content of `path` as plain values with all their places, and every defect that stands in the way."""
    if len(content) > LARGEST_BYTES:
        facts = {"bytes": str(len(content)), "largest": str(LARGEST_BYTES)}
        return Parsed(None, Document(path, "", {}, {}), (Defect("yaml.too-large", Place(path), facts),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _undecodable(content, path, error)
    defects = tuple(_forbidden_characters(text, path)) or tuple(_conflicts(text, path))
    if defects:
        return Parsed(None, Document(path, text, {}, {}), defects)
    return _parse_text(text, path)


def _undecodable(content: bytes, path: str, error: UnicodeDecodeError) -> Parsed:
    text = content.decode("utf-8", errors="replace")
    before = content[: error.start].decode("utf-8-sig", errors="replace")
    line, column = position_of(before, len(before))
    at = Place(path, line=line, column=column)
    facts = {"byte": f"0x{content[error.start]:02x}"}
    return Parsed(None, Document(path, text, {}, {}), (Defect("yaml.encoding", at, facts),))


def _forbidden_characters(text: str, path: str) -> Iterator[Defect]:
    for count, match in enumerate(re.finditer(FORBIDDEN, text)):
        if count == _MOST_CHARACTERS:
            return
        line, column = position_of(text, match.start())
        facts = {"character": f"U+{ord(match.group()):04X}"}
        yield Defect("yaml.control-character", Place(path, line=line, column=column), facts)


def _conflicts(text: str, path: str) -> Iterator[Defect]:
    """Each conflict of a merge, where its marks begin and where they end: no YAML has such lines at the margin."""
    marks: list[Place] = []
    for match in islice(_CONFLICT.finditer(text), _MOST_MARKS):
        if match.group(1).startswith("<") and marks:
            yield Defect("yaml.conflict", marks[0], {}, tuple(marks[-1:]))
            marks = []
        line, column = position_of(text, match.start())
        marks.append(Place(path, line=line, column=column))
        if match.group(1).startswith(">"):
            yield Defect("yaml.conflict", marks[0], {}, tuple(marks[-1:]))
            marks = []
    if marks:
        yield Defect("yaml.conflict", marks[0], {}, tuple(marks[-1:]))


def _parse_text(text: str, path: str) -> Parsed:
    quick = twin("compiler.passes.quick_narrow")
    if quick is None:
        return _parse_whole(text, path)
    shorter = quick.narrowed(text)
    if len(text) <= LARGEST_UNUSUAL:
        return (_mistaken(shorter, text, path) if shorter else None) or _parse_whole(text, path)
    right = quick.right_lines(text)
    whole = shorter or text
    begun = _begun(whole, right)
    is_long = len(begun) - begun.count("\n") > LARGEST_UNUSUAL
    early = None if is_long else _mistaken(begun, text, path, is_cut=len(begun) < len(whole))
    return early or _too_unusual(text, right, path)


def _begun(text: str, right: int) -> str:
    """The text up to a little after the lines that are right in themselves, in whole lines where they are short."""
    start = sum(len(line) + 1 for line in text.split("\n", right)[:right])
    end = start + _READ_ON
    return text[: text.rfind("\n", end - _SHORT_LINE, end) + 1 or end]


def _too_unusual(text: str, right: int, path: str) -> Parsed:
    at = Place(path, line=right + 1, column=1)
    facts = {"characters": str(len(text)), "largest": str(LARGEST_UNUSUAL)}
    return Parsed(None, Document(path, text, {}, {}), (Defect("yaml.too-unusual", at, facts),))


def _mistaken(shorter: str, text: str, path: str, *, is_cut: bool = False) -> Parsed | None:
    """What is wrong with a text, found where much that is right is left out; None where that is not sure.

    A mistake near the end of a text that was cut there may be none.
    """
    events: list[Event] = []
    error = _load(shorter, path, events)
    if is_cut and isinstance(error, _TooDeepError):
        return Parsed(None, Document(path, text, {}, {}), (_worded(error, text, path, events),))
    if error is None or getattr(error, "problem_mark", None) is None:
        return None
    if is_cut and not _is_sure(cast("_Objection", error), shorter, text):
        return None
    if not _is_duplicate(error):
        return Parsed(None, Document(path, text, {}, {}), (_worded(error, text, path, events),))
    built = build(events, text)
    if not built.repeated:
        return None
    document = Document(path, text, {}, {}) if is_cut else document_of(path, text, lambda: _built(text, path))
    return Parsed(None, document, (*_repeated(built, path), *_misused(built, path)))


def _is_sure(error: _Objection, cut: str, text: str) -> bool:
    """Whether a mistake in the beginning of a text is one of the whole text, too: far from the end, or never ended."""
    if _is_duplicate(cast("Exception", error)):
        return True
    if "end of stream" not in error.problem:
        return error.problem_mark.index < len(cut) - _READ_AHEAD
    if error.context not in _OPENING:
        return False
    mark = error.context_mark
    start = sum(len(line) + 1 for line in text.split("\n", mark.line)[: mark.line]) + mark.column
    return _CLOSED.match(text, start) is None


def _built(text: str, path: str) -> Built:
    events: list[Event] = []
    _load(text, path, events)
    return build(events, text)


def _parse_whole(text: str, path: str) -> Parsed:
    events: list[Event] = []
    error = _load(text, path, events)
    if error is not None and not _is_duplicate(error):
        return Parsed(None, Document(path, text, {}, {}), (_worded(error, text, path, events),))
    built = build(events, text)
    document = Document(path, text, built.keys, built.values)
    defects = (*_repeated(built, path), *_misused(built, path))
    if error is not None and not defects:
        defects = (_worded(error, text, path, events),)
    if not defects:
        defects = tuple(_shapeless(built, path))
    value = built.value if isinstance(built.value, dict) and not defects else None
    return Parsed(value, document, defects)


def _load(text: str, path: str, events: list[Event]) -> Exception | None:
    """What strictyaml objects to, if anything; `events` is filled up to there."""
    from strictyaml import ruamel  # type: ignore[import-untyped] # noqa: PLC0415
    from strictyaml.parser import StrictYAMLLoader  # type: ignore[import-untyped] # noqa: PLC0415

    depth = 0

    def get_event(loader: object) -> Event:
        nonlocal depth
        event: Event = StrictYAMLLoader.get_event(loader)
        events.append(event)
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > DEEPEST + 2:  # the stream and the document count too
            raise _TooDeepError
        return event

    members = {"label": path, "allow_flow_style": False, "get_event": get_event}
    try:
        ruamel.load(text, Loader=type("RecordingLoader", (StrictYAMLLoader,), members))
    except Exception as error:  # noqa: BLE001 strictyaml crashes in many ways on text that is no YAML
        return error
    return None


def _is_duplicate(error: Exception) -> bool:
    return type(error).__name__ == "DuplicateKeysDisallowed"


def _worded(error: Exception, text: str, path: str, events: list[Event]) -> Defect:
    if isinstance(error, (_TooDeepError, RecursionError)):
        return Defect("yaml.too-deep", _last_place(events, path), {"deepest": str(DEEPEST)})
    if getattr(error, "problem_mark", None) is None:
        return Defect("yaml.syntax", _last_place(events, path), {"words": _crash(error)})
    objection = cast("_Objection", error)
    return _disallowed(objection, text, path) or _unreadable(objection, text, path)


def _disallowed(error: _Objection, text: str, path: str) -> Defect | None:
    """A defect for what is YAML but not this dialect."""
    kind = _DISALLOWED.get(type(error).__name__)
    if kind:
        mark = min(error.context_mark, error.problem_mark, key=_order)
        return Defect(kind, _place(mark, path), {"found": _slice(text, mark)})
    if error.problem.startswith("found undefined alias"):
        at = _place(error.problem_mark, path)
        merging = _MERGE_KEY.match(lines_of(text)[at.line - 1])
        if merging and merging.end() == at.column - 1:
            return Defect("yaml.anchor", at._replace(column=merging.start(1) + 1), {"found": "<<"})
        return Defect("yaml.anchor", at, {"found": _slice(text, error.problem_mark)})
    if error.problem.startswith("expected a mapping or list of mappings for merging"):
        return Defect("yaml.anchor", _place(error.context_mark, path), {"found": "<<"})
    return None


def _unreadable(error: _Objection, text: str, path: str) -> Defect:
    if error.problem.startswith("found character '\\t'"):
        return Defect("yaml.tab", _place(error.problem_mark, path))
    if error.problem.startswith("mapping values are not allowed"):
        colonless = _colonless(text, error.problem_mark)
        if colonless is not None:
            words = {"words": "could not find expected `:`"}
            return Defect("yaml.syntax", Place(path, line=error.problem_mark.line, column=colonless), words)
    opened = error.context in _OPENING and "escape" not in error.problem
    begun = opened or type(error).__name__ == "InconsistentIndentationDisallowed"
    mark = error.context_mark if begun else error.problem_mark
    return Defect("yaml.syntax", _place(mark, path), {"words": _clean(error.context or "", error.problem)})


def _colonless(text: str, mark: TextMark) -> int | None:
    """The column of the line above that stands like a key and lacks its colon, so that it was read on into the next."""
    above, line = lines_of(text)[mark.line - 1 : mark.line + 1] if mark.line else ("", "")
    entry, key = _ENTRY.match(above), _ENTRY.match(line)
    if entry is None or key is None or ": " in above or above.endswith(":") or line.find(":") != mark.column:
        return None
    return entry.end() + 1 if entry.end() == key.end() else None


def _repeated(built: Built, path: str) -> Iterator[Defect]:
    for repeated in built.repeated[:_MOST_REPEATED]:
        again, first = _at(repeated.again, path), _at(repeated.first, path)
        yield Defect("yaml.duplicate-key", again, {"key": repeated.key}, (first,))


def _misused(built: Built, path: str) -> Iterator[Defect]:
    for misuse in built.misused:
        yield Defect(misuse.kind, _at(misuse.at, path), _misuse_facts(misuse))


def _misuse_facts(misuse: Misuse) -> dict[str, str]:
    if misuse.kind == "yaml.control-character":
        return {"character": f"U+{ord(misuse.found):04X}"}
    return {"words": misuse.found} if misuse.kind == "yaml.syntax" else {"found": misuse.found}


def _shapeless(built: Built, path: str) -> Iterator[Defect]:
    if built.value is None or built.value == "":
        yield Defect("yaml.empty", Place(path))
    elif not isinstance(built.value, dict):
        found = "a list" if isinstance(built.value, list) else "a text"
        yield Defect("yaml.not-a-mapping", _at(built.values[()], path), {"found": found})


def _at(span: Span, path: str) -> Place:
    return Place(path, line=span.line, column=span.column)


def _place(mark: TextMark, path: str) -> Place:
    return Place(path, line=mark.line + 1, column=mark.column + 1)


def _last_place(events: list[Event], path: str) -> Place:
    return _place(events[-1].start_mark, path) if events else Place(path, line=1, column=1)


def _order(mark: TextMark) -> tuple[int, int]:
    return mark.line, mark.column


def _slice(text: str, mark: TextMark) -> str:
    match = _TOKEN.match(lines_of(text)[mark.line], mark.column)
    return match.group() if match else ""


def _crash(error: Exception) -> str:
    if isinstance(error, NotImplementedError):
        return "comments between a key and its value cannot be told apart"
    return "this text cannot be read as YAML"


def _clean(context: str, problem: str) -> str:
    """The first line of strictyaml's words as Periplus says things: lower case, quotes as backticks."""
    words = f"{context} {problem}" if context.startswith("expected") else problem
    first = words.strip().partition("\n")[0]
    first = re.sub(r"'([^']*)'", r"`\1`", first)
    return first[:1].lower() + first[1:]
