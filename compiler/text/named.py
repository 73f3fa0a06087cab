"""`NamedTuple` as `typing` has it, or its fast twin: more than a hundred of them are made at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compiler.text.twin import twin

__all__ = ["NamedTuple"]

_fast = twin("compiler.text.quick_named")
if _fast and not TYPE_CHECKING:
    NamedTuple = _fast.NamedTuple
