"""Diagnostics for a person, and for a program. What the manifest suppresses is told to programs only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.colour import COLOURED, PLAIN, Palette
from compiler.render.excerpt import excerpt, without_secrets
from compiler.text.display import columns_of, escaped, folded
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

SCHEMA_VERSION = 1

_NOWHERE = Span(0, 0, 0, 0)
_PIPED_WIDTH = 80
_NARROWEST = 40
"""Columns: no narrower terminal is written for, and a label has at least so many to itself."""
_LONGEST = 1000
_ENORMOUS = regex(r"(\S{60})\S{60,}(\S{40})")


class _Frame(NamedTuple):
    """What stands around a quoted line: `digits` of the line number, `width` columns for the line itself.

    A label that would reach beyond `fold` columns stands below its carets.
    """

    frame: str
    tint: str
    end: str
    digits: int
    width: int
    fold: int

    def around(self, mark: Mark, text: str) -> Iterator[str]:
        """The lines for one mark: where, the line itself, and carets under the span."""
        where = f":{mark.span.line}:{mark.span.column}" if mark.span else ""
        yield f"  {self.frame}-->{self.end} {escaped(mark.path)}{where}\n"
        quoted = excerpt(text, mark.span, self.width) if mark.span and text else None
        label = _bounded(mark.text)
        if mark.span is None or quoted is None:
            yield from (f"{self._gutter('')} {line}\n" for line in folded(label, self.fold) if line)
            return
        yield f"{self._gutter(str(mark.span.line))} {quoted.line}".rstrip() + "\n"
        carets = "^" * quoted.length
        if not label or quoted.offset + quoted.length + 1 + columns_of(label) <= self.fold:
            yield self._below(f"{carets} {label}".rstrip(), quoted.offset)
            return
        yield self._below(carets, quoted.offset)
        at = max(0, min(quoted.offset, self.fold - min(columns_of(label), _NARROWEST)))
        yield from (self._below(line, at) for line in folded(label, self.fold - at))

    def _below(self, text: str, offset: int) -> str:
        return f"{self._gutter('')} {' ' * offset}{self.tint}{text}{self.end}\n"

    def _gutter(self, number: str) -> str:
        return f"{self.frame}   {number.rjust(self.digits)} |{self.end}"


def findings_text(
    diagnostics: Iterable[Diagnostic], documents: Mapping[str, str], *, colour: bool, width: int = 0
) -> str:
    """The diagnostics in order of place, as DESIGN section 9 lays them out; empty for none.

    `documents` are the texts by path; `width` is the columns of the terminal, 0 for none: then no sentence is folded,
    so that a line can be searched for, and lines quoted from a document are cut at 80.
    """
    palette = COLOURED if colour else PLAIN
    every = tuple(diagnostics)
    ordered = in_order(told(every))
    shown = without_secrets(documents, [mark for each in every for mark in each.marks if mark.secret])
    return "\n".join("".join(_block(each, shown, palette, width)) for each in ordered)


def findings_json(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics in order of place as JSON; lines and columns 1-based, ends exclusive, null where unknown."""
    ordered = in_order(diagnostics)
    heeded = told(ordered)
    report = {
        "schema_version": SCHEMA_VERSION,
        "summary": {each.value: sum(one.severity is each for one in heeded) for each in Severity}
        | {"suppressed": len(ordered) - len(heeded)},
        "diagnostics": [_record(diagnostic) for diagnostic in ordered],
    }
    return json.dumps(report, indent=2) + "\n"


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; `no findings` for none."""
    severities = [diagnostic.severity for diagnostic in told(diagnostics)]
    counts = ((each.value, severities.count(each)) for each in Severity)
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts if count) or "no findings"


def told(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those that the manifest does not suppress."""
    return [diagnostic for diagnostic in diagnostics if not diagnostic.reason]


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by path, line, column and code of their first mark."""
    return sorted(diagnostics, key=_position)


def _position(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    first = diagnostic.marks[0] if diagnostic.marks else Mark("", None, "")
    return first.path, first.span or _NOWHERE, diagnostic.code, diagnostic.message


def _block(diagnostic: Diagnostic, documents: Mapping[str, str], palette: Palette, width: int) -> Iterator[str]:
    fold = max(width, _NARROWEST) if width else _LONGEST
    tint = _tint(diagnostic.severity, palette)
    yield from _title(diagnostic, palette, fold)
    digits = max((len(str(mark.span.line)) for mark in diagnostic.marks if mark.span), default=1)
    beside = digits + len("    | ")
    quoted = fold if width else _PIPED_WIDTH
    frame = _Frame(palette.frame, tint, palette.end, digits, quoted - beside, fold - beside)
    for mark in diagnostic.marks:
        yield from frame.around(mark, documents.get(mark.path, ""))
        frame = frame._replace(tint=palette.frame)
    yield from _help(diagnostic.help, palette, fold)


def _title(diagnostic: Diagnostic, palette: Palette, fold: int) -> Iterator[str]:
    title = f"{diagnostic.severity.value}[{diagnostic.code}]"
    first, *rest = folded(f"{title}: {_bounded(diagnostic.message)}", fold, "  ")
    yield f"{_tint(diagnostic.severity, palette)}{title}{palette.end}"
    yield f"{palette.strong}{first.removeprefix(title)}{palette.end}\n"
    yield from (f"{palette.strong}{line}{palette.end}\n" for line in rest)


def _help(text: str, palette: Palette, fold: int) -> Iterator[str]:
    """What would be right; a line that begins with a blank is to be copied, and never folded."""
    if not text:
        return
    lines = [
        part
        for line in map(_bounded, text.rstrip().split("\n"))
        for part in ([line] if line.startswith(" ") else folded(line, fold - len("  help: ")))
    ]
    yield f"  {palette.help}help{palette.end}: {lines[0]}\n"
    yield from (f"        {line}".rstrip() + "\n" for line in lines[1:])


def _bounded(text: str) -> str:
    """The text to be shown: escaped, the middle of enormous words left out, and cut where it is endless."""
    if len(text) <= _NARROWEST:
        return escaped(text)
    shown = _ENORMOUS.sub(r"\1…\2", escaped(text[: 10 * _LONGEST]))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


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
        "fixable": diagnostic.fix is not None,
        "suppressed": diagnostic.reason or None,
        "marks": [_mark_record(mark) for mark in diagnostic.marks],
    }


def _mark_record(mark: Mark) -> dict[str, object]:
    span = mark.span._asdict() if mark.span else dict.fromkeys(Span._fields)
    return {"path": mark.path, **span, "text": mark.text}
