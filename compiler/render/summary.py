"""What `compile` says when it is done: what was decided, what changed, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import UnitKind
from compiler.model.tree import Action
from compiler.ownership.decide import REFUSED
from compiler.ownership.signature import digest_of
from compiler.text.display import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.plan import Plan
    from compiler.pipeline import Compiled

_TYPE = "type"
_EDIT_LINES = 40
_MARKS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "~",
    Action.DELETE: "-",
    Action.MERGE: "~",
    Action.CONFLICT: "!",
    **dict.fromkeys(REFUSED, "!"),
}
_DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.MERGE: "merged",
    Action.REPLACE: "replaced",
    Action.DELETE: "removed",
    Action.CONFLICT: "in conflict",
}


def compile_summary(compiled: Compiled, output: str, actions: Mapping[str, Action], *, check: bool) -> str:
    """The seeds' summary report; `actions` by path as it is to be shown. With `check` it says what would be done."""
    compilation = compiled.planned.compilation
    if compilation is None:
        return ""
    kept = compiled.planned.lock.kept
    decided = (*_decided(compilation.base), *((f"  kept            {', '.join(kept)}",) if kept else ()))
    lines = (
        *decided,
        *file_lines(actions),
        *_anew(compiled, output, check=check),
        _counts(output, actions, check=check),
    )
    return "".join(f"{line}\n" for line in lines)


def file_lines(actions: Mapping[str, Action]) -> Iterator[str]:
    """A line for each file that is not as it should be."""
    return (f"  {_MARKS[action]} {escaped(path)}" for path, action in actions.items() if action in _MARKS)


def edits(compiled: Compiled, bases: Mapping[str, str]) -> str:
    """What the person changed in each file that is refused for it: against its base, where that is known.

    Against anything else, which is what would be written, the manifest's changes are shown the wrong way round.
    """
    texts = [
        (decision.path, compiled.tree[decision.path].text, compiled.standing[decision.path].text or "")
        for decision in compiled.refused
        if decision.action is Action.EDITED and decision.path in compiled.tree
    ]
    lines = (
        line
        for path, wanted, stands in texts
        for line in (_edit(bases[path], stands) if path in bases else _edit(wanted, stands, "as it would be generated"))
    )
    return "".join(f"{escaped(line)}\n" for line in lines)


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


def _counts(output: str, actions: Mapping[str, Action], *, check: bool) -> str:
    found = list(actions.values())
    spoken = [f"{found.count(action)} {word}" for action, word in _DONE.items() if action in found]
    verb = "would be " if check and spoken else ""
    refused = sum(action in REFUSED for action in found)
    more = (f"{refused} refused",) if refused else ()
    return f"{escaped(output)}/: {verb}{', '.join((*spoken, *more, f'{found.count(Action.UNCHANGED)} unchanged'))}"


def _anew(compiled: Compiled, output: str, *, check: bool) -> Iterator[str]:
    """A line for each kept file that was removed: it comes back without what was written into it."""
    kept = compiled.planned.found.kept if compiled.planned.found else ()
    verb = "would be made" if check else "is made"
    for decision in compiled.decisions:
        if decision.action is Action.CREATE and decision.path in kept:
            path = escaped(f"{output}/{decision.path}")
            yield f"  {path} was kept and is gone: it {verb} anew, without your edits;"
            yield f"    `git checkout -- {path}` brings them back"


def _edit(wanted: str, stands: str, name: str = "as generated") -> Iterator[str]:
    """The lines of a diff, without those of the signature, which is no person's."""
    from difflib import unified_diff  # noqa: PLC0415 - only a refused edit needs it

    before = wanted.replace(digest_of(wanted), digest_of(stands), 1) if digest_of(wanted) else wanted
    found = unified_diff(before.splitlines(), stands.splitlines(), name, "as edited", lineterm="", n=1)
    lines = [line for line in found if not digest_of(line)]
    yield from lines[:_EDIT_LINES]
    if len(lines) > _EDIT_LINES:
        yield f"... {counted(len(lines) - _EDIT_LINES, 'more line')}"
