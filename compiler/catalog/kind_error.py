"""What is wrong with a `kind.yaml`."""

from __future__ import annotations


class KindError(Exception):
    """A kind that cannot be used: `path` is its file, `message` is worded for a person; `line` is 0 if unknown."""

    def __init__(self, path: str, message: str, line: int = 0) -> None:
        """Keep the place apart from the words, so that a finding can point at it."""
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.line = line
