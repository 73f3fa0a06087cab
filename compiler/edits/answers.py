"""What a review is to change, brought to where the manifest really says it.

Answers have the shape of schemas/answers.schema.json, every scalar a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.edits.health import health_changes
from compiler.edits.situation import Problem, Proposal, Situation, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.source import Route

AUTO = "auto"
INTERNAL = "internal"
_ALL = "all"
_GATEWAY = "gateway"
_ALWAYS = ("dev", "test")

Answers = dict[str, Any]


def propose(answers: Mapping[str, Any], situation: Situation) -> Proposal:
    """The wishes about each document, what the person should know about them, and the answers that cannot be."""
    proposal = Proposal([], [], [])
    for key, text in answers.get("ports", {}).items():
        _port(key, text, situation, proposal)
    if "port_range" in answers:
        proposal.wish(situation.main, ("ports", "range"), answers["port_range"])
    for name, version in answers.get("versions", {}).items():
        _version(name, version, situation, proposal)
    _networks(answers.get("networks", {}), situation, proposal)
    health_changes(answers.get("health", {}), situation, proposal)
    _environments(answers.get("environments", {}), situation, proposal)
    return proposal


def _port(key: str, text: str, situation: Situation, proposal: Proposal) -> None:
    name, _, port = key.partition("/")
    if name in situation.manifest.services:
        _service_port(key, name, port, text, situation, proposal)
    elif name in situation.manifest.infrastructure and not port:
        published = {AUTO: "true", INTERNAL: None}.get(text, text)
        proposal.wish(*situation.place(("infrastructure", name, "publish")), published)
    elif name == _GATEWAY and situation.manifest.gateway is not None and not port:
        _gateway_port(text, situation, proposal)
    else:
        accepted = [*situation.manifest.services, *situation.manifest.infrastructure]
        accepted += [_GATEWAY] if situation.manifest.gateway else []
        proposal.problems.append(unknown(("ports", key), "service or infrastructure", key, accepted))


def _service_port(key: str, name: str, port: str, text: str, situation: Situation, proposal: Proposal) -> None:
    ports = situation.manifest.services[name].ports
    if not ports:
        message = f"`{name}` listens on no port: write its `port` into the manifest first"
        proposal.problems.append(Problem(("ports", key), message))
        return
    chosen = port or ("default" if "default" in ports else next(iter(ports)))
    if chosen not in ports:
        proposal.problems.append(unknown(("ports", key), f"port of `{name}`", port, ports))
        return
    if not port and len(ports) > 1 and "default" not in ports:
        choices = [f"{name}/{each}" for each in ports]
        proposal.problems.append(Problem(("ports", key), f"`{name}` has several ports: say which", accepted=choices))
        return
    container = ports[chosen].container
    written = {AUTO: f"{container}", INTERNAL: f"internal:{container}"}.get(text, f"{text}:{container}")
    proposal.wish(*situation.place(("services", name, "ports", chosen)), written)


def _gateway_port(text: str, situation: Situation, proposal: Proposal) -> None:
    gateway = situation.manifest.gateway
    if gateway is not None and gateway.mode == "host":
        message = "the gateway runs on the host, in `mode: host`: it has no port of its own here"
        proposal.problems.append(Problem(("ports", _GATEWAY), message))
    elif text == INTERNAL:
        message = "the gateway is the way in: it is always published"
        proposal.problems.append(Problem(("ports", _GATEWAY), message))
    else:
        proposal.wish(*situation.place(("gateway", "port")), None if text == AUTO else text)


def _version(name: str, version: str, situation: Situation, proposal: Proposal) -> None:
    manifest = situation.manifest
    wanted = None if version == AUTO else version
    if name in manifest.infrastructure:
        if manifest.infrastructure[name].image:
            message = f"`{name}` runs an image of its own, `{manifest.infrastructure[name].image}`: change that"
            proposal.problems.append(Problem(("versions", name), message))
            return
        proposal.wish(*situation.place(("infrastructure", name, "version")), wanted)
    elif name == _GATEWAY and manifest.gateway is not None:
        proposal.wish(*situation.place(("gateway", "version")), wanted)
    else:
        accepted = [*manifest.infrastructure, *([_GATEWAY] if manifest.gateway else [])]
        proposal.problems.append(unknown(("versions", name), "infrastructure", name, accepted))


def _networks(answers: Mapping[str, Any], situation: Situation, proposal: Proposal) -> None:
    manifest = situation.manifest
    declared = answers.get("declare", {})
    for name, text in declared.items():
        proposal.wish(*situation.place(("networks", name)), text)
    for index, name in enumerate(answers.get("remove", ())):
        if name in declared:
            proposal.problems.append(Problem(("networks", "remove", index), f"`{name}` is to be declared as well"))
        elif name in manifest.networks:
            proposal.wish(*situation.place(("networks", name)), None)
        else:
            proposal.notes.append(_gone("network", name, manifest.networks))
    for service, names in answers.get("join", {}).items():
        if service not in manifest.services:
            proposal.problems.append(unknown(("networks", "join", service), "service", service, manifest.services))
            continue
        _join(service, names, {**manifest.networks, **declared}, situation, proposal)


def _join(
    service: str, names: list[str] | str, known: Mapping[str, Any], situation: Situation, proposal: Proposal
) -> None:
    document, route = situation.own_place(("services", service))
    for index, name in enumerate(names if names != _ALL else ()):
        if name not in known:
            at = ("networks", "join", service, index)
            missing = unknown(at, "network", name, known)
            proposal.problems.append(missing._replace(help=f"declare it, too: `networks.declare.{name}: bridge`"))
    if situation.is_shared(("services", service, "networks")):
        proposal.notes.append(
            f"the networks of `{service}` stand in `defaults`: they are now said at the service itself"
        )
    proposal.wish(document, (*route, "networks"), None if names == _ALL else list(names))


def _environments(answers: Mapping[str, Any], situation: Situation, proposal: Proposal) -> None:
    written = situation.environments
    for name in answers.get("add", ()):
        if name in written:
            proposal.notes.append(f"the environment `{name}` is there already: it stays as it is")
        elif name not in answers.get("set", {}):
            proposal.wish(situation.main, ("environments", name), {})
    for index, name in enumerate(answers.get("remove", ())):
        if name in answers.get("add", ()) or name in answers.get("set", {}):
            message = f"`{name}` is to be {'added' if name in answers.get('add', ()) else 'set'} as well"
            proposal.problems.append(Problem(("environments", "remove", index), message))
        elif name in written:
            proposal.wish(situation.main, ("environments", name), None)
        else:
            proposal.notes.append(_gone("environment", name, written))
    known = dict.fromkeys((*written, *answers.get("add", ()), *_ALWAYS))
    for name, overlay in answers.get("set", {}).items():
        if name not in known:
            found = unknown(("environments", "set", name), "environment", name, known)
            proposal.problems.append(found._replace(help="to make a new one, name it under `environments.add`, too"))
            continue
        for route, value in _leaves(overlay):
            proposal.wish(situation.main, ("environments", name, *route), value)


def _gone(what: str, name: str, known: Iterable[str]) -> str:
    """What to say of a thing to remove that is not there: the same answers a second time are no mistake."""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to load, and seldom needed

    close = get_close_matches(name, list(known), n=1)
    meant = f"; if you meant `{close[0]}`, say that" if close else ""
    return f"there is no {what} `{name}`, so nothing to remove{meant}"


def _leaves(value: Mapping[str, Any], route: Route = ()) -> Iterator[tuple[Route, Any]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, (*route, key))
        else:
            yield (*route, key), inner
