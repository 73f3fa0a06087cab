"""What a Dockerfile says of the image it makes: enough to choose who asks a health check inside it."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Mapping

from compiler.model.plan import Asker
from compiler.text.dockerfile import Instruction, assignments, expanded, instructions_of, words_of
from compiler.text.installs import TOOLS, Changes, changes_of
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

_ALPINE = regex(r"(^|[^a-z])alpine")
_PORT = regex(r"(\d{1,5})(?:-(\d{1,5}))?(?:/tcp)?", re.ASCII)
_FLAG = regex(r"--[a-z][a-z-]*(=\S*)?\s+")
_HEREDOC_ONLY = regex(r"(?:(?:/bin/|/usr/bin/)?(?:ba|a|da)?sh(?:\s+-\S+)*\s*)?<<-?(\S+)")
_VARIABLE = regex(r"\$\{?(\w*)")
_MOST_PORTS = 64


class Step(NamedTuple):
    """A RUN, COPY or ADD: `text` is its script or the rest of its line, `folder` the WORKDIR (`/` if none is named)."""

    name: str
    text: str
    folder: str
    variables: Mapping[str, str]


class Base(NamedTuple):
    """A published image that a stage is built on, and the line that says so; none where a variable is empty."""

    image: str
    line: int


class Dockerfile(NamedTuple):
    """What is known of one target.

    `base` is the image under the target's chain of stages, empty where an argument without a default names it.
    `installs` are the tools known to be there beyond the base: curl, wget, python3, node, bash, busybox.
    `healthcheck` is None where nothing is said and False for NONE; `healthcheck_line` is 0 where nothing is said.
    `check` is that instruction's text. `exposes_all` is false where a port that it exposes could not be read.
    `steps` are those of the whole chain, in order; `command` is the text of its CMD. `bases` are those of all stages.
    """

    base: str
    stages: tuple[str, ...]
    installs: frozenset[str]
    healthcheck: bool | None
    healthcheck_line: int
    entrypoint: bool
    exposes: tuple[int, ...]
    target_found: bool
    check: str = ""
    exposes_all: bool = True
    steps: tuple[Step, ...] = ()
    command: str = ""
    bases: tuple[Base, ...] = ()


def read_dockerfile(text: str, target: str, arguments: Mapping[str, str] | None = None) -> Dockerfile:
    """What the Dockerfile says of a target, of its last stage for an empty one; `arguments` are the build's.

    Total: an instruction that no builder would read says nothing.
    """
    stages = _stages(text, arguments or {})
    names = tuple(stage.name for stage in stages)
    chosen = _chosen(stages, target)
    if chosen is None:
        return Dockerfile("", names, frozenset(), None, 0, entrypoint=False, exposes=(), target_found=False)
    image = _Image()
    for stage in _chain(stages, chosen):
        for instruction, variables in stage.instructions:
            image.take(instruction, variables)
    return Dockerfile(
        _chain(stages, chosen)[0].base,
        names,
        frozenset(image.installs),
        image.healthcheck,
        image.healthcheck_line,
        image.entrypoint,
        tuple(image.exposes),
        target_found=True,
        check=image.check,
        exposes_all=image.exposes_all,
        steps=tuple(image.steps),
        command=image.command,
        bases=tuple(Base(stage.base, stage.line) for stage in stages if stage.line),
    )


def asker_for(dockerfile: Dockerfile) -> Asker:
    """Who can put an HTTP or connect question inside the image. curl only where it is known to be there.

    PYTHON means `python3` on the path: the official images have it beside `python`, the packages have nothing else.
    """
    name, tag = _name_and_tag(dockerfile.base)
    known = {
        Asker.CURL: "curl" in dockerfile.installs,
        Asker.PYTHON: name == "python" or (name == "uv" and tag.startswith("python")),
        Asker.NODE: name == "node",
        Asker.WGET: name in {"alpine", "busybox"} or bool(_ALPINE.search(tag)),
    }
    installed = {Asker.PYTHON: "python3", Asker.WGET: "wget", Asker.NODE: "node"}
    candidates = [
        *(asker for asker, is_known in known.items() if is_known),
        *(asker for asker, tool in installed.items() if tool in dockerfile.installs),
    ]
    if candidates:
        return candidates[0]
    is_bare = dockerfile.base == "scratch" or "distroless" in dockerfile.base
    return Asker.NONE if is_bare else Asker.FIRST_FOUND


class _Stage(NamedTuple):
    name: str
    base: str
    parent: int
    """The index of the stage it builds on, -1 for an image."""
    variables: dict[str, str]
    instructions: list[tuple[Instruction, dict[str, str]]]
    """Each with the variables as they stand there."""
    line: int
    """Where a published image is named, 0 where none is, or where a variable leaves it open."""


def _stages(text: str, arguments: Mapping[str, str]) -> list[_Stage]:
    stages: list[_Stage] = []
    globals_: dict[str, str] = {}
    for instruction in instructions_of(text):
        if instruction.name == "FROM":
            stages.append(_from(instruction, stages, globals_))
        elif not stages:
            if instruction.name == "ARG":
                _declare(instruction.rest, globals_, arguments, {})
        else:
            _add(instruction, stages[-1], arguments, globals_)
    return stages


def _from(instruction: Instruction, stages: list[_Stage], globals_: Mapping[str, str]) -> _Stage:
    words = words_of(_FLAG.sub("", instruction.rest))
    base = expanded(words[0], globals_).lstrip("/") if words else ""
    name = words[2].lower() if len(words) > 2 and words[1].upper() == "AS" else ""  # noqa: PLR2004
    named = [stage.name for stage in stages]
    parent = _last_index(named, base.lower()) if base else -1
    variables = dict(stages[parent].variables) if parent >= 0 else {}
    is_known = bool(base) and all(globals_.get(variable) for variable in _VARIABLE.findall(words[0]))
    return _Stage(name, base, parent, variables, [], instruction.line if parent < 0 and is_known else 0)


def _add(instruction: Instruction, stage: _Stage, arguments: Mapping[str, str], globals_: Mapping[str, str]) -> None:
    if instruction.name == "ARG":
        _declare(instruction.rest, stage.variables, arguments, globals_)
    elif instruction.name == "ENV":
        for name, value in assignments(instruction.rest):
            stage.variables[name] = expanded(value or "", stage.variables)
    else:
        stage.instructions.append((instruction, dict(stage.variables)))


def _declare(rest: str, variables: dict[str, str], arguments: Mapping[str, str], globals_: Mapping[str, str]) -> None:
    for name, value in assignments(rest):
        default = globals_.get(name, "") if value is None else expanded(value, variables)
        variables[name] = arguments.get(name, default)


def _chosen(stages: list[_Stage], target: str) -> int | None:
    if not stages:
        return None
    if not target:
        return len(stages) - 1
    index = _last_index([stage.name for stage in stages], target.lower())
    if index < 0 and target.isdecimal() and int(target) < len(stages):
        return int(target)
    return index if index >= 0 else None


def _chain(stages: list[_Stage], index: int) -> list[_Stage]:
    """The stages from the one on a published image to the chosen one."""
    chain: list[_Stage] = []
    while index >= 0:
        chain.append(stages[index])
        index = stages[index].parent
    return chain[::-1]


def _last_index(names: list[str], name: str) -> int:
    return max((index for index, each in enumerate(names) if each == name), default=-1)


class _Image:
    """What the instructions of a chain leave, in order."""

    def __init__(self) -> None:
        self.installs: set[str] = set()
        self.healthcheck: bool | None = None
        self.healthcheck_line = 0
        self.check = ""
        self.command = ""
        self.entrypoint = False
        self.exposes: list[int] = []
        self.exposes_all = True
        self.folder = "/"
        self.steps: list[Step] = []

    def take(self, instruction: Instruction, variables: Mapping[str, str]) -> None:
        rest = instruction.rest
        if instruction.name == "RUN":
            script = _script(instruction)
            self._change(changes_of(script, variables))
            self.steps.append(Step("RUN", script, self.folder, variables))
        elif instruction.name in {"COPY", "ADD"}:
            self.installs |= _copied(rest)
            self.steps.append(Step(instruction.name, expanded(rest, variables), self.folder, variables))
        elif instruction.name == "WORKDIR":
            self.folder = posixpath.normpath(posixpath.join(self.folder, expanded(rest, variables).strip("\"'")))
        elif instruction.name == "HEALTHCHECK":
            self.healthcheck = rest.upper() != "NONE"
            self.healthcheck_line = instruction.line
            self.check = rest
        elif instruction.name == "CMD":
            self.command = rest
        elif instruction.name == "ENTRYPOINT":
            self.entrypoint = _exec_form(rest) != [] and bool(rest)
        elif instruction.name == "EXPOSE":
            self._expose(expanded(rest, variables).split(), len(rest.split()))

    def _change(self, changes: Changes) -> None:
        self.installs = (self.installs - changes.removed) | changes.installed

    def _expose(self, words: list[str], written: int) -> None:
        matches = [match for match in map(_PORT.fullmatch, words) if match]
        self.exposes_all &= len(matches) == written
        for match in matches:
            first, last = int(match[1]), int(match[2] or match[1])
            ports = range(first, min(last, first + _MOST_PORTS) + 1)
            self.exposes.extend(port for port in ports if port not in self.exposes)


def _script(instruction: Instruction) -> str:
    """The shell text of a RUN; a heredoc counts where a shell reads it, and not where it is written to a file."""
    rest = instruction.rest
    while flag := _FLAG.match(rest):
        rest = rest[flag.end() :]
    words = _exec_form(rest)
    if words is not None:
        return words[2] if len(words) > 2 and words[1] == "-c" else shlex.join(words)  # noqa: PLR2004
    if instruction.bodies:
        return instruction.bodies[0] if _HEREDOC_ONLY.fullmatch(rest) else rest.partition("<<")[0]
    return rest


def _exec_form(rest: str) -> list[str] | None:
    """The words of an instruction in exec form, None in shell form."""
    try:
        words = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    return [str(word) for word in words] if isinstance(words, list) else None


def _copied(rest: str) -> set[str]:
    """Tools copied as such from another image into a folder of programs: `COPY --from=… /bin/curl /bin/curl`."""
    if "--from=" not in rest:
        return set()
    words = [word for word in words_of(rest) if not word.startswith("--")]
    target = words[-1] if words else ""
    folder, _, name = target.rpartition("/")
    if not folder.endswith("bin"):
        return set()
    sources = {word.rpartition("/")[2] for word in words[:-1]}
    return {tool for tool in TOOLS if tool in sources and name in {"", tool}}


def _name_and_tag(image: str) -> tuple[str, str]:
    """`registry.example/library/python:3.12-slim@sha256:…` is `python`, `3.12-slim`."""
    last = image.partition("@")[0].rpartition("/")[2]
    name, _, tag = last.partition(":")
    return name, tag
