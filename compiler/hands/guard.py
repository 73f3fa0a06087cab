"""One run at a time: a second waits ten seconds, then gives up."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.text.sha256 import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 10.0
_STEP_S = 0.05


class BusyError(Exception):
    """Another run holds the manifest."""


@contextlib.contextmanager
def alone(manifest: Path, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold a manifest and its output. Raises BusyError where another run holds it longer than the patience lasts.

    The lock file lies in the machine's temporary directory, not in the tree, and goes when it is let go: nothing to
    ignore, nothing left behind but by a run that was killed, whose file holds nobody up.
    """
    name = sha256_of(os.fsencode(os.path.realpath(manifest)))[:32]
    path = _shared() / f"periplus-{os.getuid()}-{name}.lock"
    end = time.monotonic() + patience_s
    descriptor = _held(path, end)
    while descriptor is None:
        descriptor = _held(path, end)
    try:
        yield
    finally:
        try:
            with contextlib.suppress(OSError):  # one that stays is no harm
                path.unlink()
        finally:
            os.close(descriptor)


def _shared() -> Path:
    """The machine's temporary directory, as `tempfile` finds it; asked only where it is not the usual one."""
    named = next(filter(None, map(os.environ.get, ("TMPDIR", "TEMP", "TMP"))), "/tmp")  # noqa: S108 - a lock alone
    if os.path.isabs(named) and os.path.isdir(named) and os.access(named, os.W_OK | os.X_OK):  # noqa: PTH112, PTH117
        return Path(named)
    import tempfile  # noqa: PLC0415 - start-up

    return Path(tempfile.gettempdir())


def _held(path: Path, end: float) -> int | None:
    """The lock file, locked; None where its last holder has removed it by then, so that it locks nobody out."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    is_held = False
    try:
        _wait(descriptor, end)
        is_held = _is_at(path, descriptor)
    finally:
        if not is_held:
            os.close(descriptor)
    return descriptor if is_held else None


def _wait(descriptor: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise BusyError from None
            time.sleep(_STEP_S)
        else:
            return


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
