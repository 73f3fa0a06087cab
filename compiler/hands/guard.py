"""One run at a time: a second waits ten seconds, then gives up."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 10.0
_STEP_S = 0.05


class BusyError(Exception):
    """Another run holds the manifest."""


@contextlib.contextmanager
def alone(manifest: Path, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold a manifest and its output. Raises BusyError where another run holds it longer than the patience lasts.

    The lock file lies in the machine's temporary directory, not in the tree: nothing to ignore, nothing left behind.
    """
    name = hashlib.sha256(os.fsencode(manifest.resolve())).hexdigest()[:32]
    path = Path(tempfile.gettempdir()) / f"periplus-{os.getuid()}-{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _wait(descriptor, patience_s)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, patience_s: float) -> None:
    end = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise BusyError from None
            time.sleep(_STEP_S)
        else:
            return
