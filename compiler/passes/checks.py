"""Health checks that would not tell the truth: what their commands say of themselves, in the image they run in."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.plan import Asker, Execute
from compiler.model.source import Place
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.model.manifest import Service
    from compiler.model.plan import Health
    from compiler.model.value import Template
    from compiler.passes.dockerfile import Dockerfile
    from compiler.text.commands import Command

HOLE = "\0"
"""Stands in a text for what only the environment file or another part knows."""
_PROBES = {"curl": "curl", "wget": "wget", "python": "python3", "node": "node", "bash": "bash"}
_PATIENT_MS = 45_000
"""Time that is enough for every server."""
_COMPOSE_WORDS = frozenset({"CMD", "CMD-SHELL", "NONE"})
_TIMES = ("interval", "timeout", "retries", "start_period")
_FLAG = regex(r"--[a-z-]+=\S+\s+")


class Check(NamedTuple):
    """A service, its entry as it was merged, how it is asked, and the Dockerfile of its build, if that can be read."""

    service: Service
    entry: Mapping[str, object]
    health: Health | None
    dockerfile: Dockerfile | None

    @property
    def image(self) -> str:
        """The published image that the check runs in, or that its own one is built on."""
        return self.service.image or (self.dockerfile.base if self.dockerfile else "")

    @property
    def dockerfile_path(self) -> str:
        """The Dockerfile, from the manifest's folder."""
        build = self.service.build
        return posixpath.normpath(posixpath.join(build.context, build.dockerfile)) if build else ""

    def lacks(self, program: str) -> bool:
        """Whether the image is known not to have a program."""
        from compiler.passes.programs import is_absent, is_not_built_in  # noqa: PLC0415 - most checks find their program

        if self.dockerfile is not None:
            return is_not_built_in(program, self.dockerfile)
        return is_absent(program, self.service.image)


def flat(text: Template) -> str:
    """The text with a mark for each hole."""
    return "".join(piece if isinstance(piece, str) else HOLE for piece in text)


def check_notices(check: Check) -> Iterator[Defect]:
    """What is wrong with how a service is asked."""
    wish, health = check.service.health, check.health
    if health is None:
        return
    if health.asker is Asker.IMAGE and check.dockerfile is not None and check.dockerfile.healthcheck:
        yield from _own_faults(check, check.dockerfile)
    if wish is None:
        return
    yield from _ignored(check, health)
    yield from _no_own(check)
    if health.asker in {Asker.NONE, Asker.UNKNOWN} or health.liveness is None:
        return
    if check.dockerfile is not None and check.dockerfile.healthcheck and health.asker is not Asker.IMAGE:
        place = Place(check.dockerfile_path, line=check.dockerfile.healthcheck_line)
        yield Defect("health.replaces-own", wish.at, {"unit": check.service.name, "path": place.document}, (place,))
    impossible = _impossible(check, health)
    if impossible is not None:
        yield impossible
        return
    if isinstance(health.liveness, Execute):
        yield from _command_faults(check)
    elif health.asker is Asker.IMAGE:
        return
    if wish.start_period_ms + wish.retries * wish.interval_ms < _PATIENT_MS or wish.command:
        from compiler.passes.patience import patience_faults  # noqa: PLC0415 - most checks are patient

        yield from patience_faults(check.service, check.image)


def _no_own(check: Check) -> Iterator[Defect]:
    """The image is to ask itself, and is known not to."""
    wish, dockerfile = check.service.health, check.dockerfile
    if wish is None or wish.probe != "image" or wish.command:
        return
    from compiler.passes.bases import has_no_check  # noqa: PLC0415 - few checks are the image's own

    is_refused = dockerfile is not None and dockerfile.healthcheck is False
    is_silent = dockerfile is None or dockerfile.healthcheck is None
    if is_refused or (is_silent and has_no_check(check.image)):
        path = check.dockerfile_path if dockerfile is not None else ""
        facts = {"unit": check.service.name, "image": check.image, "path": path}
        yield Defect("health.no-own", (*wish.at, "probe"), facts)


def _impossible(check: Check, health: Health) -> Defect | None:
    """Why the check can never succeed, if it cannot."""
    wish = check.service.health
    if wish is None:
        return None
    if not isinstance(health.liveness, Execute):
        program = _PROBES.get(wish.probe, "") if health.asker is not Asker.IMAGE else ""
        return _missing(check, program, (*wish.at, "probe")) if program and check.lacks(program) else None
    from compiler.text.commands import needed_programs  # noqa: PLC0415 - most checks are no commands

    at, words = (*wish.at, "command"), [flat(word) for word in wish.command]
    first = words[0].split(None, 1)[0] if words[0].strip() else ""
    if first in _COMPOSE_WORDS:
        return Defect("health.compose-word", at, {"unit": check.service.name, "word": first})
    absent = next((program for program in needed_programs(words, shell=wish.shell) if check.lacks(program)), "")
    return _missing(check, absent, at) if absent else None


def _command_faults(check: Check) -> Iterator[Defect]:
    from compiler.passes.first_boot import lies_on_first_boot  # noqa: PLC0415 - most checks are no commands
    from compiler.passes.logins import login_fault  # noqa: PLC0415
    from compiler.text.commands import asked_commands  # noqa: PLC0415

    wish = check.service.health
    if wish is None:
        return
    at, unit = (*wish.at, "command"), check.service.name
    words = [flat(word) for word in wish.command]
    commands = asked_commands(words, shell=wish.shell)
    yield from _status_fault(unit, commands, at)
    is_replaced = "entrypoint" in check.service.compose or bool(check.dockerfile and check.dockerfile.entrypoint)
    if not is_replaced:
        yield from lies_on_first_boot(check.service, check.image, commands, at)
    yield from login_fault(check.service, commands, at)


def _missing(check: Check, program: str, at: tuple[str | int, ...] | Place) -> Defect:
    facts = {
        "unit": check.service.name,
        "program": program,
        "image": check.service.image,
        "base": check.image,
        "own": "yes" if isinstance(at, Place) else "",
    }
    return Defect("health.missing-program", at, facts)


def _own_faults(check: Check, dockerfile: Dockerfile) -> Iterator[Defect]:
    """The image's HEALTHCHECK asks by what the image has not."""
    from compiler.text.commands import needed_programs  # noqa: PLC0415 - few images have one

    text = dockerfile.check
    while match := _FLAG.match(text):
        text = text[match.end() :]
    text = text.partition(" ")[2].strip() if text.upper().startswith("CMD") else text
    words, shell = _exec_form(text)
    absent = next((program for program in needed_programs(words, shell=shell) if check.lacks(program)), "")
    if absent:
        yield _missing(check, absent, Place(check.dockerfile_path, line=dockerfile.healthcheck_line))


def _exec_form(text: str) -> tuple[list[str], bool]:
    """The words of an instruction, and whether it is one text for a shell."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return [text], True
    is_list = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return (words, False) if is_list else ([text], True)


def _status_fault(unit: str, commands: Sequence[Command], at: tuple[str | int, ...]) -> Iterator[Defect]:
    """A curl that is content with any answer, and of which nobody looks at the answer."""
    for command in commands:
        words = command.words
        if command.program != "curl" or {"|", "(", ")"} & {command.after, command.before}:
            continue
        asked = [word for word in words[1:] if not word.startswith("-")]
        is_http = any(word.startswith(("http://", "https://", "localhost", "127.0.0.1")) for word in asked)
        is_told = any(_fails(word) or word.startswith(("-w", "--write-out", "-K", "--config")) for word in words)
        if is_http and not is_told and not _holds_text(commands):
            yield Defect("health.any-status", at, {"unit": unit})
            return


def _fails(word: str) -> bool:
    """Whether an option of curl is, or may hold, the one to fail for a status of 400 and more."""
    return word.startswith("--fail") or (word[:1] == "-" and word[:2] != "--" and "f" in word)


def _holds_text(commands: Sequence[Command]) -> bool:
    """Whether what a command prints is put into a word, where it can be compared."""
    return any("$(" in word or "`" in word for command in commands for word in command.words)


def _ignored(check: Check, health: Health) -> Iterator[Defect]:
    """Settings of a check that is not there, or that brings its own."""
    written = check.entry.get("healthcheck")
    if not isinstance(written, dict):
        return
    reason, keys = _idle(written, health)
    names = [key for key in written if key in keys and written[key] and (key, written[key]) != ("probe", "auto")]
    routes = [(*check.service.at, "healthcheck", name) for name in names]
    if names:
        facts = {"unit": check.service.name, "keys": ", ".join(names), "reason": reason}
        yield Defect("health.ignored", routes[0], facts, tuple(routes[1:]))


def _idle(written: Mapping[str, object], health: Health) -> tuple[str, tuple[str, ...]]:
    """Why something comes to nothing, and which settings would."""
    if health.asker is Asker.NONE:
        return "none", (*_TIMES, "command") if written.get("probe") == "none" else ()
    if isinstance(health.liveness, Execute):
        return "command", () if health.readiness else ("port",)
    if health.asker is Asker.IMAGE:
        return "image", _TIMES
    if health.asker is Asker.UNKNOWN or health.liveness is not None:
        return "", ()
    return "nothing", (*_TIMES, "port", "probe")
