"""What is never read, whoever names it or links to it: what git keeps for itself, and files of secrets.

And what is never written: where programs look for what they run.
"""

import posixpath

_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])


def is_unread(path: str) -> bool:
    """Whether a path from the top of a repository, links followed, is of `.git`, or a `.env` that is no example."""
    name = _bare(path.rpartition("/")[2])
    if name == ".env" or (name.startswith(".env.") and name != ".env.example"):
        return True
    if path.isascii() and "git" not in path.lower():
        return False
    return any(map(is_gits, path.split("/")))


def is_gits(name: str) -> bool:
    """Whether a file system that folds case, or passes over some characters, takes a name for `.git`."""
    return _bare(name) in {".git", "git~1"}


def is_searched(path: str) -> bool:
    """Whether CI, editors or package managers look for what they run where a path from the manifest begins."""
    first = posixpath.normpath(path).split("/")[0]
    return first not in {".", ".."} and (first.startswith(".") or first.casefold() == "node_modules")


def _bare(name: str) -> str:
    plain = name if name.isascii() else name.translate(_UNSEEN)
    return plain.partition(":")[0].rstrip(". ").casefold()
