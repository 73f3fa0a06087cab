"""The least that still shows a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz.projects import MANIFEST, Project

if TYPE_CHECKING:
    from collections.abc import Callable


def shrunk(project: Project, has_fault: Callable[[Project], bool], most: int = 2000) -> Project:
    """The project with whatever files and lines can go, one after the other, after at most so many trials."""
    trials = 0

    def still(smaller: Project) -> bool:
        nonlocal trials
        trials += 1
        return trials <= most and has_fault(smaller)

    for path in [path for path in project if path != MANIFEST]:
        smaller = {each: content for each, content in project.items() if each != path}
        project = smaller if still(smaller) else project
    for path in list(project):
        project = _with_fewer_lines(project, path, still)
    return project


def _with_fewer_lines(project: Project, path: str, still: Callable[[Project], bool]) -> Project:
    step = max(1, len(project[path].splitlines()) // 2)
    while step:
        at = 0
        lines = project[path].splitlines(keepends=True)
        while at < len(lines):
            smaller = {**project, path: b"".join(lines[:at] + lines[at + step :])}
            if still(smaller):
                project, lines = smaller, lines[:at] + lines[at + step :]
            else:
                at += step
        step //= 2
    return project
