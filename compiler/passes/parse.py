"""Bytes to plain values with a place for every key and value.

Documents of the usual kind are read quickly, and their places are made when one is asked for: nobody asks where there
is nothing to say. All others, and whatever is wrong, are for `strict`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.passes.parsed import LARGEST_BYTES, Parsed, document_of
from compiler.text.reading import quickly_read

if TYPE_CHECKING:
    from compiler.passes.spans import Built
    from compiler.text.reading import Reading


def parse(content: bytes, path: str) -> Parsed:
    """The content of `path` as plain values. A byte order mark at the start and CRLF line ends are fine."""
    reading = quickly_read(content) if len(content) <= LARGEST_BYTES else None
    if reading is not None:
        return Parsed(reading.value, document_of(path, reading.text, lambda: _built(reading)), ())
    from compiler.passes.strict import parse_strictly  # noqa: PLC0415 - seldom needed

    return parse_strictly(content, path)


def _built(reading: Reading) -> Built:
    from compiler.passes.spans import build  # noqa: PLC0415 - seldom needed

    return build(reading.events(), reading.text)
