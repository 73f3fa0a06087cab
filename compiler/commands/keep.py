"""`periplus keep`: a generated file becomes the person's own, and still gets what the manifest changes."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.commands.codes import DONE, REFUSED, WRONG, MisuseError
from compiler.commands.manifests import Run, find_manifests, path_inside, print_findings, run_all, said, stopped
from compiler.commands.origin import origin
from compiler.commands.saying import say
from compiler.commands.writing import changes, undisturbed
from compiler.hands.disk import Changes, carry_out, clear_temporaries, read_regular
from compiler.hands.refused import RefusedError
from compiler.model.tree import Action, Artifact, Owner
from compiler.ownership.decide import REFUSED as REFUSALS
from compiler.ownership.kept import UNKEEPABLE, base_path
from compiler.ownership.settle import Words
from compiler.ownership.signature import digest_of, manifest_of
from compiler.pipeline import OLDER
from compiler.render.summary import file_lines
from compiler.targets.compose.emit import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.commands.settings import Settings
    from compiler.model.tree import Decision


def command(settings: Settings, paths: Sequence[str], *, release: bool) -> None:
    """Take files over, or give them back."""
    manifests = {os.path.realpath(path): path for name in paths for path in _manifest_of(settings, name)}
    with undisturbed(manifests.values()):
        runs = run_all(settings, list(manifests.values()))
        if stopped(runs):
            print_findings(runs, settings)
            raise SystemExit(WRONG)
        chosen = list(zip(runs, _meant(runs, settings, paths), strict=True))
        said_so = [_released(run, inside) if release else _kept(run, inside) for run, inside in chosen]
        _insist(said_so, settings)
        lines = [line for run in said_so for line in _carry_out(run)]
    if not settings.quiet:
        say("".join(f"{line}\n" for line in lines), nl=False)
    is_in_conflict = any(one.action is Action.CONFLICT for run in said_so for one in _touched(run))
    raise SystemExit(REFUSED if is_in_conflict else DONE)


def _manifest_of(settings: Settings, name: str) -> list[Path]:
    """The manifest that a file says it is generated from, in the nearest folder above it; else the one found here."""
    path = settings.directory.resolve() / name
    said_by = manifest_of((read_regular(path) or b"").decode("utf-8", "replace"))
    above = (folder / said_by for folder in path.parents) if said_by else iter(())
    found = next((manifest for manifest in above if manifest.is_file()), None)
    shown = [] if found is None else [os.path.relpath(found, settings.directory.resolve())]
    return find_manifests(settings, shown)


def _meant(runs: Sequence[Run], settings: Settings, names: Sequence[str]) -> list[list[str]]:
    """Of each run the paths named, as the tree calls them. Raises MisuseError for a path of none."""
    meant: list[list[str]] = [[] for _ in runs]
    for name in names:
        found = [(paths, path_inside(run, settings.directory, name)) for paths, run in zip(meant, runs, strict=True)]
        known = [(paths, path) for paths, path in found if path is not None]
        if not known:
            message = f"`{name}` is no generated file"
            raise MisuseError(message)
        for paths, path in known:
            paths.append(path)
    return meant


def _kept(run: Run, paths: Sequence[str]) -> Run:
    """The run with the files kept. Raises MisuseError for what cannot be, RefusedError for one without a base."""
    new = [path for path in paths if path not in run.compiled.planned.lock.kept]
    return said(run, Words(keep=tuple((path, _base(run, path)) for path in new)))


def _base(run: Run, path: str) -> str:
    """The signed text that what stands was made from."""
    shown, artifact = _shown(run, path), run.compiled.emitted.get(path)
    if artifact is None:
        message = f"`{shown}` is no generated file, or no longer one"
        raise MisuseError(message)
    if artifact.owner is Owner.ONCE:
        message = f"`{shown}` is yours already: it was written once, and no compile touches it again"
        raise MisuseError(message)
    if path in UNKEEPABLE:
        message = f"`{shown}` cannot be kept: {UNKEEPABLE[path]}"
        raise MisuseError(message)
    text = run.compiled.standing[path].text
    if text is None:
        return artifact.text
    found = origin(run, path)
    if found is None:
        raise RefusedError(_unknown(shown, is_signed=bool(digest_of(text))))
    return found


def _unknown(shown: str, *, is_signed: bool) -> str:
    if not is_signed:
        why = "carries no signature, so nobody can tell what in it was generated"
    else:
        why = "was edited, and the text it was generated as is neither the present one nor in git"
    return (
        f"`{shown}` {why}\n"
        f"  help: `periplus compile --overwrite {shown}` saves your text beside it and generates the file;\n"
        f"        then `periplus keep {shown}`, and bring your lines back"
    )


def _released(run: Run, paths: Sequence[str]) -> Run:
    """The run with the files generated again. Raises MisuseError for one that is not kept."""
    for path in paths:
        if path not in run.compiled.planned.lock.kept:
            message = f"`{_shown(run, path)}` is not kept"
            raise MisuseError(message)
    return said(run, Words(release=frozenset(paths)))


def _touched(run: Run) -> list[Decision]:
    """What is decided about the files named, their bases, and how git treats them."""
    words = run.request.words
    named = {*(path for path, _ in words.keep), *words.release}
    paths = {*named, *map(base_path, named), *((ATTRIBUTES,) if named else ())}
    return [decision for decision in run.compiled.decisions if decision.path in paths]


def _insist(runs: Sequence[Run], settings: Settings) -> None:
    """Print what there is to say about the files named, and leave with 3 where one of them is refused."""
    print_findings([_narrowed(run) for run in runs], settings)
    refused = any(one.action in REFUSALS for run in runs for one in _touched(run))
    if refused or any(run.compiled.waits_for_upgrade for run in runs):
        say("nothing was written", err=True)
        raise SystemExit(REFUSED)


def _narrowed(run: Run) -> Run:
    output = run.compiled.planned.output
    paths = {posixpath.join(output, one.path) for one in _touched(run)}
    told = (one for one in run.compiled.diagnostics if one.code == OLDER or one.marks[0].path in paths)
    return run._replace(compiled=run.compiled._replace(diagnostics=tuple(told)))


def _carry_out(run: Run) -> Iterator[str]:
    """Write, and tell what was done, a line each.

    The bases and the lock come first: killed after that, the next compile does the rest.
    """
    words, touched = run.request.words, _touched(run)
    actions = {one.path: one.action for one in touched} | {base_path(path): Action.CREATE for path, _ in words.keep}
    shown = {_shown(run, path): action for path, action in actions.items()}
    shown[run.path(run.lock.name)] = run.lock_action()
    clear_temporaries(run.output, run.lock)
    every = changes(run, touched)
    if words.keep:
        bases = {base_path(path): Artifact(text, owner=Owner.BASE) for path, text in words.keep}
        carry_out(run.output, Changes(bases, (), (), every.lock))
        every = every._replace(lock=None, seen={path: one for path, one in every.seen.items() if path not in bases})
    copies = carry_out(run.output, every)
    for path, _ in words.keep:
        yield f"{_shown(run, path)} is kept: each compile merges into it what the manifest changes"
    for path in sorted(words.release):
        yield f"{_shown(run, path)} is generated again"
    if touched:
        yield from file_lines(shown)
    else:
        yield "these files are kept already"
    yield from (f"saved what you had as {run.shown_output}/{copy}" for copy in copies)


def _shown(run: Run, path: str) -> str:
    return run.path(posixpath.join(run.compiled.planned.output, path))
