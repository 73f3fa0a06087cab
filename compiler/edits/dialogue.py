"""The questions of a review, one after another: what is asked, and what the answers make. Nothing is read or printed.

A dialogue yields what to ask or say, is sent what the person typed, and returns the answers: the same that a file for
`--answers` would hold. Every answer is judged before the next question is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from compiler.edits.answers import Answers
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.edits.situation import Situation

_TIMING = ("interval", "timeout", "retries", "start_period")
_PATHS = ("liveness", "readiness")
_YES = frozenset({"y", "yes"})
_ALL = "all"


class Ask(NamedTuple):
    """A question; what the person types is sent back, without the blanks around it."""

    question: str


class Say(NamedTuple):
    """Something to tell the person."""

    text: str


class Judged(NamedTuple):
    """What is wrong with answers, and what to know about them where nothing is."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


Dialogue = Generator[Ask | Say, str, Answers]
_Part = Generator[Ask | Say, str, Answers | None]
Judge = Callable[[Answers], Judged]


def dialogue(situation: Situation, judge: Judge) -> Dialogue:
    """Ask until the person has nothing more to change; gives back what is to change, nothing where that is nothing."""
    answers: Answers = {}
    told: set[str] = set()
    while True:
        topic = yield Ask(f"Change {', '.join(_TOPICS)}? (nothing more: return)")
        if topic in {"", "done"}:
            return answers
        names = [name for name in _TOPICS if topic and name.startswith(topic.lower())]
        if len(names) != 1:
            yield Say(f"`{topic}` is none of {', '.join(_TOPICS)}")
            continue
        wanted = yield from _TOPICS[names[0]](situation)
        if wanted is None:
            continue
        wanted = yield from _with_new_networks(situation, merged(answers, wanted))
        judged = judge(wanted)
        if judged.problems:
            yield Say("\n".join((*judged.problems, "that is not taken over")))
            continue
        answers = wanted
        for note in judged.notes:
            if note not in told:
                yield Say(f"note: {note}")
        told.update(judged.notes)


def merged(answers: Mapping[str, Any], more: Mapping[str, Any]) -> Answers:
    """Both, the later where they say different things; lists are joined."""
    result = dict(answers)
    for key, value in more.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            result[key] = merged(known, value)
        elif key in {"add", "remove"} and isinstance(known, list):
            result[key] = list(dict.fromkeys((*known, *value)))
        else:
            result[key] = value
    return result


def _ports(situation: Situation) -> _Part:
    services, instances = situation.manifest.services, situation.manifest.infrastructure
    names = [name if port == "default" else f"{name}/{port}" for name, one in services.items() for port in one.ports]
    names += [*instances, *_gateway(situation), "range"]
    name = yield from _choice("Port of which, or the range?", names)
    if not name:
        return None
    if name == "range":
        text = yield Ask("First and last host port to allocate, such as 8090-8199?")
        return {"port_range": text} if text else None
    text = yield Ask(f"Host port of {name}? (a number, auto, internal)")
    return {"ports": {name: text}} if text else None


def _networks(situation: Situation) -> _Part:
    names = [name for name, service in situation.manifest.services.items() if not service.url]
    name = yield from _choice("Networks of which service?", names)
    if not name:
        return None
    text = yield Ask(f"Networks of {name}, beside the project's own? (names, or all)")
    joined: list[str] | str = text.replace(",", " ").split()
    if not joined:
        return None
    return {"networks": {"join": {name: _ALL if joined == [_ALL] else joined}}}


def _with_new_networks(situation: Situation, answers: Answers) -> Generator[Ask | Say, str, Answers]:
    """The answers, with networks declared that a service is to join and the manifest does not know."""
    networks = answers.get("networks", {})
    joined = [name for names in networks.get("join", {}).values() if names != _ALL for name in names]
    known = {*situation.manifest.networks, *networks.get("declare", {})}
    for name in dict.fromkeys(joined):
        if name in known:
            continue
        kind = yield Ask(f"There is no network {name}: declare it? (bridge, external; no: return)")
        if kind:
            answers = merged(answers, {"networks": {"declare": {name: kind}}})
    return answers


def _versions(situation: Situation) -> _Part:
    names = [*situation.manifest.infrastructure, *_gateway(situation)]
    name = yield from _choice("Version of which?", names)
    text = (yield Ask(f"Version of {name}? (such as 16 or 16.2; auto)")) if name else ""
    return {"versions": {name: text}} if text else None


def _health(situation: Situation) -> _Part:
    names = [name for name, service in situation.manifest.services.items() if not service.url]
    name = yield from _choice("Health check of which service, or all?", [_ALL, *names])
    if not name:
        return None
    setting = yield from _choice("Which setting?", _TIMING if name == _ALL else (*_TIMING, *_PATHS))
    text = (yield Ask(f"{setting} of {name}?")) if setting else ""
    if not text:
        return None
    return {"health": {setting: text} if name == _ALL else {"services": {name: {setting: text}}}}


def _environments(situation: Situation) -> _Part:
    deed = yield from _choice("Add one, remove one, or set a variable in one?", ("add", "remove", "set"))
    if not deed:
        return None
    name = yield Ask("Which environment?")
    if not name:
        return None
    if deed != "set":
        return {"environments": {deed: [name]}}
    service = yield from _choice("Of which service?", [*situation.manifest.services])
    variable = (yield Ask("Which variable?")) if service else ""
    if not variable:
        return None
    text = yield Ask(f"{variable} of {service} in {name}?")
    return {"environments": {"set": {name: {"services": {service: {"environment": {variable: text}}}}}}}


def _gateway(situation: Situation) -> list[str]:
    """The gateway, where it runs as a container."""
    gateway = situation.manifest.gateway
    return ["gateway"] if gateway is not None and gateway.mode == "container" else []


def _choice(question: str, names: list[str] | tuple[str, ...]) -> Generator[Ask | Say, str, str]:
    """One of the names, or nothing where the person goes back; the beginning of one name is enough."""
    while True:
        text = yield Ask(f"{question} ({', '.join(names)}; back: return)")
        found = [text] if text in names else [name for name in names if text and name.startswith(text)]
        if not text or len(found) == 1:
            return found[0] if text else ""
        yield Say(f"`{text}` is none of these" if not found else f"`{text}` could be {' or '.join(found)}")


_TOPICS: Mapping[str, Callable[[Situation], _Part]] = {
    "ports": _ports,
    "networks": _networks,
    "versions": _versions,
    "health": _health,
    "environments": _environments,
}
