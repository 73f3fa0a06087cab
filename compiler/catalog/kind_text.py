"""The text of a `kind.yaml`, in the same StrictYAML dialect as the manifest."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from compiler.catalog.kind_error import KindError
from compiler.text.reading import FORBIDDEN, quickly_read

_LARGEST = 256 * 1024
"""Bytes. A kind has a few kilobytes; StrictYAML's time grows with the text."""


@lru_cache(maxsize=64)
def parse_kind(raw: bytes, path: str) -> dict[str, Any]:
    """Give the mapping that the file holds, not to be changed; every scalar is its text. Raises KindError."""
    reading = quickly_read(raw) if len(raw) <= _LARGEST else None
    return reading.value if reading else _parse_strictly(raw, path)


def _parse_strictly(raw: bytes, path: str) -> dict[str, Any]:
    from strictyaml import YAMLError, load  # type: ignore[import-untyped]  # noqa: PLC0415

    text = _decoded(raw, path)
    try:
        parsed = load(text, _untouched(), label=path)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise KindError(path, _first_line(error), mark.line + 1 if mark else 0) from error
    except Exception as error:  # strictyaml crashes in many ways on text that is no YAML
        raise KindError(path, f"not StrictYAML: {_first_line(error)}") from error
    plain = _plain(parsed)
    if not isinstance(plain, dict):
        raise KindError(path, "a kind is a mapping")
    return plain


def _decoded(raw: bytes, path: str) -> str:
    if len(raw) > _LARGEST:
        raise KindError(path, f"larger than {_LARGEST // 1024} KiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KindError(path, "not UTF-8") from error
    found = re.search(FORBIDDEN, text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise KindError(path, f"holds the control character U+{ord(found[0]):04X}", line)
    return text


def _untouched() -> Any:  # noqa: ANN401  # strictyaml is untyped
    """Make a validator that hands on what was loaded: StrictYAML's own are quadratic in the size of the text."""
    from strictyaml import Validator  # noqa: PLC0415

    class Untouched(Validator):  # type: ignore[misc]
        def __call__(self, chunk: Any) -> Any:  # noqa: ANN401
            return chunk.contents

    return Untouched()


def _first_line(error: Exception) -> str:
    problem = getattr(error, "problem", None)
    return str(problem or error).split("\n", 1)[0]


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return str(value)
