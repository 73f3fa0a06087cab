"""A writing layer that fails: its calls are counted, and one of them is struck."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

CALLS = ("open", "fchmod", "fsync", "replace", "unlink", "mkdir", "rmdir")
"""What the writing layer asks of `os`; what it asks of a stream is counted as `write` and `close`."""


RECORD = " record"
"""How the names of calls end that only put the record of a run."""
_REMEMBERING = "compiler/hands/recorder.py"


def _callers() -> Iterator[str]:
    """The files of the functions that are running, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        yield frame.f_code.co_filename
        frame = frame.f_back


class Faults:
    """The calls of one run, by name; before the one with number `at` (from 1) `strike` gets what it is about."""

    def __init__(self, at: int = 0, strike: Callable[[object], None] = lambda _: None) -> None:
        self.calls: list[str] = []
        self._at = at
        self._strike = strike

    def patch(self, patch: Callable[[object, str, object], None]) -> None:
        """Put the counting calls in the place of the plain ones."""
        for name in CALLS:
            patch(os, name, self._counting(name, getattr(os, name)))
        patch(os, "fdopen", self._opening(os.fdopen))

    def tick(self, name: str, subject: object = None) -> None:
        """Count a call; those for the lock of a run and for the record that it leaves have names of their own."""
        is_record = any(path.endswith(_REMEMBERING) for path in _callers())
        suffix = " lock" if str(subject).endswith(".lock") else RECORD if is_record else ""
        self.calls.append(f"{name}{suffix}")
        if len(self.calls) == self._at:
            self._strike(subject)

    def _counting(self, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.tick(name, arguments[0])
            return plain(*arguments, **named)

        return call

    def _opening(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def fdopen(descriptor: int, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            stream = plain(descriptor, mode, *arguments, **named)
            return _Stream(stream, self) if "w" in mode else stream

        return fdopen


class _Stream:
    """A file that is open for writing: half of a text is on the disk when a write is struck."""

    def __init__(self, stream: Any, faults: Faults) -> None:
        self._stream = stream
        self._faults = faults

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._faults.tick("close")
        finally:
            self._stream.close()

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._stream.write(content[:half])
        self._stream.flush()
        self._faults.tick("write")
        self._stream.write(content[half:])
        return len(content)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        number: int = self._stream.fileno()
        return number
