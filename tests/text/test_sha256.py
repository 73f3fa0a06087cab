"""Digests are the same whoever makes them."""

from __future__ import annotations

import hashlib

import pytest

from compiler.text.sha256 import sha256_of


@pytest.mark.parametrize("size", [0, 1, 1000, 256 * 1024 - 1, 256 * 1024, 1024 * 1024])
def test_a_digest_is_that_of_hashlib(size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    assert sha256_of(content) == hashlib.sha256(content).hexdigest()
