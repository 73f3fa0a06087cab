"""`periplus explain`: the manual page of a code, or where a generated line comes from."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.commands.codes import WRONG, MisuseError
from compiler.commands.manifests import print_findings, run_all
from compiler.commands.rule_asked import codes_meant, rule_asked
from compiler.commands.saying import say
from compiler.hands.disk import read_regular
from compiler.model.finding import Severity
from compiler.ownership.merge import same_lines
from compiler.ownership.signature import SAID, header_lines, kept_form
from compiler.render.origins import origins_text
from compiler.render.pages import rule_page_text
from compiler.rules.page import page
from compiler.spell.trace import routes_by_line, strip
from compiler.targets.compose.emit import ATTRIBUTES
from compiler.text.display import escaped
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings

_HEADER = 500
_SAID = regex(re.escape(SAID).replace(r"\{manifest\}", r"([\w. -]+)"))
_LINE = regex(r"(.+):(\d+)")
_SIGNATURE = "periplus-signature"
_FOREIGN = "`{name}` is not generated: only lines of the files that are written to `{output}` can be explained"
_YOURS = {
    ".env": "`{name}` is yours: start.sh makes it, and `.env.example` beside it can be explained",
    "docker-compose.local.yml": "`{name}` is yours: it was written once, and no manifest changes it",
}


def command(settings: Settings, subject: str) -> None:
    """Print the page of a code or of the name of a rule, or where a generated line comes from."""
    rule = rule_asked(subject)
    if rule is not None:
        say(rule_page_text(rule, page(rule), colour=settings.colour_on(sys.stdout)), nl=False, is_coloured=True)
        return
    match = _LINE.fullmatch(subject)
    if match is None:
        message = f"`{subject}` is neither a code nor FILE:LINE: {codes_meant(subject)}"
        raise MisuseError(message)
    _explain_line(settings, match.group(1), int(match.group(2)))


def _explain_line(settings: Settings, name: str, number: int) -> None:
    file = Path(os.path.realpath(settings.directory / name))
    text = (read_regular(file) or b"").decode("utf-8", "replace")
    run = run_all(settings, [_manifest_of(settings, name, file, text)], traced=True)[0]
    if not run.compiled.emitted:
        print_findings([_only_errors(run)], settings)
        raise SystemExit(WRONG)
    inside = os.path.relpath(file, run.output).replace(os.sep, "/")
    artifact = (run.compiled.tree if inside == ATTRIBUTES else run.compiled.emitted).get(inside)
    if artifact is None or inside in _YOURS:
        raise MisuseError(_YOURS.get(inside, _FOREIGN).format(name=name, output=run.shown_output))
    plain = strip(artifact.text)
    if inside in run.compiled.planned.lock.kept:
        number = _generated_line(name, number, text, kept_form(plain))
    else:
        _warn_where_outdated(run, name, number, text, plain)
    _tell(run, inside, number, plain, artifact.text)


def _tell(run: Run, path: str, number: int, plain: str, traced: str) -> None:
    """Print where a line of a signed file comes from: to stderr that it is nowhere in the manifest."""
    from compiler.provenance.inquiry import Inquiry  # noqa: PLC0415 - the page of a code needs none of it
    from compiler.provenance.laboratory import Laboratory  # noqa: PLC0415
    from compiler.provenance.makers import HEADER  # noqa: PLC0415

    header = header_lines(path, plain)
    if number in header:
        say(f"the header of every generated file, with a digest of all lines\nmade by {HEADER}")
        return
    before = sum(1 for line in header if line < number)
    inquiry = Inquiry(Laboratory(run.request), run.request.manifest)
    origins = inquiry.origins(path, number - before, routes_by_line(traced).get(number, ()))
    if not origins.is_whole:
        say("the manifest is too large to look at all of it: there may be more places than these", err=True)
    elif not origins.places:
        say("no part of the manifest: this line is the same in every project", err=True)
    for line in origins_text(origins, run.path):
        say(escaped(_masked(run, line)))


def _masked(run: Run, text: str) -> str:
    """The text without what a finding takes for a secret."""
    documents = run.compiled.planned.documents
    marks = (mark for found in run.compiled.diagnostics for mark in found.marks if mark.secret and mark.span)
    for mark in marks:
        if mark.span and mark.path in documents:
            line = documents[mark.path].text.split("\n")[mark.span.line - 1]
            secret = line[mark.span.column - 1 : mark.span.end_column - 1].strip("\"'")
            text = text.replace(secret, "*" * len(secret)) if secret else text
    return text


def _warn_where_outdated(run: Run, name: str, number: int, stands: str, wanted: str) -> None:
    """Say so where the line would read otherwise by now. Raises MisuseError where there would be no such line."""
    lines = wanted.rstrip("\n").split("\n")
    if not 0 < number <= len(lines):
        message = f"`{name}` has {len(lines)} lines when it is up to date, and no line {number}"
        raise MisuseError(message)
    line = lines[number - 1]
    if stands.split("\n")[number - 1 : number] != [line] and _SIGNATURE not in line:
        say(f"`{name}` is not up to date: line {number} would be `{escaped(_masked(run, line.strip()))}`", err=True)


def _generated_line(name: str, number: int, stands: str, wanted: str) -> int:
    """The line that a line of a kept file is generated as. Raises MisuseError for one that is the person's."""
    line = same_lines(wanted, stands).get(number)
    if line is None:
        message = f"line {number} of `{name}` is yours, or there is no such line: the file is kept"
        raise MisuseError(message)
    return line


def _manifest_of(settings: Settings, shown: str, file: Path, text: str) -> Path:
    """The manifest that a generated file names in its header, or `integration.yaml`: above the file, or from here up.

    Raises MisuseError where there is no such file, or no manifest.
    """
    match = _SAID.search(text[:_HEADER])
    name = match.group(1) if match else "integration.yaml"
    here = settings.directory.resolve()
    found = next(_named(name, (*file.parents, here, *here.parents)), None)
    if not file.is_file() or found is None:
        message = f"there is no file `{shown}`" if not file.is_file() else f"there is no {name} above `{shown}`"
        raise MisuseError(message)
    return found


def _named(name: str, folders: tuple[Path, ...]) -> Iterator[Path]:
    return (folder / name for folder in folders if (folder / name).is_file())


def _only_errors(run: Run) -> Run:
    """Why there is nothing to explain; traced text differs from the disk everywhere, which is no edit."""
    found = run.compiled.diagnostics
    kept = tuple(one for one in found if one.severity is Severity.ERROR and not one.code.startswith("OWN"))
    return run._replace(compiled=run.compiled._replace(diagnostics=kept))
