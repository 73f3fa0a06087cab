"""One file a rule: manual page with a bad and a good manifest, and the words of its findings.

A rule here words what the passes left, and is called as the kind of that defect (`port.conflict`), unless it words
several kinds. A rule in `looking` looks at the manifest or the plan itself.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compiler.rules.rule import Context, Rule

_NOT_RULES = frozenset({"__init__", "compose_words", "misdeclared", "page", "rule", "words", "written"})
_AS_FILE = str.maketrans(".-", "__")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, found by its file, sorted by code."""
    return _rules(_wording() | _looking())


def rules_for(context: Context) -> tuple[Rule, ...]:
    """The rules that may have something to say, sorted by code; no other is imported.

    Those are the rules of the defects' kinds, and with a manifest the looking ones. A kind that no file is called
    after may be anybody's: then it is every rule.
    """
    worded = {defect.kind.translate(_AS_FILE) for defect in context.defects}
    if not worded <= _wording():
        return all_rules()
    return _rules(worded if context.manifest is None else worded | _looking())


def _rules(names: Iterable[str]) -> tuple[Rule, ...]:
    modules = (import_module(f"{__name__}.{name}") for name in names)
    return tuple(sorted((module.RULE for module in modules), key=lambda rule: rule.code))


@cache
def _wording() -> frozenset[str]:
    return _modules(Path(__file__).parent) - _NOT_RULES


@cache
def _looking() -> frozenset[str]:
    return frozenset(f"looking.{name}" for name in _modules(Path(__file__).parent / "looking") - _NOT_RULES)


def _modules(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in folder.iterdir() if path.suffix == ".py")
