"""What a person wrote, replaced at that person's word: whole or not at all, and never under another's hands."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.hands.disk import insist_as_read, read_regular, repository_of
from compiler.hands.folders import Folders, clear_beside, insist_writable
from compiler.hands.refused import RefusedError
from compiler.text.named import NamedTuple
from compiler.text.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.hands.folders import Staged


class Manuscript(NamedTuple):
    """A manifest or fragment at its real place, links followed: as it was read, and as it is to be."""

    path: Path
    before: bytes
    after: bytes


def place_of(folder: Path, name: str, output: Path) -> Path:
    """The real place of a manifest or fragment, links followed, for who writes it.

    Raises RefusedError where that is outside the repository, git's, a file of secrets, or in the output directory.
    """
    path, repository = (folder / name).resolve(), repository_of(folder)
    if not path.is_relative_to(repository):
        message = f"`{name}` leads out of the repository, to {path}: only what is in it is changed"
    elif is_unread(os.fspath(path.relative_to(repository))):
        message = f"`{name}` leads to {path}, which is of git, or of secrets: it is left as it is"
    elif Path(os.path.normpath(folder / name)).is_relative_to(output) or path.is_relative_to(output.resolve()):
        message = f"`{name}` leads into the output directory: change it by hand, or move it"
    else:
        return path
    raise RefusedError(message)


@contextlib.contextmanager
def replaced(manuscripts: Sequence[Manuscript]) -> Iterator[None]:
    """The new texts stand while what follows from them is written; where that fails the old ones come back.

    Modes stay. Killed inside, the new texts stand: what follows from them can be made again. Raises OSError, and
    RefusedError where a text is no longer as it was read; nothing is changed then.
    """
    with contextlib.ExitStack() as opened:
        staged = [_stage(opened.enter_context(Folders(one.path.parent)), one) for one in manuscripts]
        for one in manuscripts:
            insist_as_read(one.path, one.before)
        try:
            for folders, new, _ in staged:
                folders.put(new)
            yield
        except BaseException:
            for _, new, old in staged:
                if read_regular(new.target) != old.content:
                    os.replace(old.temporary, new.target.name, src_dir_fd=new.folder, dst_dir_fd=new.folder)
            raise


class _Old(NamedTuple):
    temporary: str
    content: bytes


def _stage(folders: Folders, one: Manuscript) -> tuple[Folders, Staged, _Old]:
    """The new text and a copy of the old one, both beside the place."""
    insist_writable(one.path)
    clear_beside(one.path)
    mode = stat.S_IMODE(one.path.stat().st_mode)
    old = folders.stage(one.path.with_name(f"{one.path.name}.before"), one.before, mode)
    return folders, folders.stage(one.path, one.after, mode), _Old(old.temporary, one.before)
