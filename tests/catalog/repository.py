"""Files for the tests of the catalogue."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Repository:
    """The files of this repository, as they are shipped."""

    reach = 0

    def read(self, path: str) -> bytes | None:
        file = ROOT / path
        return file.read_bytes() if file.is_file() else None

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)))


class Texts(dict[str, str]):
    """A project that is a mapping of paths to texts."""

    reach = 0

    def read(self, path: str) -> bytes | None:
        text = self.get(path)
        return None if text is None else text.encode()

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self if fnmatchcase(path, pattern)))
