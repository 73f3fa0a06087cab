"""Git: what was committed. Asks only, changes nothing; the program is called without a shell."""

from __future__ import annotations

import contextlib
import itertools
import os
import posixpath
import re
import subprocess
from fnmatch import fnmatchcase
from typing import IO, TYPE_CHECKING, cast

from compiler.hands.globs import collapsed
from compiler.hands.sight import LARGEST
from compiler.text.named import NamedTuple
from compiler.text.regex import regex
from compiler.text.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_VERSIONS = 100
_SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__"})
_KEPT = regex(r"GIT_(CONFIG_(COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|SSH|SSH_COMMAND)")
"""Of a person's own GIT_* variables; all others speak of the repository that a hook runs for."""
_OURS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class GitError(Exception):
    """Git cannot answer; the text says why, for a person."""


class NoRepositoryError(GitError):
    """There is no git to ask: it is not installed, or the folder lies in no repository."""


class UnknownRevisionError(GitError):
    """The repository has no such commit."""


class RevisionFiles(NamedTuple):
    """The files of one commit, read relative to a folder of the repository: the `Files` of the past.

    `prefix` is that folder as seen from the top of the repository: empty, or with a slash at its end.
    """

    folder: Path
    commit: str
    prefix: str

    @property
    def reach(self) -> int:
        """How many folders above still belong to the repository."""
        return self.prefix.count("/")

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, at most 64 MiB of them, following links inside the repository; else None.

        Raises GitError where git fails.
        """
        inside = self._inside(path)
        return None if inside is None else _blob(self.folder, self.commit, inside)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """The files that match, relative to the folder, sorted; `**` is any number of folders. Raises GitError."""
        parts = posixpath.normpath(pattern).split("/")
        up = len(list(itertools.takewhile(lambda part: part == "..", parts)))
        if up > self.reach or posixpath.isabs(pattern):
            return ()
        base = "".join(f"{part}/" for part in self.prefix.split("/")[: self.reach - up])
        listed = (path.removeprefix(base) for path in self._listed(base))
        wanted = collapsed(parts[up:])
        found = (path for path in listed if _matches(path.split("/"), wanted))
        return tuple(sorted("../" * up + path for path in found if not _SKIPPED & set(path.split("/"))))

    def _inside(self, path: str) -> str | None:
        """The path from the top of the repository, None for one that leads out of it or cannot be asked for."""
        inside = posixpath.normpath(posixpath.join("/", self.prefix, path)).lstrip("/")
        is_out = posixpath.normpath(path).split("/").count("..") > self.reach or posixpath.isabs(path)
        return None if is_out or not inside or re.search(r"[\n\0]", inside) or is_unread(inside) else inside

    def _listed(self, base: str) -> Iterator[str]:
        words = (
            "--literal-pathspecs",
            "ls-tree",
            "-r",
            "-z",
            "--full-tree",
            self.commit,
            *(("--", base) if base else ()),
        )
        for entry in listed(self.folder, *words):
            about, _, path = entry.partition("\t")
            is_link = about.startswith("120000")
            is_file = about.split(" ")[1] == "blob"
            if is_file and (not is_link or _blob(self.folder, self.commit, path) is not None):
                yield path


def revision_files(folder: Path, revision: str) -> RevisionFiles:
    """The files of a commit, named as git names it: `HEAD`, `main`, `v1.2~3`, a digest.

    Raises UnknownRevisionError where there is no such commit, NoRepositoryError without git or repository, GitError
    where git fails.
    """
    prefix = ask(folder, "rev-parse", "--show-prefix").removesuffix("\n")
    return RevisionFiles(folder, _commit(folder, revision), prefix)


def merge_base(folder: Path, commit: str) -> str | None:
    """The newest commit that HEAD and another commit have in common; None where none is known here.

    In a shallow clone there may be none. Raises NoRepositoryError without git or repository.
    """
    try:
        return ask(folder, "merge-base", commit, "HEAD").strip()
    except NoRepositoryError:
        raise
    except GitError:
        return None


def past_texts(path: Path) -> Iterator[str]:
    """The committed versions of one file as it was called all along, newest first, each text once, 100 commits back.

    Nothing without git, repository or commit, and no version that is not UTF-8.
    """
    folder = next(above for above in path.absolute().parents if above.is_dir())
    name = path.absolute().relative_to(folder).as_posix()
    with contextlib.suppress(GitError):
        files = revision_files(folder, "HEAD")
        words = (
            "--literal-pathspecs",
            "log",
            "--full-history",
            f"--max-count={_VERSIONS}",
            "--format=%H",
            "HEAD",
            "--",
            name,
        )
        commits = ask(folder, *words).split()
        told: set[bytes] = set()
        for commit in (files.commit, *commits):
            content = files._replace(commit=commit).read(name)
            if content is None or content in told:
                continue
            told.add(content)
            with contextlib.suppress(UnicodeDecodeError):
                yield content.decode()


def ask(folder: Path, *words: str) -> str:
    """What git answers on stdout. Raises GitError in the words of git where it fails."""
    with _started(folder, *words) as git:
        out, err = git.communicate()
    if git.returncode != 0:
        raise _failure(folder, err, git.returncode)
    return os.fsdecode(out)


def listed(folder: Path, *words: str) -> list[str]:
    """The entries that git lists, each ended by a NUL. Raises GitError."""
    return ask(folder, *words).split("\0")[:-1]


def _commit(folder: Path, revision: str) -> str:
    """The digest of a commit. A name with `-` at its start is never asked for: git has none, and would see an option.

    That git answers for the folder at all is known.
    """
    if revision and not revision.startswith("-") and not re.search(r"[\n\0]", revision):
        with contextlib.suppress(GitError):
            return ask(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    if ask(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        message = (
            f"there is no revision `{revision}` here, perhaps because this is a shallow clone: "
            "fetch more of its history, with `git fetch --unshallow` or `fetch-depth: 0`"
        )
    else:
        message = f"there is no revision `{revision}` in this repository: name a commit, a branch or a tag"
    raise UnknownRevisionError(message)


def _matches(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path match those of a pattern; `**` at the end means folders, so no file."""
    if not pattern or pattern[-1] == "**":
        return False
    reached = _passed({0}, pattern)
    for name in path:
        stays = {at for at in reached if at < len(pattern) and pattern[at] == "**"}
        fits = (at for at in reached - stays if at < len(pattern) and fnmatchcase(name, pattern[at]))
        reached = _passed(stays | {at + 1 for at in fits}, pattern)
    return len(pattern) in reached


def _passed(reached: set[int], pattern: Sequence[str]) -> set[int]:
    """The places in a pattern, and those behind a `**` that stands for no folder."""
    return reached | {at + 1 for at in reached if at < len(pattern) and pattern[at] == "**"}


def _blob(folder: Path, commit: str, path: str) -> bytes | None:
    """The bytes of a file of a commit, links followed; None where there is none, or only outside the repository."""
    with _started(folder, "cat-file", "--batch=%(objecttype) %(objectsize)", "--follow-symlinks") as git:
        out = cast("IO[bytes]", git.stdout)
        with cast("IO[bytes]", git.stdin) as asked:
            asked.write(os.fsencode(f"{commit}:{path}\n"))
        told = out.readline()
        found = re.fullmatch(rb"blob (\d+)\n", told)
        content = out.read(min(int(found[1]), LARGEST)) if found else None
        out.close()  # the rest of a huge file is never read
        said = b"" if found else cast("IO[bytes]", git.stderr).read()
    if not told or re.search(rb"^(error|fatal):", said, re.MULTILINE):  # a damaged file is told as a missing one
        raise _failure(folder, said, git.returncode)
    return content


def _failure(folder: Path, said: bytes, code: int) -> GitError:
    reason = re.sub(r"^(error|fatal): ", "", os.fsdecode(said).strip().partition("\n")[0])
    if "not a git repository" in reason:
        return NoRepositoryError(f"{folder} is in no git repository")
    return GitError(f"git could not tell what was committed: {reason or f'it ended with {code}'}")


@contextlib.contextmanager
def _started(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    try:
        git = subprocess.Popen(  # noqa: S603 - no shell, and no word of a person begins with `-`
            ["git", "-C", os.fspath(folder), *words],  # noqa: S607 - the git of the person's PATH
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=_environment(),
        )
    except (FileNotFoundError, PermissionError):
        message = "git is not installed, or not found in PATH"
        raise NoRepositoryError(message) from None
    with git:
        yield git


def _environment() -> dict[str, str]:
    """Our environment without what a surrounding hook says about its own repository."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    return {**kept, **_OURS}
