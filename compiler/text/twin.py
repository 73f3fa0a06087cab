"""Fast twins: a module that does the same as a plain one, only faster, and may be deleted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def twin(name: str) -> ModuleType | None:
    """The fast module of that name (`compiler.passes.quick_…`), or None where it cannot be imported.

    It cannot where the file was deleted, or where what it is built on (libyaml, say) is missing on this machine.
    """
    try:
        return import_module(name)
    except ImportError:
        return None
