"""SHA-256 without OpenSSL, whose library takes longer to load than a small text to digest."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_LARGE = 256 * 1024
_OWN = ("_sha2", "_sha256")
"""What Python's own is called, from 3.12 on and before."""


def sha256_of(content: bytes) -> str:
    """The digest of some bytes, in hexadecimal."""
    digest: str = _module(is_large=len(content) >= _LARGE).sha256(content).hexdigest()
    return digest


@cache  # a module that is missing is searched for anew at every import
def _module(*, is_large: bool) -> ModuleType:
    for name in () if is_large else _OWN:
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("hashlib")
