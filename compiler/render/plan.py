"""The integration plan, as the seeds' first checkpoint shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compiler.model.plan import Asker, HttpGet, UnitKind, Until
from compiler.model.tree import Action
from compiler.spell.markdown import markdown_code, markdown_text
from compiler.targets.compose.readme import health_words
from compiler.targets.compose.words import duration
from compiler.targets.graph import calls
from compiler.targets.plan_document import plan_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.model.plan import Compilation, Plan, Unit

_ACTIONS = {
    Action.CREATE: "Create",
    Action.UPDATE: "Modify",
    Action.REPLACE: "Modify",
    Action.DELETE: "Delete",
    Action.MERGE: "Merge into what is kept",
    Action.CONFLICT: "Merge into what is kept, with a conflict to settle",
    Action.EDITED: "Refused: edited by hand",
    Action.FOREIGN: "Refused: not generated",
    Action.OTHERS: "Refused: generated from another manifest",
    Action.MARKED: "Refused: kept, with a conflict that is not settled",
    Action.BASELESS: "Refused: kept, without its base",
    Action.LOST: "Refused: a merge would lose an edit",
}


Planned = tuple["Compilation", "Mapping[str, Action]"]
"""What was decided, and what is done about each file by its path as it is to be shown."""


def plans_markdown(plans: Sequence[Planned]) -> str:
    """Of each plan services, integration points, start order, files and health strategy."""
    return "\n".join("".join(f"{line}\n" for line in _markdown(one.base, actions)) for one, actions in plans)


def plans_json(plans: Sequence[Planned]) -> str:
    """The same for machines: plan.json's document, and what is done about each file; a list of them for several."""
    documents = [
        {**plan_document(one), "files": {path: action.value for path, action in actions.items()}}
        for one, actions in plans
    ]
    return json.dumps(documents if len(documents) > 1 else documents[0], indent=2, ensure_ascii=False) + "\n"


def _markdown(plan: Plan, actions: Mapping[str, Action]) -> Iterator[str]:
    yield f"## Integration plan: {markdown_text(plan.project)}"
    yield from ("", "### Services", "", "| Service | Role | Port | Network |", "|---|---|---|---|")
    for unit in plan.units.values():
        if unit.kind is not UnitKind.JOB:
            networks = ", ".join(("default", *unit.networks))
            yield f"| {unit.name} | {markdown_text(unit.role) or '-'} | {_port(unit)} | {networks} |"
    for external in plan.externals.values():
        yield f"| {external.name} | {markdown_text(external.role)} | {markdown_code(external.url)} | external |"
    yield from ("", "### Integration points", "")
    for number, edge in enumerate(calls(plan), start=1):
        purpose = f" ({markdown_text(edge.purpose)})" if edge.purpose else ""
        waits = " without waiting" if edge.until is Until.NOTHING else ""
        yield f"{number}. {edge.source} -> {edge.target}{purpose}{waits}"
    yield from ("", "### Start order", "")
    for number, layer in enumerate(plan.layers, start=1):
        yield f"{number}. {', '.join(layer)}"
    yield from (
        "",
        f"Least start time: {duration(plan.least_start_ms)} (the health checks' intervals, one after another).",
    )
    yield from ("", "### Changes required", "", "| File | Action |", "|---|---|")
    for path, action in actions.items():
        if action in _ACTIONS:
            yield f"| {markdown_text(path)} | {_ACTIONS[action]} |"
    if not _ACTIONS.keys() & set(actions.values()):
        yield "| none | everything is up to date |"
    yield from ("", "### Health strategy", "")
    yield from _health(plan)


def _port(unit: Unit) -> str:
    published = [str(port.host) for port in unit.ports.values() if port.host]
    return ", ".join(published) or "internal"


def _health(plan: Plan) -> Iterator[str]:
    yield "| Unit | Liveness gates the start | Readiness is verified | Asked with | Every |"
    yield "|---|---|---|---|---|"
    for unit in plan.units.values():
        if unit.kind is UnitKind.JOB:
            continue
        health = unit.health
        if health is None or health.asker is Asker.NONE:
            yield f"| {unit.name} | no check: others wait until it is started | | | |"
            continue
        readiness = health.readiness.path if isinstance(health.readiness, HttpGet) else ""
        http = isinstance(health.liveness, HttpGet)
        liveness = markdown_code(health.liveness.path) if isinstance(health.liveness, HttpGet) else health_words(health)
        asked = health.asker.value if http else "in the container"
        every = duration(health.timing.interval_ms)
        verified = markdown_code(readiness) if readiness else ""
        yield f"| {unit.name} | {liveness} | {verified} | {asked} | {every} |"
