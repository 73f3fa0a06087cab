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
from compiler.passes.parsed import DEEPEST, LARGEST_BYTES, Parsed, document_of
from compiler.passes.spans import Built, Event, Misuse, TextMark, build
from compiler.text.lines import lines_of, position_of
from compiler.text.reading import FORBIDDEN
from compiler.text.twin import twin

_MOST_CHARACTERS = 10
_MOST_MARKS = 40
_TOKEN = re.compile(r"\S+")
_CONFLICT = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$", re.MULTILINE)
_DISALLOWED = {
    "FlowMappingDisallowed": "yaml.flow-style",
    "AnchorTokenDisallowed": "yaml.anchor",
    "TagTokenDisallowed": "yaml.tag",
}
_OPENING = ("while scanning a simple key", "while scanning a quoted scalar", "while scanning a double-quoted scalar")


class _Objection(Protocol):
    """An error of strictyaml's with its marks."""

    context: str | None
    context_mark: TextMark
    problem: str
    problem_mark: TextMark


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
    shorter = quick.narrowed(text) if quick else None
    return (_mistaken(shorter, text, path) if shorter else None) or _parse_whole(text, path)


def _mistaken(shorter: str, text: str, path: str) -> Parsed | None:
    """What is wrong with a text, found where much that is right is left out; None where that is not sure."""
    events: list[Event] = []
    error = _load(shorter, path, events)
    if error is None or getattr(error, "problem_mark", None) is None:
        return None
    if not _is_duplicate(error):
        return Parsed(None, Document(path, text, {}, {}), (_worded(error, text, path, events),))
    built = build(events, text)
    if not built.repeated:
        return None
    document = document_of(path, text, lambda: _built(text, path))
    return Parsed(None, document, (*_repeated(built, path), *_misused(built, path)))


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
    return _disallowed(objection, text, path) or _unreadable(objection, path)


def _disallowed(error: _Objection, text: str, path: str) -> Defect | None:
    """A defect for what is YAML but not this dialect."""
    kind = _DISALLOWED.get(type(error).__name__)
    if kind:
        mark = min(error.context_mark, error.problem_mark, key=_order)
        return Defect(kind, _place(mark, path), {"found": _slice(text, mark)})
    if error.problem.startswith("found undefined alias"):
        return Defect("yaml.anchor", _place(error.problem_mark, path), {"found": _slice(text, error.problem_mark)})
    if error.problem.startswith("expected a mapping or list of mappings for merging"):
        return Defect("yaml.anchor", _place(error.context_mark, path), {"found": "<<"})
    return None


def _unreadable(error: _Objection, path: str) -> Defect:
    if error.problem.startswith("found character '\\t'"):
        return Defect("yaml.tab", _place(error.problem_mark, path))
    opened = error.context in _OPENING and "escape" not in error.problem
    begun = opened or type(error).__name__ == "InconsistentIndentationDisallowed"
    mark = error.context_mark if begun else error.problem_mark
    return Defect("yaml.syntax", _place(mark, path), {"words": _clean(error.context or "", error.problem)})


def _repeated(built: Built, path: str) -> Iterator[Defect]:
    for repeated in built.repeated:
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
