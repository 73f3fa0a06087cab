"""What the compiler makes of every example and manual page, a line for each: run with and without the fast twins."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

from compiler.rules import all_rules
from compiler.rules.page import page
from tests.support import EXAMPLES, ROOT, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TWINS = tuple(sorted(path.relative_to(ROOT) for path in (ROOT / "compiler").rglob("quick_*.py")))
TWIN_NAMES = frozenset(".".join(path.with_suffix("").parts) for path in TWINS)
"""Every fast path there is: the modules whose names begin with `quick_`."""


def cases(part: int = 0, of: int = 1) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A name, and texts by path with the manifest among them: the examples, and a part of the manual pages."""
    for rule in all_rules()[part::of]:
        yield f"{rule.code} bad", page(rule).bad
        yield f"{rule.code} good", page(rule).good
    for folder in (*(ROOT / "examples" / name for name in EXAMPLES), *sorted((ROOT / "tests/manifests").iterdir())):
        files = (
            path for path in folder.rglob("*") if path.is_file() and "integration" not in path.relative_to(folder).parts
        )
        yield folder.name, {path.relative_to(folder).as_posix(): path.read_text(errors="replace") for path in files}


def outputs(part: int, of: int) -> Iterator[str]:
    """For each case a digest of every finding with its places, and of every path with its text."""
    for name, texts in cases(part, of):
        compiled = compile_texts(texts)
        made = (compiled.diagnostics, compiled.decisions, compiled.tree, compiled.planned.lock)
        yield f"{name}: {hashlib.sha256(repr(made).encode()).hexdigest()}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in outputs(*map(int, sys.argv[1:])))
    sys.stdout.write(f"twins: {sorted(TWIN_NAMES & sys.modules.keys())}\n")
