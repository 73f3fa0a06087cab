"""`periplus ports claim` and `release`: our entries in the registry that projects share, and nobody else's."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from compiler.commands.codes import DONE, FOUND, REFUSED, WRONG, MisuseError
from compiler.commands.project_ports import planned_run, planned_with, project_ports, stop
from compiler.commands.saying import say
from compiler.hands.disk import repository_of
from compiler.hands.guard import BusyError, alone
from compiler.hands.registry import read_registry_file, registry_path, replace_registry
from compiler.ownership.registry import EMPTY, claim, claimed_keys, release
from compiler.render.claims import claims_text
from compiler.rules.words import meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.commands.manifests import Run
    from compiler.commands.settings import Settings
    from compiler.hands.registry import RegistryFile
    from compiler.model.manifest import Manifest

_BAD_REGISTRY = "PORT007"


def claim_ports(settings: Settings, manifest: Sequence[str], *, check: bool) -> None:
    """Bring our entries in the registry up to date, or, with `check`, say whether they are."""
    run = planned_run(settings, manifest)
    name = _registry_of(run, settings)
    with _held(run, name) as file:
        text = file.content if file.content is not None else EMPTY.encode()
        ports = project_ports(planned_with(run, name, text), settings, conflict=REFUSED)
        wanted = {one.port: f"{ports.manifest.name}/{one.key}" for one in ports.published}
        edited = claim(text.decode(), ports.manifest.name, wanted)
        is_changed = edited.text.encode() != file.content
        if is_changed and not check:
            replace_registry(file, edited.text)
    say(ports.moves, err=True, nl=False)
    if not settings.quiet or (check and is_changed):
        say(claims_text(edited, run.path(name), len(wanted) - len(edited.claimed), check=check), nl=False)
    raise SystemExit(FOUND if check and is_changed else DONE)


def release_ports(settings: Settings, words: Sequence[str]) -> None:
    """Remove our entries from the registry: all of them, or those of the services named."""
    is_manifest = any("." in word for word in words[:1])
    run = planned_run(settings, words[:is_manifest])
    name = _registry_of(run, settings)
    with _held(run, name) as file:
        again = planned_with(run, name, file.content)
        manifest = again.compiled.planned.manifest
        is_bad = any(one.code == _BAD_REGISTRY for one in again.compiled.diagnostics)
        if manifest is None or file.content is None or is_bad:
            stop(again, settings, WRONG)
        text = file.content.decode()
        _insist_known(words[is_manifest:], claimed_keys(text, manifest.name), manifest)
        edited = release(text, manifest.name, words[is_manifest:])
        if edited.text != text:
            replace_registry(file, edited.text)
    if not settings.quiet:
        kept = len(claimed_keys(edited.text, manifest.name))
        say(claims_text(edited, run.path(name), kept, check=False), nl=False)


def _registry_of(run: Run, settings: Settings) -> str:
    """The registry that the manifest names. Raises MisuseError where it names none."""
    manifest = run.compiled.planned.manifest
    if manifest is None or any(
        one.code == "PATH001" and one.subject == "ports/registry" for one in run.compiled.diagnostics
    ):
        stop(run, settings, WRONG)
    if not manifest.ports.registry:
        message = (
            f"`{run.path(run.request.manifest)}` names no registry: write `registry: PORT_REGISTRY.json` under `ports`"
        )
        raise MisuseError(message)
    return manifest.ports.registry


@contextlib.contextmanager
def _held(run: Run, name: str) -> Iterator[RegistryFile]:
    """The registry as it is on disk, nobody else's to write meanwhile; ends with REFUSED where somebody has it."""
    path = registry_path(run.folder, repository_of(run.folder), name)
    try:
        with alone(path):
            yield read_registry_file(path)
    except BusyError:
        message = f"another periplus is at work on `{run.path(name)}`: nothing was written, try again when it is done"
        say(message, err=True)
        raise SystemExit(REFUSED) from None


def _insist_known(names: Sequence[str], claimed: Sequence[str], manifest: Manifest) -> None:
    units = {*manifest.services, *manifest.infrastructure, *(["gateway"] if manifest.gateway else [])}
    known = sorted({*units, *claimed, *(key.partition("/")[0] for key in claimed)})
    for name in names:
        if name not in known and name.partition("/")[0] not in units:
            advice = meant(name, ", ".join(known), "there is none")
            message = f"`{name}` is no service and has no entry in the registry: {advice}"
            raise MisuseError(message)
