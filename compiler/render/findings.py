"""Diagnostics for a person, for a program and for GitHub's annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.colour import COLOURED, PLAIN, Palette
from compiler.render.excerpt import excerpt, without_secrets
from compiler.text.display import escaped
from compiler.text.named import NamedTuple

SCHEMA_VERSION = 1

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_WEIGHTS = list(Severity)
_NOWHERE = Span(0, 0, 0, 0)


class _Frame(NamedTuple):
    """What stands around a quoted line: `digits` of the line number, `width` columns for the line itself."""

    frame: str
    tint: str
    end: str
    digits: int
    width: int

    def around(self, mark: Mark, text: str) -> Iterator[str]:
        """The lines for one mark: where, the line itself, and carets under the span."""
        where = f":{mark.span.line}:{mark.span.column}" if mark.span else ""
        yield f"  {self.frame}-->{self.end} {escaped(mark.path)}{where}\n"
        quoted = excerpt(text, mark.span, self.width) if mark.span and text else None
        label = escaped(mark.text)
        if mark.span is None or quoted is None:
            yield from [f"{self._gutter('')} {label}\n"] if label else []
            return
        yield f"{self._gutter(str(mark.span.line))} {quoted.line}".rstrip() + "\n"
        carets = f"{'^' * quoted.length} {label}".rstrip()
        yield f"{self._gutter('')} {' ' * quoted.offset}{self.tint}{carets}{self.end}\n"

    def _gutter(self, number: str) -> str:
        return f"{self.frame}   {number.rjust(self.digits)} |{self.end}"


def findings_text(
    diagnostics: Iterable[Diagnostic], documents: Mapping[str, str], *, colour: bool, width: int = 80
) -> str:
    """The diagnostics in order of place, as DESIGN section 9 lays them out; empty for none.

    `documents` are the texts by path; `width` is in terminal columns and bounds only the lines quoted from them.
    """
    palette = COLOURED if colour else PLAIN
    ordered = in_order(diagnostics)
    shown = without_secrets(documents, [mark for each in ordered for mark in each.marks if mark.secret])
    return "\n".join("".join(_block(each, shown, palette, width)) for each in ordered)


def findings_json(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics in order of place as JSON; lines and columns 1-based, ends exclusive, null where unknown."""
    ordered = in_order(diagnostics)
    report = {
        "schema_version": SCHEMA_VERSION,
        "summary": {each.value: sum(one.severity is each for one in ordered) for each in Severity},
        "diagnostics": [_record(diagnostic) for diagnostic in ordered],
    }
    return json.dumps(report, indent=2) + "\n"


def findings_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a diagnostic, the heaviest first: GitHub shows ten a step."""
    ordered = sorted(in_order(diagnostics), key=lambda each: _WEIGHTS.index(each.severity))
    return "".join(f"{_annotation(diagnostic)}\n" for diagnostic in ordered)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; `no findings` for none."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counts = ((each.value, severities.count(each)) for each in Severity)
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts if count) or "no findings"


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by path, line, column and code of their first mark."""
    return sorted(diagnostics, key=_position)


def _position(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    first = diagnostic.marks[0] if diagnostic.marks else Mark("", None, "")
    return first.path, first.span or _NOWHERE, diagnostic.code, diagnostic.message


def _block(diagnostic: Diagnostic, documents: Mapping[str, str], palette: Palette, width: int) -> Iterator[str]:
    tint = _tint(diagnostic.severity, palette)
    title = f"{diagnostic.severity.value}[{diagnostic.code}]"
    yield f"{tint}{title}{palette.end}{palette.strong}: {escaped(diagnostic.message)}{palette.end}\n"
    digits = max((len(str(mark.span.line)) for mark in diagnostic.marks if mark.span), default=1)
    frame = _Frame(palette.frame, tint, palette.end, digits, width - digits - len("    | "))
    for mark in diagnostic.marks:
        yield from frame.around(mark, documents.get(mark.path, ""))
        frame = frame._replace(tint=palette.frame)
    if diagnostic.help:
        first, *rest = diagnostic.help.rstrip().split("\n")
        yield f"  {palette.help}help{palette.end}: {escaped(first)}\n"
        yield from (f"        {escaped(line)}".rstrip() + "\n" for line in rest)


def _tint(severity: Severity, palette: Palette) -> str:
    return {Severity.ERROR: palette.error, Severity.WARNING: palette.warning, Severity.NOTE: palette.note}[severity]


def _record(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "subject": diagnostic.subject,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "marks": [_mark_record(mark) for mark in diagnostic.marks],
    }


def _mark_record(mark: Mark) -> dict[str, object]:
    span = mark.span._asdict() if mark.span else dict.fromkeys(Span._fields)
    return {"path": mark.path, **span, "text": mark.text}


def _annotation(diagnostic: Diagnostic) -> str:
    properties = {**_place(diagnostic), "title": f"{diagnostic.code} {diagnostic.name}"}
    spelled = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_LEVELS[diagnostic.severity]} {spelled}::{_command_text(_paragraph(diagnostic))}"


def _place(diagnostic: Diagnostic) -> dict[str, str]:
    if not diagnostic.marks or not diagnostic.marks[0].path:
        return {}
    path, span = diagnostic.marks[0].path, diagnostic.marks[0].span
    if span is None:
        return {"file": path}
    place = {"file": path, "line": str(span.line), "endLine": str(span.end_line), "col": str(span.column)}
    if span.line == span.end_line:
        place["endColumn"] = str(max(span.end_column, span.column + 1))
    return place


def _paragraph(diagnostic: Diagnostic) -> str:
    others = [
        f"{mark.path}{f':{mark.span.line}:{mark.span.column}' if mark.span else ''}: {mark.text}"
        for mark in diagnostic.marks[1:]
    ]
    return "\n".join(filter(None, [diagnostic.message, *others, diagnostic.help]))


def _command_text(text: str) -> str:
    """Text as GitHub's workflow commands read it (actions/toolkit, `escapeData`)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command_text(text).replace(":", "%3A").replace(",", "%2C")
