"""Which Periplus this is: so that what one made is not taken for what another would make."""

import os
import sys
import time

from compiler import __version__
from compiler.text.digest import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGAN_NS = time.time_ns()
_COARSE_NS = 20_000_000
"""By how much the clock of a file system may be late."""
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_BESIDE = ("schemas", "templates")
_INSTALLED = ("site-packages", "dist-packages")


def installation() -> str:
    """The digest of what is known of the program without reading it: its version and Python's, the sizes and times of
    its own files, and when a package was last installed beside it.

    Raises ValueError where a file of its own changed since this process began: nobody knows what has been loaded then.
    """  # noqa: D205 - one sentence
    beside = os.path.dirname(_PACKAGE)
    folders = (_PACKAGE, *(f"{beside}/{name}" for name in _BESIDE if os.path.isdir(f"{beside}/{name}")))
    known = [__version__, sys.version, sys.executable]
    known += [
        f"{path} {os.stat(path).st_mtime_ns}" for path in sys.path if path.endswith(_INSTALLED) and _is_there(path)
    ]
    known += sorted(line for folder in folders for line in _files(folder))
    return digest_of(os.fsencode(f"{line}\n") for line in known)


def _is_there(folder: str) -> bool:
    return os.path.isdir(folder)


def _files(folder: str) -> "Iterator[str]":
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _files(entry.path)
                continue
            seen = entry.stat()
            if seen.st_ctime_ns > _BEGAN_NS - _COARSE_NS:
                message = f"{entry.path} changed while Periplus was running"
                raise ValueError(message)
            yield f"{entry.path} {seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns}"
