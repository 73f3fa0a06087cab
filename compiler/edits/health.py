"""Answers about health checks: what all services share stands in `defaults`, the rest at each service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.edits.situation import Problem, Proposal, Situation, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Route

_CHECK = "healthcheck"


def health_changes(answers: Mapping[str, Any], situation: Situation, proposal: Proposal) -> None:
    """Add the wishes about health checks."""
    shared = {key: text for key, text in answers.items() if key != "services"}
    single = answers.get("services", {})
    checked = [name for name, service in situation.manifest.services.items() if service.health is not None]
    if shared and not checked:
        proposal.problems.append(Problem(("health",), "no service has a health check"))
    places = list(_defaults(shared, situation)) if shared else []
    for document in places:
        _wish(document, ("defaults", _CHECK), shared, situation, proposal)
    if situation.main in places:
        for name in checked:
            _tell_kept(name, [key for key in shared if key not in single.get(name, {})], situation, proposal)
    elif shared:
        single = {**single, **{name: {**shared, **single.get(name, {})} for name in checked}}
    for name, settings in single.items():
        _single(name, settings, situation, proposal)


def _defaults(settings: Mapping[str, str], situation: Situation) -> Iterator[str]:
    """The documents whose defaults say something about it; a fragment's own count only where they say the same."""
    for document in situation.written:
        check = situation.at(document, ("defaults", _CHECK))
        says = isinstance(check, dict) and any(key in check for key in settings)
        if check and (document == situation.main or says):
            yield document


def _tell_kept(name: str, keys: list[str], situation: Situation, proposal: Proposal) -> None:
    document, route = situation.own_place(("services", name))
    own = situation.at(document, (*route, _CHECK))
    kept = [key for key in keys if isinstance(own, dict) and key in own]
    proposal.notes.extend(f"`{name}` says its own `{key}` and keeps it" for key in kept)


def _single(name: str, settings: Mapping[str, str], situation: Situation, proposal: Proposal) -> None:
    service = situation.manifest.services.get(name)
    at = ("health", "services", name)
    if service is None:
        proposal.problems.append(unknown(at, "service", name, situation.manifest.services))
        return
    if service.url or (service.health is None and "liveness" not in settings):
        reason = "is an external service: nothing asks it" if service.url else "has no health check: say its `liveness`"
        proposal.problems.append(Problem(at, f"`{name}` {reason}"))
        return
    shared = [key for key in settings if situation.is_shared(("services", name, _CHECK, key))]
    if shared and service.health is not None:
        proposal.notes.append(
            f"the check of `{name}` stands in `defaults`, which stay as they are: "
            f"{_listed(shared)} {'is' if len(shared) == 1 else 'are'} now said at the service itself"
        )
    document, route = situation.own_place(("services", name))
    _wish(document, (*route, _CHECK), settings, situation, proposal)


def _wish(document: str, route: Route, settings: Mapping[str, str], situation: Situation, proposal: Proposal) -> None:
    """Wishes for each setting; a check that is written short becomes a mapping."""
    written = situation.at(document, route)
    if written and isinstance(written, str):
        proposal.wish(document, route, {"liveness": written, **settings})
        return
    for key, text in settings.items():
        proposal.wish(document, (*route, key), text)


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
