"""What a rule is: a code, a severity, and a check that words findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from compiler.model.finding import Defect, Finding, Severity
from compiler.model.manifest import Manifest, Service
from compiler.model.plan import Plan
from compiler.text.named import NamedTuple


class Context(NamedTuple):
    """What rules look at. Manifest and plan are None where an earlier pass could not go on.

    `plans` are those of all environments: what one of them leaves unused, another may use.
    """

    defects: tuple[Defect, ...] = ()
    manifest: Manifest | None = None
    plan: Plan | None = None
    plans: tuple[Plan, ...] = ()
    shared: frozenset[str] = frozenset()
    """Services that stand in the manifest itself just so: whatever looks at a service alone has judged them there."""

    def of(self, kind: str) -> Iterator[Defect]:
        """The defects of one kind, in the order found."""
        return (defect for defect in self.defects if defect.kind == kind)

    @property
    def own_services(self) -> list[Service]:
        """The services that were not judged yet."""
        services = self.manifest.services if self.manifest else {}
        return [service for name, service in services.items() if name not in self.shared]


_UNCHANGED = frozenset({"LINT", "LOCK", "OWN"})


class Rule(NamedTuple):
    """One code. The manual page is the docstring of the module that makes it."""

    code: str
    name: str
    severity: Severity
    check: Callable[[Context], Iterable[Finding]]
    is_judgement: bool = False
    """Of an error: a person may know better, and the system can be compiled all the same."""

    @property
    def may_be_changed(self) -> bool:
        """Whether the manifest may suppress it or say how much it weighs.

        An error of any other kind leaves nothing to compile, and what is said of the output directory or of `lint`
        itself is mended there.
        """
        area = self.code.rstrip("0123456789")
        return (self.is_judgement or self.severity is not Severity.ERROR) and area not in _UNCHANGED
