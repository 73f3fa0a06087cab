"""Python loads this at every start where its folder is on `PYTHONPATH`: no fast twin of the compiler is there.

It is as if each `quick_*.py` had been deleted, in this process and in all that it starts.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class Deleted:
    """Stands before all finders, and finds no fast twin."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing for any other module. Raises ModuleNotFoundError for a twin."""
        del path, target
        if name.startswith("compiler.") and name.rpartition(".")[2].startswith("quick_"):
            message = f"the fast twin {name} is left out"
            raise ModuleNotFoundError(message, name=name)
        return None


sys.meta_path.insert(0, Deleted())
