"""What made a line: a line of a template or of a kind's file, or the module that writes the whole file from data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.targets.compose.page_lines import page_lines
from compiler.targets.compose.pages import page_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.source import Files

HEADER = "compiler/ownership/signature.py"
"""What puts the header into a generated file."""
_WRITERS = {
    "plan.json": "compiler/targets/plan_document.py",
    ".env.example": "compiler/targets/compose/environment.py",
    "docker-compose.override.yml": "compiler/targets/compose/overlay.py",
}
_COMPOSE, _GATEWAY = "compiler/targets/compose/document.py", "compiler/targets/compose/gateway.py"


def maker(path: str, number: int, context: Mapping[str, object], shipped: Files, kinds: Mapping[str, str]) -> str:
    """What made a line of an unsigned file. `kinds` says of each instance in which folder its kind stands."""
    if path in page_names(shipped):
        template, line = page_lines(path, context, shipped)[number]
        return f"{template}:{line}"
    folders = path.split("/")
    if folders[0] == "init-scripts" and folders[1] in kinds:
        return f"{kinds[folders[1]]}/{folders[-1]}:{number}"
    return _WRITERS.get(path) or (_GATEWAY if path.endswith(".conf") else _COMPOSE)
