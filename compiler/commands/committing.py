"""What a hook asks for: every manifest of a repository, and whether git has all that the compiler made."""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from compiler.commands.codes import MisuseError
from compiler.commands.saying import say
from compiler.hands.disk import read_regular
from compiler.hands.tracked import manifests_named, missing_from_git
from compiler.model.tree import Action
from compiler.text.beside import lock_name
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.pipeline import Compiled

_VERSION = regex(rb"""^version:[ \t]*["']?1["']?[ \t]*(#.*)?\r?$""", re.MULTILINE)
_TOLD = 8
_NAME = regex(rb"^name:", re.MULTILINE)


def manifests_below(settings: Settings, named: Sequence[str]) -> list[str]:
    """Every manifest below here, as `MANIFEST` would name it. Raises MisuseError where there is none, or one is named.

    `integration.yaml` and `*.integration.yaml` count when they have a version and a name at the margin, or a lock
    beside them: fragments have no name, and other tools' files of that name no such version.
    """
    if named:
        message = "name the manifests, or say `--all`: not both"
        raise MisuseError(message)
    folder = settings.directory.resolve()
    found = [path.relative_to(folder).as_posix() for path in manifests_named(folder) if _is_manifest(path)]
    if not found:
        message = "there is no manifest here or below: one is called `integration.yaml` or `NAME.integration.yaml`"
        raise MisuseError(message)
    return found


def is_out_of_date(runs: Iterable[Run]) -> bool:
    """Whether a file is not what it should be.

    A script that only lost its executable bit is told of on stderr, and no more: where git does not record the bit
    (core.fileMode=false, Windows), no compile could bring it into the next clone.
    """
    is_changed = False
    for run in runs:
        modes = {run.path(posixpath.join(run.compiled.planned.output, path)) for path in _only_modes(run.compiled)}
        left = {action for path, action in run.actions().items() if path not in modes}
        is_changed = is_changed or bool(left - {Action.UNCHANGED})
        if modes:
            names = " ".join(map(shlex.quote, sorted(modes)))
            say(f"some scripts are not executable; to commit that they are: `git add --chmod=+x -- {names}`", err=True)
    return is_changed


def tell_missing(runs: Sequence[Run]) -> bool:
    """Whether git has not got all that a clone needs; says on stderr what is missing, and how to add it."""
    found = [missing_from_git(run.folder, _of_the_commit(run)) for run in runs]
    untracked = [path for one in found for path in one.untracked]
    ignored = [path for one in found for path in one.ignored]
    _tell(untracked, "not in git yet", ("git", "add", "--", *_folded(untracked, runs)))
    _tell(ignored, "ignored by git, so nobody else would get it", ("git", "add", "--force", "--", *_shown(ignored)))
    return bool(untracked or ignored)


def _tell(paths: Sequence[Path], why: str, command: Sequence[str]) -> None:
    names = _shown(paths)
    lines = [f"  {name}: {why}" for name in names[:_TOLD]]
    if len(names) > _TOLD:
        lines.append(f"  ... and {len(names) - _TOLD} more")
    if names:
        say("\n".join([*lines, f"to commit this: `{shlex.join(command)}`"]), err=True)


def _folded(paths: Sequence[Path], runs: Iterable[Run]) -> list[str]:
    """The paths to type: the output directory itself for many in it, for all in it belongs in git, or is ignored."""
    outputs = {run.output for run in runs}
    folded = (next((above for above in path.parents if above in outputs), path) for path in paths)
    return _shown(list(dict.fromkeys(folded)) if len(paths) > _TOLD else paths)


def _shown(paths: Iterable[Path]) -> list[str]:
    """The paths as seen from where the program was started: there a person types the command."""
    return [os.path.relpath(path) for path in paths]


def _is_manifest(path: Path) -> bool:
    content = read_regular(path) or b""
    if path.with_name(lock_name(path.name)).is_file():
        return True
    return _VERSION.search(content) is not None and _NAME.search(content) is not None


def _only_modes(compiled: Compiled) -> Iterable[str]:
    """The files whose text is right, but not their mode."""
    for decision in compiled.decisions:
        if (
            decision.action is Action.UPDATE
            and compiled.standing[decision.path].text == compiled.tree[decision.path].text
        ):
            yield decision.path


def _of_the_commit(run: Run) -> Iterable[Path]:
    """Manifest, fragments, lock and tree."""
    planned = run.compiled.planned
    yield from (run.folder / path for path in planned.documents)
    yield run.lock
    yield from (run.output / path for path in run.compiled.tree)
