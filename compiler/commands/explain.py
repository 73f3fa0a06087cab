"""`periplus explain`: the manual page of a code, or where a generated line comes from."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.commands.codes import WRONG, MisuseError
from compiler.commands.manifests import print_findings, run_all
from compiler.commands.saying import say
from compiler.hands.disk import read_regular
from compiler.ownership.merge import same_lines
from compiler.ownership.signature import SAID, kept_form
from compiler.passes.locate import locate
from compiler.render.pages import rule_page_text
from compiler.rules import all_rules
from compiler.rules.page import page
from compiler.spell.trace import routes_by_line, strip
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.spell.trace import RouteText

_HEADER = 500
_SAID = regex(re.escape(SAID).replace(r"\{manifest\}", r"([\w. -]+)"))
_SIGNATURE = regex(r"# periplus-signature: ")
_LINE = regex(r"(.+):(\d+)")
_TRACED = regex(r"docker-compose(\.[a-z0-9-]+)?\.yml")


def command(settings: Settings, subject: str) -> None:
    """Print the page of a code, or where a generated line comes from."""
    rules = {rule.code: rule for rule in all_rules()}
    if subject.upper() in rules:
        rule = rules[subject.upper()]
        say(rule_page_text(rule, page(rule), colour=settings.colour_on(sys.stdout)), nl=False, is_coloured=True)
        return
    match = _LINE.fullmatch(subject)
    if match is None:
        message = f"`{subject}` is neither a code nor FILE:LINE; the codes are {', '.join(sorted(rules))}"
        raise MisuseError(message)
    _explain_line(settings, match.group(1), int(match.group(2)))


def _explain_line(settings: Settings, name: str, number: int) -> None:
    file = Path(os.path.realpath(settings.directory / name))
    text = (read_regular(file) or b"").decode("utf-8", "replace")
    run = run_all(settings, [_manifest_of(file, text)], traced=True)[0]
    print_findings([_without_edits(run)], settings)
    if not run.compiled.emitted:
        raise SystemExit(WRONG)
    inside = os.path.relpath(file, run.output).replace(os.sep, "/")
    artifact = run.compiled.emitted.get(inside)
    if artifact is None or not _TRACED.fullmatch(inside):
        message = f"`{name}` is not a generated Compose file: only those can be explained line by line"
        raise MisuseError(message)
    if inside in run.compiled.planned.lock.kept:
        number = _generated_line(name, number, text, kept_form(strip(artifact.text)))
    else:
        _warn_where_outdated(name, number, text, strip(artifact.text))
    routes = routes_by_line(artifact.text).get(number, ())
    for route in routes:
        say(_place(run, route))
    if not routes:
        say("no part of the manifest: this line is the same in every project", err=True)


def _warn_where_outdated(name: str, number: int, stands: str, wanted: str) -> None:
    """Say so where the line would read otherwise by now. Raises MisuseError where there would be no such line."""
    lines = wanted.rstrip("\n").split("\n")
    if not 0 < number <= len(lines):
        message = f"`{name}` has {len(lines)} lines when it is up to date, and no line {number}"
        raise MisuseError(message)
    line = lines[number - 1]
    if stands.split("\n")[number - 1 : number] != [line] and not _SIGNATURE.match(line):
        say(f"`{name}` is not up to date: line {number} would be `{line.strip()}`", err=True)


def _generated_line(name: str, number: int, stands: str, wanted: str) -> int:
    """The line that a line of a kept file is generated as. Raises MisuseError for one that is the person's."""
    line = same_lines(wanted, stands).get(number)
    if line is None:
        message = f"line {number} of `{name}` is yours, or there is no such line: the file is kept"
        raise MisuseError(message)
    return line


def _manifest_of(file: Path, text: str) -> Path:
    """The manifest that a generated file names in its header, or `integration.yaml`, in a folder above."""
    match = _SAID.search(text[:_HEADER])
    name = match.group(1) if match else "integration.yaml"
    found = next((folder / name for folder in file.parents if (folder / name).is_file()), None)
    if not file.is_file() or found is None:
        message = f"there is no file `{file.name}`" if found else f"there is no {name} above `{file.name}`"
        raise MisuseError(message)
    return found


def _without_edits(run: Run) -> Run:
    """Traced text differs from the disk everywhere: what is said about that is no news."""
    kept = tuple(one for one in run.compiled.diagnostics if not one.code.startswith("OWN"))
    return run._replace(compiled=run.compiled._replace(diagnostics=kept))


def _place(run: Run, route: RouteText) -> str:
    path, span = locate(run.compiled.planned.sources, route)
    words = ".".join(str(step) for step in route)
    text = run.compiled.planned.documents[path].text.split("\n") if path in run.compiled.planned.documents else []
    quoted = f": {text[span.line - 1].strip()}" if span and text else ""
    return f"{run.path(path)}:{span.line if span else 1}: {words}{quoted}"
