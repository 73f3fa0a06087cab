"""Fast twins: a module that does the same as a plain one, only faster, and may be deleted."""

import sys

TYPE_CHECKING = False  # `typing` costs more than all that the door does
if TYPE_CHECKING:
    from types import ModuleType


def twin(name: str) -> "ModuleType | None":
    """The fast module of that name (`compiler.passes.quick_…`), or None where it cannot be imported.

    It cannot where the file was deleted or damaged (one is written by the build), or where what it is built on
    (libyaml, say) is missing on this machine.
    """
    try:
        __import__(name)
    except (ImportError, SyntaxError, ValueError):
        return None
    return sys.modules[name]
