"""What the commands share: finding manifests, running the pipeline on the disk, printing findings."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from compiler.hands.branches import branches_of
from compiler.hands.disk import DiskFiles, look, manifests_above, read_regular, repository_of
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Action
from compiler.ownership.lock import is_same_lock
from compiler.ownership.settle import Words
from compiler.passes.include import is_fragment
from compiler.pipeline import (
    OLDER,
    Request,
    compile_manifest,
    has_errors,
    lock_name,
    lock_text,
    manifest_schema,
    settled,
)
from compiler.render.findings import findings_github, findings_json, findings_text, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compiler.commands.settings import Settings
    from compiler.model.finding import Diagnostic
    from compiler.pipeline import Compiled

FORMATS = ("text", "json", "github")
_FILE_NAME = re.compile(r"[\w. -]+")


class Run(NamedTuple):
    """One manifest, compiled in memory."""

    folder: Path
    request: Request
    compiled: Compiled
    shown: str
    """The manifest's folder as seen from where the person stands; empty for here."""

    @property
    def output(self) -> Path:
        """The output directory."""
        return Path(os.path.normpath(self.folder / self.compiled.planned.output))

    @property
    def shown_output(self) -> str:
        """The output directory as the person would type it."""
        return self.path(self.compiled.planned.output)

    @property
    def lock(self) -> Path:
        """The lock beside the manifest."""
        return self.folder / lock_name(self.request.manifest)

    def path(self, inside: str) -> str:
        """A path relative to the manifest's folder, as the person would type it."""
        return os.path.normpath(os.path.join(self.shown, inside))  # noqa: PTH118 - text, not the file system

    def actions(self) -> Mapping[str, Action]:
        """What is done about each file, as the person would type it, the lock last; reads the lock."""
        output = self.compiled.planned.output
        files = {self.path(posixpath.join(output, one.path)): one.action for one in self.compiled.decisions}
        return {**files, self.path(self.lock.name): self.lock_action()}

    def lock_action(self) -> Action:
        """What is done about the lock; reads it."""
        stands = read_regular(self.lock)
        if stands is None:
            return Action.CREATE
        text = stands.replace(b"\r\n", b"\n").decode("utf-8", "replace")
        return Action.UNCHANGED if is_same_lock(text, lock_text(self.compiled.planned)) else Action.UPDATE


def find_manifests(settings: Settings, manifests: Sequence[str]) -> list[Path]:
    """The manifests named, each once, or the one here or above. Raises UsageError where there is none."""
    given = [_given(settings.directory, name) for name in manifests] or [_found(settings.directory)]
    return list({path.parent.resolve() / path.name: path for path in given}.values())


def run_all(settings: Settings, paths: Sequence[Path], *, traced: bool = False, upgrade: bool = False) -> list[Run]:
    """Compile every manifest in memory. Raises UsageError where two of them would write the same directory."""
    runs = [_run(path, settings.directory, traced=traced, upgrade=upgrade) for path in paths]
    outputs = [run.output for run in runs]
    if len(set(outputs)) < len(outputs):
        message = "two of these manifests have the same `output`: give each a directory of its own"
        raise click.UsageError(message)
    return runs


def overwriting(runs: Sequence[Run], settings: Settings, names: Sequence[str]) -> list[Run]:
    """The runs with the person's word to replace the files named. Raises UsageError for a file of none of them.

    A name is a path from where the person stands or, as findings show it, from the manifest's folder.
    """
    meant = {name: [path_inside(run, settings.directory, name) for run in runs] for name in names}
    for name, paths in meant.items():
        if not any(paths):
            message = f"`{name}` is no generated file, so there is nothing to overwrite"
            raise click.UsageError(message)
    chosen = [frozenset(filter(None, paths)) for paths in zip(*meant.values(), strict=True)]
    return [said(run, Words(paths)) for run, paths in zip(runs, chosen, strict=True)] if names else list(runs)


def said(run: Run, words: Words) -> Run:
    """The run decided about anew, with the person's words about single files; nothing is compiled again."""
    request = run.request._replace(words=words)
    return run._replace(request=request, compiled=settled(request, run.compiled))


def path_inside(run: Run, directory: Path, name: str) -> str | None:
    """The file of the output directory that the person means, as the tree calls it."""
    known = {decision.path for decision in run.compiled.decisions}
    bases = (directory.resolve(), run.folder)
    paths = (os.path.relpath(base / name, run.output).replace(os.sep, "/") for base in bases)
    return next((path for path in paths if path in known), None)


def print_findings(runs: Iterable[Run], settings: Settings, output_format: str = "text") -> None:
    """All findings in one report: text goes to stderr with a summary, other formats are data."""
    diagnostics: list[Diagnostic] = []
    documents: dict[str, str] = {}
    for run in runs:
        diagnostics.extend(_seen_from_here(run, diagnostic) for diagnostic in run.compiled.diagnostics)
        documents.update((run.path(path), one.text) for path, one in run.compiled.planned.documents.items())
    if output_format != "text":
        write = {"json": findings_json, "github": findings_github}[output_format]
        click.echo(write(diagnostics), nl=False)
    elif diagnostics:
        text = findings_text(diagnostics, documents, colour=settings.colour_on(sys.stderr), width=_width())
        click.echo(text, err=True, color=True)
        click.echo(summary(diagnostics), err=True)


def stopped(runs: Iterable[Run]) -> bool:
    """Whether a manifest has an error; a refusal to write is none."""
    return any(has_errors(_own_apart(run.compiled.diagnostics)) for run in runs)


def _own_apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in diagnostics if not one.code.startswith("OWN") and one.code != OLDER]


def _given(directory: Path, name: str) -> Path:
    path = directory / name
    if not path.is_file():
        message = f"there is no manifest `{name}`"
        raise click.UsageError(message)
    if not _FILE_NAME.fullmatch(path.name):
        message = f"`{path.name}` cannot be written into the generated files: use letters, digits, `.`, `_` and `-`"
        raise click.UsageError(message)
    return path


def _found(directory: Path) -> Path:
    above = manifests_above(directory)
    for path in above:
        if path.is_dir():
            message = f"{path} is a directory: the manifest is a file"
            raise click.UsageError(message)
        content = read_regular(path)
        if content is None or not is_fragment(content, path.name, manifest_schema(shipped_files())):
            return path
    reason = "only fragments, which have no `name`" if above else "no integration.yaml"
    message = f"there is {reason} here or in a folder above: name the manifest, or write one"
    raise click.UsageError(message)


def _run(path: Path, directory: Path, *, traced: bool, upgrade: bool) -> Run:
    folder = path.parent.resolve()
    _insist_on_a_file(folder / lock_name(path.name))
    request = Request(
        path.name,
        DiskFiles(folder, repository_of(folder)),
        shipped_files(),
        lambda output, wanted: look(folder / output, wanted),
        branches=lambda output: branches_of(folder / output),
        upgrade=upgrade,
        traced=traced,
    )
    shown = os.path.relpath(folder, directory.resolve())
    return Run(folder, request, compile_manifest(request), "" if shown == "." else shown)


def _insist_on_a_file(lock: Path) -> None:
    """A lock that is there but no file would count as none, and every port be chosen anew. Raises UsageError."""
    if lock.is_symlink() or (lock.exists() and not lock.is_file()):
        what = "a symbolic link" if lock.is_symlink() else "a directory" if lock.is_dir() else "no regular file"
        message = (
            f"the lock `{lock.name}` is {what}, and would be a regular file beside the manifest: move it away, and "
            f"bring the lock back with `git checkout -- {lock.name}`"
        )
        raise click.UsageError(message)


def _seen_from_here(run: Run, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic._replace(marks=tuple(mark._replace(path=run.path(mark.path)) for mark in diagnostic.marks))


def _width() -> int:
    try:
        return os.get_terminal_size(2).columns or 80  # a terminal of unknown size says 0
    except OSError:
        return 80
