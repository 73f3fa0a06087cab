"""Files of secrets that git tracks in an output directory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compiler.hands.sight import repository_above

if TYPE_CHECKING:
    from pathlib import Path

_EXAMPLE = ".env.example"


def tracked_secrets(output: Path) -> tuple[str, ...]:
    """The environment files of a directory that git has in its index, but the example; none where git cannot tell."""
    if not output.is_dir() or not os.path.lexists(f"{repository_above(os.fspath(output))}/.git"):
        return ()
    from compiler.hands.git import GitError, listed  # noqa: PLC0415 - most runs ask nothing of git

    try:
        found = listed(output, "ls-files", "-z", "--cached", "--", ":(glob).env", ":(glob).env.*")
    except GitError:
        return ()
    return tuple(sorted(set(found) - {_EXAMPLE}))
