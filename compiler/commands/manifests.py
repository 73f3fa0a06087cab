"""What the commands share: finding manifests, running the pipeline on the disk, printing findings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from compiler.hands.disk import DiskFiles, find_manifest, look, repository_of
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, compile_manifest, has_errors
from compiler.render.findings import findings_github, findings_json, findings_text, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compiler.commands.settings import Settings
    from compiler.model.finding import Diagnostic
    from compiler.pipeline import Compiled

FORMATS = ("text", "json", "github")


class Run(NamedTuple):
    """One manifest, compiled in memory."""

    folder: Path
    manifest: str
    compiled: Compiled
    shown: str
    """The manifest's folder as seen from where the person stands; empty for here."""

    @property
    def output(self) -> Path:
        """The output directory."""
        return self.folder / self.compiled.planned.output

    def path(self, inside: str) -> str:
        """A path relative to the manifest's folder, as the person would type it."""
        return os.path.normpath(os.path.join(self.shown, inside))  # noqa: PTH118 - text, not the file system


def find_manifests(settings: Settings, manifests: Sequence[str]) -> list[Path]:
    """The manifests named, or the one here or above. Raises UsageError where there is none."""
    return [_given(settings.directory, name) for name in manifests] or [_found(settings.directory)]


def run_all(
    settings: Settings, paths: Sequence[Path], overwrite: Sequence[str] = (), *, traced: bool = False
) -> list[Run]:
    """Compile every manifest in memory."""
    return [_run(path, settings.directory, overwrite, traced=traced) for path in paths]


def print_findings(runs: Iterable[Run], settings: Settings, output_format: str = "text") -> None:
    """All findings: text goes to stderr with a summary, other formats are data."""
    for run in runs:
        diagnostics = [_seen_from_here(run, diagnostic) for diagnostic in run.compiled.diagnostics]
        if output_format == "text":
            documents = {run.path(path): one.text for path, one in run.compiled.planned.documents.items()}
            text = findings_text(diagnostics, documents, colour=settings.colour_on(sys.stderr), width=_width())
            if text:
                click.echo(text, err=True, color=True)
        else:
            write = {"json": findings_json, "github": findings_github}[output_format]
            click.echo(write(diagnostics), nl=False)
        if diagnostics and output_format == "text":
            click.echo(summary(diagnostics), err=True)


def stopped(runs: Iterable[Run]) -> bool:
    """Whether a manifest has an error; a refusal to write is none."""
    return any(has_errors(_own_apart(run.compiled.diagnostics)) for run in runs)


def _own_apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [diagnostic for diagnostic in diagnostics if not diagnostic.code.startswith("OWN")]


def _given(directory: Path, name: str) -> Path:
    path = directory / name
    if not path.is_file():
        message = f"there is no manifest `{name}`"
        raise click.UsageError(message)
    return path


def _found(directory: Path) -> Path:
    found = find_manifest(directory)
    if found is None:
        message = "there is no integration.yaml here or in a folder above: name the manifest, or write one"
        raise click.UsageError(message)
    return found


def _run(path: Path, directory: Path, overwrite: Sequence[str], *, traced: bool) -> Run:
    folder = path.resolve().parent
    files = DiskFiles(folder, repository_of(folder))
    shown = os.path.relpath(folder, directory.resolve())
    request = Request(
        path.name,
        files,
        shipped_files(),
        lambda output, wanted: look(folder / output, wanted),
        frozenset(_inside(directory, folder, name) for name in overwrite),
        traced,
    )
    return Run(folder, path.name, compile_manifest(request), "" if shown == "." else shown)


def _inside(directory: Path, folder: Path, name: str) -> str:
    """What the person calls a generated file, as a path from the manifest's folder (the tree finds its own part)."""
    return os.path.relpath((directory / name).absolute(), folder).replace(os.sep, "/")


def _seen_from_here(run: Run, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic._replace(marks=tuple(mark._replace(path=run.path(mark.path)) for mark in diagnostic.marks))


def _width() -> int:
    try:
        return os.get_terminal_size(2).columns
    except OSError:
        return 80
