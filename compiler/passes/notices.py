"""What can be made and started as it is written, and bites later: told once everything is decided."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.plan import Asker
from compiler.model.source import Place
from compiler.passes.builds import build_notices
from compiler.passes.checks import Check, check_notices
from compiler.passes.inputs import is_inside, missing_dockerfiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compiler.model.finding import Defect
    from compiler.model.manifest import Manifest, Service
    from compiler.model.plan import Plan
    from compiler.model.source import Files, Route
    from compiler.passes.dockerfile import Dockerfile
    from compiler.passes.inputs import Missing
    from compiler.passes.merge import Merged
    from compiler.passes.recall import Recall

_LONGEST_START_MS = 600_000
"""What a job of a CI is mostly given (docs/ci)."""


def notices_of(
    tree: Merged,
    manifest: Manifest,
    plan: Plan,
    dockerfiles: Mapping[str, Dockerfile | None],
    files: Files,
    recall: Recall,
) -> tuple[Defect, ...]:
    """The notices of one environment; `tree` is what it was lowered from."""
    missing = recall(missing_dockerfiles, manifest.services, dockerfiles, files)
    found = [*_order(manifest, plan)]
    for name, service in manifest.services.items():
        unit = plan.units.get(name)
        if service.url or unit is None:
            continue
        check = Check(service, tree.value["services"][name], unit.health, dockerfiles.get(name))
        found.extend(recall(_of_service, check, missing.get(name), files, of=name))
    kept = (_without_defaults(defect, manifest.environment, tree.moved) for defect in found)
    return tuple(defect for defect in kept if defect is not None)


def _order(manifest: Manifest, plan: Plan) -> Iterator[Defect]:
    if plan.least_start_ms > _LONGEST_START_MS:
        from compiler.passes.patience import order_fault  # noqa: PLC0415 - hardly any system takes so long

        yield from order_fault(manifest, plan)


def _of_service(check: Check, missing: Missing | None, files: Files) -> tuple[Defect, ...]:
    return tuple(_each(check, missing, files))


def _each(check: Check, missing: Missing | None, files: Files) -> Iterator[Defect]:
    service, dockerfile = check.service, check.dockerfile
    is_told = check.health is not None and check.health.asker is Asker.UNKNOWN
    yield from build_notices(service, dockerfile, None if is_told else missing)
    yield from check_notices(check)
    if service.build and (service.volumes or (service.develop and service.develop.watch)):
        from compiler.passes.development import package_notices  # noqa: PLC0415 - most services have neither

        yield from package_notices(_with_ignores(service, files), dockerfile, _has(files))


def _with_ignores(service: Service, files: Files) -> Service:
    """The service, with what Compose does not watch because of the build's .dockerignore."""
    build, develop = service.build, service.develop
    if build is None or develop is None or not develop.watch:
        return service
    path = posixpath.join(build.context, ".dockerignore")
    content = files.read(path) if is_inside(path, files.reach) else None
    if content is None:
        return service
    lines = tuple(content.decode("utf-8", "replace").split("\n"))
    watch = tuple(one._replace(ignore=(*one.ignore, *lines)) for one in develop.watch)
    return service._replace(develop=develop._replace(watch=watch))


def _has(files: Files) -> Callable[[str], bool]:
    return lambda path: is_inside(path, files.reach) and files.read(path) is not None


def _without_defaults(defect: Defect, environment: str, moved: Mapping[Route, Place]) -> Defect | None:
    """The defect, without settings that come to nothing but are none of the service's own: defaults, which count for
    others, and in an environment what the manifest says and the environment has no use for.
    """  # noqa: D205 - one sentence
    if defect.kind != "health.ignored":
        return defect
    routes = [at for at in (defect.at, *defect.related) if not isinstance(at, Place) and not _is_default(at, moved)]
    if environment or not routes:
        return None
    keys = ", ".join(str(route[-1]) for route in routes)
    return defect._replace(at=routes[0], facts={**defect.facts, "keys": keys}, related=tuple(routes[1:]))


def _is_default(route: Route, moved: Mapping[Route, Place]) -> bool:
    places = (moved.get(route[:length]) for length in range(len(route), 0, -1))
    place = next((place for place in places if place is not None), None)
    return place is not None and place.route[:1] == ("defaults",)
