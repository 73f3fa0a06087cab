"""What `compile` says when it is done: what was decided, what changed, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import UnitKind
from compiler.model.tree import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.plan import Plan
    from compiler.pipeline import Compiled

_TYPE = "type"
_MARKS = {Action.CREATE: "+", Action.UPDATE: "~", Action.REPLACE: "~", Action.DELETE: "-"}
_DONE = {Action.CREATE: "created", Action.UPDATE: "updated", Action.REPLACE: "replaced", Action.DELETE: "removed"}


def compile_summary(compiled: Compiled, output: str, *, check: bool) -> str:
    """The seeds' summary report. With `check` it says what would be done."""
    compilation = compiled.planned.compilation
    if compilation is None:
        return ""
    return "".join(f"{line}\n" for line in (*_decided(compilation.base), *_changes(compiled, output, check=check)))


def counted(number: int, what: str) -> str:
    """`1 service`, `3 services`, `2 databases`, `1 library`."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _decided(plan: Plan) -> Iterator[str]:
    units = list(plan.units.values())
    services = [unit for unit in units if unit.kind is UnitKind.SERVICE]
    jobs = [unit for unit in units if unit.kind is UnitKind.JOB]
    instances = [unit for unit in units if unit.kind is UnitKind.INSTANCE]
    external = f", {counted(len(plan.externals), 'external service')}" if plan.externals else ""
    yield f"{plan.project}: {counted(len(services), 'service')}{external}, {counted(len(jobs), 'one-shot job')}"
    if instances:
        yield f"  infrastructure  {', '.join(f'{unit.name} ({unit.settings[_TYPE]})' for unit in instances)}"
    databases = [f"{unit.name}: {unit.settings['databases']}" for unit in instances if unit.settings.get("databases")]
    if databases:
        yield f"  databases       {'; '.join(databases)}"
    networks = [f"{one.name}{' (external)' if one.external else ''}" for one in plan.networks.values()]
    yield f"  networks        {', '.join(('default', *networks))}"
    ports = [f"{unit.name} {port.host}" for unit in units for port in unit.ports.values() if port.host]
    yield f"  host ports      {', '.join(ports) or 'none'}"
    for number, layer in enumerate(plan.layers, start=1):
        yield f"  {f'layer {number}':<15} {', '.join(layer)}"


def _changes(compiled: Compiled, output: str, *, check: bool) -> Iterator[str]:
    changed = [decision for decision in compiled.decisions if decision.action in _MARKS]
    for decision in changed:
        yield f"  {_MARKS[decision.action]} {decision.path}"
    unchanged = len(compiled.decisions) - len(changed)
    counts = {action: sum(one.action is action for one in changed) for action in _MARKS}
    spoken = [f"{count} {_DONE[action]}" for action, count in counts.items() if count]
    verb = "would be " if check and spoken else ""
    yield f"{output}/: {verb}{', '.join((*spoken, f'{unchanged} unchanged'))}"
