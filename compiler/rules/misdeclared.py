"""Names that many refer to and nobody has: then the one declaration that is like them may be what is misspelt."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compiler.model.finding import Label
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Manifest
    from compiler.rules.rule import Context

_KINDS = frozenset({"reference.unknown-name", "dependency.unknown"})


class Uses(NamedTuple):
    """How often each name is referred to: names that nobody has, and those that are declared."""

    missing: Mapping[str, int]
    declared: Mapping[str, int]
    manifest: Manifest | None

    def misdeclared(self, name: str, close: str) -> tuple[str, Label] | None:
        """The advice, and the declaration that is to be looked at; None where the missing name is what is misspelt."""
        instance = self.manifest.infrastructure.get(close) if self.manifest else None
        declaration = instance or (self.manifest.services.get(close) if self.manifest else None)
        missing, declared = self.missing.get(name, 0), self.declared.get(close, 0)
        is_kind = instance is not None and instance.type == name and not declared
        if declaration is None or not (is_kind or missing > 1 + declared):
            return None
        others = _times(declared) if declared else "never"
        advice = f"`{name}` is referred to {_times(missing)}, `{close}` {others}: perhaps the declaration is misspelt"
        return advice, Label(declaration.at, f"declared as `{close}`", "key")


def uses_of(context: Context) -> Uses:
    """What stands in the manifest, counted by the place of each use."""
    missing = {(defect.facts["name"], defect.at) for defect in context.defects if defect.kind in _KINDS}
    edges = context.plan.edges if context.plan else ()
    declared = {(edge.target, at) for edge in edges for at in edge.because}
    return Uses(Counter(name for name, _ in missing), Counter(name for name, _ in declared), context.manifest)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
