"""What the commands share: finding manifests, running the pipeline on the disk, printing findings."""

from __future__ import annotations

import os
import posixpath
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.commands.codes import MisuseError
from compiler.commands.saying import say
from compiler.hands.branches import branches_of
from compiler.hands.disk import DiskFiles, look, manifests_above, read_regular, repository_of
from compiler.hands.recorder import Recorder
from compiler.hands.secrets import tracked_secrets
from compiler.hands.shipped import shipped_files
from compiler.hands.terminal import stderr_width
from compiler.model.tree import Action
from compiler.ownership.lock import is_same_lock
from compiler.ownership.settle import Words
from compiler.passes.include import is_fragment
from compiler.pipeline import (
    OLDER,
    Request,
    compile_manifest,
    has_errors,
    manifest_schema,
    settled,
)
from compiler.text.beside import lock_name
from compiler.text.lines import with_line_feeds
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from compiler.commands.settings import Settings
    from compiler.model.finding import Diagnostic
    from compiler.pipeline import Compiled

_WRITERS = {
    "json": ("findings", "findings_json"),
    "github": ("github", "findings_github"),
    "sarif": ("sarif", "findings_sarif"),
}
_OF_A_REPOSITORY = frozenset({"github", "sarif"})
"""Formats for a site that shows findings in the files of a repository."""
_FILE_NAME = regex(r"[\w. -]+")


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
        """What is done about each file, as the person would type it, the lock last."""
        output = self.compiled.planned.output
        files = {self.path(posixpath.join(output, one.path)): one.action for one in self.compiled.decisions}
        return {**files, self.path(self.lock.name): self.lock_action()}

    def lock_action(self) -> Action:
        """What is done about the lock."""
        stands = self.compiled.planned.lock_stands
        if stands is None:
            return Action.CREATE
        is_same = is_same_lock(with_line_feeds(stands), self.compiled.lock_text)
        return Action.UNCHANGED if is_same else Action.UPDATE


def find_manifests(settings: Settings, manifests: Sequence[str]) -> list[Path]:
    """The manifests named, each once, or the one here or above. Raises MisuseError where there is none."""
    given = [_given(settings.directory, name) for name in manifests] or [_found(settings.directory)]
    return list({path.parent.resolve() / path.name: path for path in given}.values())


def run_all(
    settings: Settings, paths: Sequence[Path], *, traced: bool = False, upgrade: bool = False, asks_git: bool = False
) -> list[Run]:
    """Compile every manifest in memory. Raises MisuseError where two of them would write the same directory.

    With `asks_git` git is asked whether it has files of secrets: a process more, and nothing that is emitted.
    """
    runs = [_run(path, settings.directory, traced=traced, upgrade=upgrade, asks_git=asks_git) for path in paths]
    outputs = [run.output for run in runs]
    if len(set(outputs)) < len(outputs):
        message = "two of these manifests have the same `output`: give each a directory of its own"
        raise MisuseError(message)
    return runs


def overwriting(runs: Sequence[Run], settings: Settings, names: Sequence[str]) -> list[Run]:
    """The runs with the person's word to replace the files named. Raises MisuseError for a file of none of them.

    A name is a path from where the person stands or, as findings show it, from the manifest's folder.
    """
    meant = {name: [path_inside(run, settings.directory, name) for run in runs] for name in names}
    for name, paths in meant.items():
        if not any(paths):
            message = f"`{name}` is no generated file, so there is nothing to overwrite"
            raise MisuseError(message)
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
    if output_format == "text":
        say(findings_said(runs, settings), err=True, is_coloured=True, nl=False)
        return
    seen = map(_from_the_repository, runs) if output_format in _OF_A_REPOSITORY else runs
    diagnostics, suppressed, _ = _findings(seen)
    say(_written_as(output_format)((*diagnostics, *suppressed)), nl=False)


def findings_said(runs: Iterable[Run], settings: Settings) -> str:
    """All findings in one report with a summary, as stderr shows them; empty where there are none."""
    diagnostics, suppressed, documents = _findings(runs)
    if not diagnostics:
        return ""
    from compiler.render.findings import findings_text, summary  # noqa: PLC0415 - start-up

    every = (*diagnostics, *suppressed)  # no line that is quoted shows the secret of one that is not told
    text = findings_text(every, documents, colour=settings.colour_on(sys.stderr), width=stderr_width())
    return f"{text}\n{summary(diagnostics)}\n"


def stopped(runs: Iterable[Run]) -> bool:
    """Whether a manifest has an error; a refusal to write is none."""
    return any(has_errors(without_refusals(run).compiled.diagnostics) for run in runs)


def without_refusals(run: Run) -> Run:
    """The run without what only matters to who writes."""
    found = tuple(one for one in run.compiled.diagnostics if not one.code.startswith("OWN") and one.code != OLDER)
    return run._replace(compiled=run.compiled._replace(diagnostics=found))


def _given(directory: Path, name: str) -> Path:
    path = directory / name
    if not path.is_file():
        message = f"there is no manifest `{name}`"
        raise MisuseError(message)
    if not _FILE_NAME.fullmatch(path.name):
        message = f"`{path.name}` cannot be written into the generated files: use letters, digits, `.`, `_` and `-`"
        raise MisuseError(message)
    return path


def _found(directory: Path) -> Path:
    above = manifests_above(directory)
    for path in above:
        if path.is_dir():
            message = f"{path} is a directory: the manifest is a file"
            raise MisuseError(message)
        content = read_regular(path)
        if content is None or not is_fragment(content, path.name, manifest_schema(shipped_files())):
            return path
    reason = "only fragments, which have no `name`" if above else "no integration.yaml"
    message = f"there is {reason} here or in a folder above: name the manifest, or write one"
    raise MisuseError(message)


def _run(path: Path, directory: Path, *, traced: bool, upgrade: bool, asks_git: bool) -> Run:
    folder = path.parent.resolve()
    _insist_on_a_file(folder / lock_name(path.name))
    request = Request(
        path.name,
        Recorder(DiskFiles(folder, repository_of(folder))),
        shipped_files(),
        lambda output, wanted: look(folder / output, wanted),
        branches=lambda output: branches_of(folder / output),
        tracked=lambda output: tracked_secrets(folder / output) if asks_git else (),
        upgrade=upgrade,
        traced=traced,
    )
    shown = os.path.relpath(folder, directory.resolve())
    return Run(folder, request, compile_manifest(request), "" if shown == "." else shown)


def _insist_on_a_file(lock: Path) -> None:
    """A lock that is there but no file would count as none, and every port be chosen anew. Raises MisuseError."""
    if lock.is_symlink() or (lock.exists() and not lock.is_file()):
        what = "a symbolic link" if lock.is_symlink() else "a directory" if lock.is_dir() else "no regular file"
        message = (
            f"the lock `{lock.name}` is {what}, and would be a regular file beside the manifest: move it away, and "
            f"bring the lock back with `git checkout -- {lock.name}`"
        )
        raise MisuseError(message)


def _from_the_repository(run: Run) -> Run:
    """The run with paths as the site that holds the repository knows them; as they are where there is none."""
    root = repository_of(run.folder)
    if not os.path.lexists(root / ".git"):
        return run
    shown = os.path.relpath(run.folder, root)
    return run._replace(shown="" if shown == "." else shown)


def _seen_from_here(run: Run, diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic._replace(marks=tuple(mark._replace(path=run.path(mark.path)) for mark in diagnostic.marks))


def _written_as(output_format: str) -> Callable[[Iterable[Diagnostic]], str]:
    """What writes findings in a format for programs; the others are not imported."""
    module, function = _WRITERS[output_format]
    writer: Callable[[Iterable[Diagnostic]], str] = getattr(import_module(f"compiler.render.{module}"), function)
    return writer


def _findings(runs: Iterable[Run]) -> tuple[list[Diagnostic], list[Diagnostic], dict[str, str]]:
    """What there is to say, what is suppressed, and the texts that it is about; paths as the person would type them.

    No secret that stands in the manifest is in any of them.
    """
    diagnostics: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    documents: dict[str, str] = {}
    for run in runs:
        diagnostics.extend(_seen_from_here(run, diagnostic) for diagnostic in run.compiled.diagnostics)
        suppressed.extend(_seen_from_here(run, diagnostic) for diagnostic in run.compiled.suppressed)
        documents.update((run.path(path), one.text) for path, one in run.compiled.planned.documents.items())
    if not diagnostics and not suppressed:
        return diagnostics, suppressed, documents
    from compiler.render.veil import veil  # noqa: PLC0415 - start-up

    return veil(diagnostics, suppressed, documents)
