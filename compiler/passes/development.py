"""Development that spoils what runs: the host's packages over those that the image has installed."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.passes.checks import flat
from compiler.text.commands import commands_of, program_of
from compiler.text.dockerfile import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compiler.model.manifest import Service, VolumeWish, Watch
    from compiler.passes.dockerfile import Dockerfile, Step

_PACKAGES = frozenset({"node_modules", ".venv", "venv"})
_MARKS = {
    "node_modules": ("package.json",),
    ".venv": ("pyproject.toml", "requirements.txt", "uv.lock"),
    "venv": ("pyproject.toml", "requirements.txt"),
}
"""Files of a project whose tools put such a folder beside them, on every developer's machine."""
_NODE_INSTALLS = {
    "npm": frozenset({"ci", "install", "i", "clean-install"}),
    "pnpm": frozenset({"install", "i"}),
    "bun": frozenset({"install", "i"}),
    "yarn": frozenset({"install", ""}),
}
_ELSEWHERE = frozenset({"-g", "--global", "--prefix", "-C", "--dir", "--cwd", "global"})


def package_notices(service: Service, dockerfile: Dockerfile | None, has: Callable[[str], bool]) -> Iterator[Defect]:
    """What is watched or mounted over packages that the image has installed; `has` says what the repository holds."""
    if service.build is None:
        return
    folders = package_folders(dockerfile) if dockerfile is not None else ()
    for watch in service.develop.watch if service.develop else ():
        if watch.action.startswith("sync"):
            yield from _synced(service, watch, folders, has)
    if dockerfile is not None and not dockerfile.entrypoint and "entrypoint" not in service.compose:
        for volume in service.volumes:
            yield from _hidden(service, dockerfile, volume, folders, has)


def package_folders(dockerfile: Dockerfile) -> tuple[str, ...]:
    """Where the image has packages that belong to the application: `/app/node_modules`, `/app/.venv`."""
    found: dict[str, None] = {}
    for step in dockerfile.steps:
        folder = _installed(step) if step.name == "RUN" else _copied(step)
        if folder:
            found[folder] = None
    return tuple(found)


def _installed(step: Step) -> str:
    commands = commands_of(step.text)
    if any("node_modules" in word for command in commands for word in command.words[1:]):
        return ""  # moved, linked or removed
    for command in commands:
        words = command.words[1:]
        if program_of(command.words) == "cd" or not _ELSEWHERE.isdisjoint(words):
            return ""
        name, verb = program_of(command.words), next((word for word in words if not word.startswith("-")), "")
        if verb in _NODE_INSTALLS.get(name, ()):
            return posixpath.join(step.folder, "node_modules")
        if name == "uv" and verb == "sync" and "UV_PROJECT_ENVIRONMENT" not in step.variables:
            return posixpath.join(step.folder, ".venv")
        if name in {"python", "python3"} and words[:2] == ("-m", "venv") and len(words) > 2:  # noqa: PLR2004
            return posixpath.normpath(posixpath.join(step.folder, words[-1]))
    return ""


def _copied(step: Step) -> str:
    if "--from=" not in step.text:
        return ""
    words = [word for word in words_of(step.text) if not word.startswith("--")]
    target = posixpath.normpath(posixpath.join(step.folder, words[-1])) if words else ""
    return target if posixpath.basename(target) in _PACKAGES else ""


def _synced(service: Service, watch: Watch, folders: Sequence[str], has: Callable[[str], bool]) -> Iterator[Defect]:
    inside = _PACKAGES.intersection(watch.path.split("/"))
    facts = {"unit": service.name, "path": watch.path, "target": watch.target}
    if inside:
        yield Defect("develop.synced-packages", watch.at, {**facts, "folder": min(inside), "inside": "yes"})
        return
    for folder in folders:
        parent, name = posixpath.split(folder)
        if parent != posixpath.normpath(watch.target) or name not in _PACKAGES:
            continue
        is_ignored = any(name in pattern and not pattern.startswith("!") for pattern in watch.ignore)
        if not is_ignored and _is_project(watch.path, name, has):
            yield Defect("develop.synced-packages", watch.at, {**facts, "folder": name, "inside": ""})


def _hidden(
    service: Service,
    dockerfile: Dockerfile,
    volume: VolumeWish,
    folders: Sequence[str],
    has: Callable[[str], bool],
) -> Iterator[Defect]:
    """A folder of the repository mounted where the image has its packages below."""
    target = posixpath.normpath(volume.target)
    commands = [*service.command, *(service.develop.command if service.develop else ())]
    text = " ".join([dockerfile.command, *map(flat, commands)])
    others = {posixpath.normpath(other.target) for other in service.volumes if other is not volume}
    if not volume.source.startswith(".") or "install" in text or "sync" in text or " ci" in text or ".sh" in text:
        return
    for folder in folders:
        parent, name = posixpath.split(folder)
        if parent == target and name in _PACKAGES and folder not in others and _is_project(volume.source, name, has):
            facts = {"unit": service.name, "path": volume.source, "target": volume.target, "folder": folder}
            yield Defect("develop.hidden-packages", volume.at, facts)


def _is_project(path: str, name: str, has: Callable[[str], bool]) -> bool:
    return any(has(posixpath.join(path, mark)) for mark in _MARKS[name])
