"""New keys and items as lines, in the manifest's dialect: block style, nothing quoted that need not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.edits.edit_error import EditError
from compiler.edits.scalar import key, scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compiler.edits.layout import Value


def block(value: Value, step: int, dash_step: int) -> list[str]:
    """The lines of a mapping or list at no indentation. Raises EditError for a list without items."""
    if isinstance(value, dict):
        return entries(value, step, dash_step)
    return items(value, step, dash_step)


def entries(mapping: Mapping[str, Value], step: int, dash_step: int, first_step: int = 0) -> list[str]:
    """The lines of a mapping's entries; `first_step` is how deep the mappings right below stand, if not as others."""
    steps = (step, dash_step, first_step or step)
    return [line for name, value in mapping.items() for line in _entry(key(name), value, *steps)]


def items(values: Iterable[Value], step: int, dash_step: int, gap: str = " ") -> list[str]:
    """The lines of a list's items."""
    lines: list[str] = []
    for value in values:
        if isinstance(value, str):
            lines.append(f"-{gap}{scalar(value)}")
            continue
        first, *rest = block(value, step, dash_step) or [""]
        lines += [f"-{gap}{first}".rstrip(), *(" " * (1 + len(gap)) + line for line in rest)]
    return lines


def _entry(name: str, value: Value, step: int, dash_step: int, own_step: int) -> list[str]:
    if isinstance(value, str):
        return [f"{name}: {scalar(value)}"]
    if value == []:
        message = "a manifest cannot say a list without items: remove the key"
        raise EditError(message)
    indent = dash_step if isinstance(value, list) else own_step
    return [f"{name}:", *(" " * indent + line for line in block(value, step, dash_step))]
