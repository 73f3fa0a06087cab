"""What the manifest says of findings: which weigh more or less, which are not told, and what of that is idle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Defect, Severity
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.finding import Diagnostic
    from compiler.model.manifest import Lint, SeverityWish, Suppression
    from compiler.model.source import Route

_OF_THE_CHECKOUT = ("DATA005", "DATA008", "DATA009", "GIT")
"""How codes begin whose findings come and go with files that git need not have: elsewhere they may be found."""
_WEIGHTS = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


class Code(NamedTuple):
    """What is known of the findings of a code; `may_be_changed`: suppressed, or weighed anew."""

    name: str
    severity: Severity
    may_be_changed: bool


class Judged(NamedTuple):
    """What is told, each as heavy as the manifest wants it, and what is not, each with the reason."""

    told: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]


class Judge(NamedTuple):
    """The manifest's word on findings, and all codes there are."""

    lint: Lint
    codes: Mapping[str, Code]

    def judged(self, diagnostics: Iterable[Diagnostic]) -> Judged:
        """The findings as the manifest wants them."""
        weights = {wish.code: Severity(wish.severity) for wish in self.lint.severities if self._may_change(wish.code)}
        suppressions = [wish for wish in self.lint.suppressions if self._may_change(wish.code)]
        told: list[Diagnostic] = []
        suppressed: list[Diagnostic] = []
        for found in diagnostics:
            weighed = found._replace(severity=weights.get(found.code, found.severity))
            reason = next((wish.reason for wish in suppressions if _is_meant(wish, found)), "")
            if reason:
                suppressed.append(weighed._replace(reason=reason))
            else:
                told.append(weighed)
        return Judged(tuple(told), tuple(suppressed))

    def defects(self) -> tuple[Defect, ...]:
        """What is wrong with what the manifest says, whatever is found."""
        severities = (self._of_code(wish.code, wish.at, "severity") for wish in self.lint.severities)
        suppressions = (self._of_code(wish.code, (*wish.at, "code"), "suppression") for wish in self.lint.suppressions)
        wrong = (defect for defect in (*severities, *suppressions) if defect)
        return (*wrong, *self._repeated())

    def idle(self, diagnostics: Iterable[Diagnostic]) -> tuple[Defect, ...]:
        """What changes nothing, of all that is found. A weight that is raised is a rule for what is to come."""
        found: dict[str, list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            found.setdefault(diagnostic.code, []).append(diagnostic)
        repeated = {defect.at for defect in self._repeated()}
        idle = (*self._idle_severities(found), *self._idle_suppressions(found))
        return tuple(defect for defect in idle if defect.at not in repeated)

    def _may_change(self, code: str) -> bool:
        return code in self.codes and self.codes[code].may_be_changed

    def _of_code(self, code: str, at: Route, what: str) -> Defect | None:
        if code not in self.codes:
            codes = {"accepted": ", ".join(self.codes), "names": ", ".join(one.name for one in self.codes.values())}
            return Defect("lint.unknown-code", at, {"code": code, "what": what, **codes})
        known = self.codes[code]
        if known.may_be_changed:
            return None
        return Defect("lint.fixed", at, {"code": code, "what": what, "severity": known.severity.value})

    def _repeated(self) -> Iterator[Defect]:
        """What a suppression of the same, or of all findings of a code, says already."""
        whole = {wish.code: wish for wish in reversed(self.lint.suppressions) if not wish.subject}
        first: dict[tuple[str, str], Suppression] = {}
        for wish in self.lint.suppressions:
            other = first.setdefault((wish.code, wish.subject), wish)
            other = whole.get(wish.code, other) if wish.subject else other
            if other is not wish:
                facts = {"code": wish.code, "subject": wish.subject, "what": "suppression"}
                yield Defect("lint.repeated", wish.at, facts, (other.at,))
        for severity in self.lint.severities:
            if severity.code in whole:
                facts = {"code": severity.code, "subject": "", "what": "severity"}
                yield Defect("lint.repeated", severity.at, facts, (whole[severity.code].at,))

    def _idle_severities(self, found: Mapping[str, list[Diagnostic]]) -> Iterator[Defect]:
        for wish in self.lint.severities:
            if not self._may_change(wish.code):
                continue
            own, wanted = self.codes[wish.code].severity, Severity(wish.severity)
            is_lower = _WEIGHTS.index(wanted) < _WEIGHTS.index(own)
            if own is wanted or (is_lower and self._is_idle(wish, found)):
                facts = {"code": wish.code, "what": "severity", "severity": wanted.value, "subject": ""}
                yield Defect("lint.unused", wish.at, {**facts, "is_same": str(own is wanted), "found": ""})

    def _idle_suppressions(self, found: Mapping[str, list[Diagnostic]]) -> Iterator[Defect]:
        for wish in self.lint.suppressions:
            if self._may_change(wish.code) and self._is_idle(wish, found):
                subjects = ", ".join(dict.fromkeys(each.subject for each in found.get(wish.code, ())))
                facts = {"code": wish.code, "what": "suppression", "severity": "", "subject": wish.subject}
                yield Defect("lint.unused", wish.at, {**facts, "is_same": "False", "found": subjects})

    def _is_idle(self, wish: SeverityWish | Suppression, found: Mapping[str, list[Diagnostic]]) -> bool:
        if wish.code.startswith(_OF_THE_CHECKOUT):
            return False
        return not any(_is_meant(wish, each) for each in found.get(wish.code, ()))


def _is_meant(wish: SeverityWish | Suppression, found: Diagnostic) -> bool:
    if wish.code != found.code:
        return False
    subject = getattr(wish, "subject", "")
    return not subject or _is_about(subject, found.subject)


def _is_about(subject: str, text: str) -> bool:
    """Whether a text, or what it says up to one of its `/`, is the subject."""
    pieces, steps = subject.split("*"), text.split("/")
    return any(_pieces_fit(pieces, "/".join(steps[:length])) for length in range(len(steps), 0, -1))


def _pieces_fit(pieces: list[str], text: str) -> bool:
    """Whether a text is made of the pieces in their order, with anything between two of them."""
    first, *middle = pieces
    if not middle:
        return text == first
    *inner, last = middle
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in inner:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
