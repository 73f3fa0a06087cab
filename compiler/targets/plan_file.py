"""`plan.json`: the plan document as it is written down and read back.

Environments are mostly the same, so each is written as a JSON Merge Patch (RFC 7396) on `plan`: only what differs. In
such a patch null removes, so the file holds no null: a member that is null in the document is left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compiler.spell.json import json_document
from compiler.targets.plan_document import SCHEMA_VERSION, plan_document
from compiler.text.same import is_same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.plan import Compilation

PLAN = "plan.json"
_NULLABLE: Mapping[str, Any] = {
    "": ("gateway",),
    "units": {"*": {"": ("health",), "health": {"": ("liveness", "readiness")}, "ports": {"*": {"": ("host",)}}}},
    "variables": {"*": {"": ("default",)}},
}
"""Where a plan may say null: the members of each mapping on the way (`*` for any name), its own under the empty key."""

_NOWHERE: Mapping[str, Any] = {}


def plan_file(compilation: Compilation) -> str:
    """The text of the file, unsigned."""
    return json_document(compact(plan_document(compilation)))


def read_plan(content: str | bytes | None) -> tuple[dict[str, Any] | None, str]:
    """The whole document that a file says, or what is wrong with it."""
    if content is None:
        return None, "is not there"
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None, "is no JSON"
    version = document.get("schema_version") if isinstance(document, dict) else None
    if not isinstance(version, int):
        return None, "is no plan"
    if version != SCHEMA_VERSION:
        return None, f"has the layout {version}, and this version reads {SCHEMA_VERSION}"
    return (expand(document), "") if _is_a_plan(document) else (None, "is no plan")


def compact(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as the file holds it."""
    plan = document["plan"]
    patches = {name: _patch(plan, one, _NULLABLE) for name, one in document["environments"].items()}
    return {**document, "plan": _without_nulls(plan, _NULLABLE), "environments": patches}


def expand(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document that the file holds: the inverse of `compact`.

    What the plan and its environments have in common is the same object: not to be changed.
    """
    plan = _with_nulls(document["plan"], _NULLABLE)
    whole = {name: _patched(plan, patch, _NULLABLE) for name, patch in document["environments"].items()}
    return {**document, "plan": plan, "environments": whole}


def _is_a_plan(document: Mapping[str, Any]) -> bool:
    patches = document.get("environments")
    plans = (document.get("plan"), *patches.values()) if isinstance(patches, dict) else (None,)
    return all(isinstance(plan, dict) for plan in plans)


def _patch(before: Mapping[str, Any], after: Mapping[str, Any], nullable: Mapping[str, Any]) -> dict[str, Any]:
    """What makes `after` of `before`: null, and a key that is not there, are the same."""
    patch: dict[str, Any] = {}
    every = nullable.get("*", _NOWHERE)
    for key, value in after.items():
        old = before.get(key)
        if value is old or value is None:
            continue
        if not isinstance(value, dict):
            if not is_same(old, value):
                patch[key] = value
        elif not isinstance(old, dict):
            patch[key] = _without_nulls(value, nullable.get(key, every))
        elif (value or old) and (found := _patch(old, value, nullable.get(key, every))):
            patch[key] = found
    patch.update([(key, None) for key, old in before.items() if old is not None and after.get(key) is None])
    return patch


def _patched(node: object, patch: object, nullable: Mapping[str, Any]) -> Any:  # noqa: ANN401 - plan.json is JSON
    """RFC 7396, section 2, on a node that may say null."""
    if not isinstance(patch, dict):
        return patch
    found = {key: value for key, value in node.items() if value is not None} if isinstance(node, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _patched(found.get(key), value, _inside(nullable, key))
    return {**found, **{key: found.get(key) for key in nullable.get("", ())}}


def _without_nulls(node: Mapping[str, Any], nullable: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same object where there is no null in it."""
    found = {key: value for key, value in node.items() if value is not None}
    is_changed = len(found) != len(node)
    for key, inner in _within(found, nullable):
        found[key] = _without_nulls(node[key], inner)
        is_changed |= found[key] is not node[key]
    return found if is_changed else node


def _with_nulls(node: Mapping[str, Any], nullable: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same object where no null is left out of it."""
    more: dict[str, Any] = {key: None for key in nullable.get("", ()) if key not in node}
    for key, inner in _within(node, nullable):
        value = _with_nulls(node[key], inner)
        if value is not node[key]:
            more[key] = value
    return {**node, **more} if more else node


def _within(node: Mapping[str, Any], nullable: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The mappings in a node in which something may be null."""
    if "*" in nullable:
        return [(key, nullable["*"]) for key, value in node.items() if isinstance(value, dict)]
    return [(key, inner) for key, inner in nullable.items() if key and isinstance(node.get(key), dict)]


def _inside(nullable: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Where the member of that name may say null."""
    found: Mapping[str, Any] = nullable.get("*") or (nullable.get(key, _NOWHERE) if key else _NOWHERE)
    return found
