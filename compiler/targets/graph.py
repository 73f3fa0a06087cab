"""The graph of calls, as Mermaid and as DOT; in manifest order, so that one service more is a few lines more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compiler.model.plan import UnitKind, Until
from compiler.spell.encoded import Encoded
from compiler.spell.markdown import mermaid_label, mermaid_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.plan import Edge, Plan

_SHAPES = {
    UnitKind.INSTANCE: ("[(", ")]", "cylinder"),
    UnitKind.SERVICE: ("[", "]", "box"),
    UnitKind.GATEWAY: ("{{", "}}", "hexagon"),
    UnitKind.JOB: ("([", "])", "ellipse"),
}


def graph_mermaid(plan: Plan) -> Encoded:
    """A flowchart; a dotted arrow calls without waiting."""
    return Encoded("".join(f"{line}\n" for line in _mermaid(plan)))


def graph_dot(plan: Plan) -> str:
    """A digraph for Graphviz; a dashed arrow calls without waiting."""
    return "".join(f"{line}\n" for line in _dot(plan))


def calls(plan: Plan) -> tuple[Edge, ...]:
    """The edges to draw: every call, and no mere order."""
    return tuple(edge for edge in plan.edges if edge.calls and not _is_job(plan, edge.source))


def _is_job(plan: Plan, name: str) -> bool:
    unit = plan.units.get(name)
    return unit is not None and unit.kind is UnitKind.JOB


def _mermaid(plan: Plan) -> Iterator[str]:
    yield "flowchart LR"
    for unit in plan.units.values():
        opening, closing, _ = _SHAPES[unit.kind]
        if unit.kind is not UnitKind.JOB:
            yield f"  {mermaid_name(unit.name)}{opening}{mermaid_label(unit.name)}{closing}"
    for name in plan.externals:
        yield f"  {mermaid_name(name)}>{mermaid_label(name)}]"
    for edge in calls(plan):
        arrow = "-.->" if edge.until is Until.NOTHING else "-->"
        label = f"|{mermaid_label(edge.purpose)}|" if edge.purpose else ""
        yield f"  {mermaid_name(edge.source)} {arrow}{label} {mermaid_name(edge.target)}"


def _dot(plan: Plan) -> Iterator[str]:
    yield "digraph {"
    yield "  rankdir=LR;"
    for unit in plan.units.values():
        if unit.kind is not UnitKind.JOB:
            yield f"  {_quoted(unit.name)} [shape={_SHAPES[unit.kind][2]}];"
    for name in plan.externals:
        yield f"  {_quoted(name)} [shape=cds];"
    for edge in calls(plan):
        style = ", style=dashed" if edge.until is Until.NOTHING else ""
        yield f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(edge.purpose)}{style}];"
    yield "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
