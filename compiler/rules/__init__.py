"""One file a rule: manual page with a bad and a good manifest, and the words of its findings."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compiler.rules.rule import Rule

_NOT_RULES = frozenset({"rule", "page", "words"})


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, found by its file, sorted by code."""
    names = (entry.name for entry in pkgutil.iter_modules(__path__) if entry.name not in _NOT_RULES)
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(sorted((module.RULE for module in modules), key=lambda rule: rule.code))
