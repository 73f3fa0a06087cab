"""`periplus explain`: the manual page of a code, or where a generated line comes from."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.manifests import find_manifests, print_findings, run_all
from compiler.commands.settings import WRONG, Settings
from compiler.passes.locate import locate
from compiler.render.pages import rule_page_text
from compiler.rules import all_rules
from compiler.rules.page import page
from compiler.spell.trace import routes_by_line

if TYPE_CHECKING:
    from compiler.commands.manifests import Run
    from compiler.spell.trace import RouteText

_LINE = re.compile(r"(.+):(\d+)")
_TRACED = re.compile(r"docker-compose(\.[a-z0-9-]+)?\.yml")


@click.command("explain")
@click.argument("subject", metavar="CODE | FILE:LINE")
@click.pass_obj
def command(settings: Settings, subject: str) -> None:
    """Explain a finding's CODE, or say which part of the manifest a line of a Compose file comes from."""
    rules = {rule.code: rule for rule in all_rules()}
    if subject.upper() in rules:
        rule = rules[subject.upper()]
        click.echo(rule_page_text(rule, page(rule), colour=settings.colour_on(sys.stdout)), nl=False, color=True)
        return
    match = _LINE.fullmatch(subject)
    if match is None:
        message = f"`{subject}` is neither a code nor FILE:LINE; the codes are {', '.join(sorted(rules))}"
        raise click.UsageError(message)
    _explain_line(settings, match.group(1), int(match.group(2)))


def _explain_line(settings: Settings, name: str, line: int) -> None:
    here = settings._replace(directory=(settings.directory / name).absolute().parent)
    if not here.directory.is_dir():
        message = f"there is no file `{name}`"
        raise click.UsageError(message)
    run = run_all(settings, find_manifests(here, ()), traced=True)[0]
    print_findings([_without_edits(run)], settings)
    if not run.compiled.tree:
        raise click.exceptions.Exit(WRONG)
    inside = Path(settings.directory / name).resolve().relative_to(run.output.resolve()).as_posix()
    artifact = run.compiled.tree.get(inside)
    if artifact is None or not _TRACED.fullmatch(inside):
        message = f"`{name}` is not a generated Compose file: only those can be explained line by line"
        raise click.UsageError(message)
    for route in routes_by_line(artifact.text).get(line, ()):
        click.echo(_place(run, route))


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
