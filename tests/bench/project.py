"""Generated manifests on disk, and what the installed command is asked to do with them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.manifests import MANIFEST, changed, fragment
from tests.bench.measure import Work

if TYPE_CHECKING:
    from collections.abc import Mapping

PASS = (sys.executable, "-c", "pass")
PERIPLUS = str(Path(sys.executable).with_name("periplus"))
_WRONG = 2


def start(folder: Path, *words: str, **surroundings: str) -> Work:
    """The command in a folder without a manifest."""
    return Work((PERIPLUS, *words), folder, surroundings=surroundings)


def cold(folder: Path, texts: Mapping[str, str]) -> Work:
    """A compile where nothing was ever compiled."""
    return Work((PERIPLUS, "compile"), folder, lambda: write_anew(folder, texts))


def check(folder: Path) -> Work:
    """A check where nothing changed since the compile."""
    return Work((PERIPLUS, "compile", "--check"), folder)


def update(folder: Path, texts: Mapping[str, str]) -> Work:
    """A compile after one byte changed: forth, back, forth."""
    return Work((PERIPLUS, "compile"), folder, lambda: change(folder, texts))


def error(folder: Path) -> Work:
    """A compile of a manifest with a mistake."""
    return Work((PERIPLUS, "compile"), folder, code=_WRONG)


def diff(folder: Path) -> Work:
    """What changed since the plan in the folder was compiled."""
    return Work((PERIPLUS, "diff"), folder)


def write_anew(folder: Path, texts: Mapping[str, str]) -> None:
    """The folder with these texts and nothing else, as the top of a repository."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / ".git").mkdir(parents=True)
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def change(folder: Path, texts: Mapping[str, str]) -> None:
    """One byte of one file changed, or changed back: of the middle fragment, or of the manifest."""
    parts = len(texts) - 1
    path = fragment(parts // 2) if parts else MANIFEST
    stands = (folder / path).read_text(encoding="utf-8")
    text = changed(texts[path]) if stands == texts[path] else texts[path]
    (folder / path).write_text(text, encoding="utf-8")
