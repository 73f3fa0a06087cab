"""Which tools a shell script surely installs or removes with a package manager."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

_TOOLS = {
    "curl": "curl",
    "curl-minimal": "curl",
    "wget": "wget",
    "bash": "bash",
    "busybox": "busybox",
    "nodejs": "node",
    "nodejs-current": "node",
    **dict.fromkeys(
        ["python3", "python3-minimal", "python3-full", "python3-dev", "python3-pip", "python3-venv", "py3-pip"],
        "python3",
    ),
}
TOOLS = frozenset(_TOOLS.values())

_MANAGERS = {
    **dict.fromkeys(["apt-get", "apt", "aptitude"], ("install", "remove purge autoremove")),
    "apk": ("add", "del"),
    **dict.fromkeys(["dnf", "microdnf", "yum", "tdnf", "zypper"], ("install in", "remove erase rm")),
}
_TAKES_VALUE = frozenset({"-o", "-c", "-X", "--repository", "--target-release", "--option", "--setopt", "--enablerepo"})
_ELSEWHERE = regex(r"--root.*|--installroot.*|--download-only|-d|--simulate|--dry-run|--just-print|-p")
"""Options by which nothing is installed into the image's own root."""
_OPENS = frozenset({"if", "case", "for", "while", "until"})
_CLOSES = frozenset({"fi", "esac", "done"})
_PREFIXES = frozenset({"sudo", "env", "exec", "command", "time", "then", "do", "else", "{", "!"})
_ASSIGNMENT = regex(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_VERSION = regex(r"[=<>~:@/].*")
_PUNCTUATION = ";&|()<>\n"


class Changes(NamedTuple):
    """Tools that are there after the script whatever its conditions were, and tools it took away."""

    installed: frozenset[str]
    removed: frozenset[str]


def changes_of(script: str, variables: Mapping[str, str]) -> Changes:
    """What the script changes. Nothing that stands in a condition counts as installed; every removal counts."""
    state = _State(dict(variables))
    for command in _commands(script):
        state.run(command)
    return Changes(frozenset(state.installed), frozenset(state.removed))


class _State:
    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.installed: set[str] = set()
        self.removed: set[str] = set()
        self._groups: dict[str, set[str]] = {}
        self._depth = 0

    def run(self, command: _Command) -> None:
        words = command.words
        self._depth += sum(word in _OPENS for word in words[:2])
        sure = command.sure and not self._depth
        self._depth = max(0, self._depth - (words[0] in _CLOSES))
        words = self._without_prefixes(words)
        if not words:
            return
        if words[:2] == ["apt-mark", "auto"]:
            self._remove(set(self.installed))  # what follows is purge --auto-remove, as in the official images
        manager = _MANAGERS.get(words[0].rpartition("/")[2])
        if manager is not None:
            self._manage(manager, self._expanded(words[1:]), sure=sure)

    def _without_prefixes(self, words: list[str]) -> list[str]:
        for index, word in enumerate(words):
            assignment = _ASSIGNMENT.fullmatch(word)
            if assignment:
                self.variables[assignment[1]] = assignment[2]
            elif word not in _PREFIXES:
                return words[index:]
        return []

    def _expanded(self, words: Iterable[str]) -> list[str]:
        found: list[str] = []
        for word in words:
            name = re.fullmatch(r"\$\{?(\w+)\}?", word)
            found.extend(self.variables.get(name[1], "").split() if name else [word])
        return found

    def _manage(self, manager: tuple[str, str], words: list[str], *, sure: bool) -> None:
        (verb, *packages), group = _arguments(words)
        if verb in manager[1].split():
            for name in packages:
                self._remove(self._groups.get(name) or _tools([name]))
        elif verb in manager[0].split() and sure and not any(map(_ELSEWHERE.fullmatch, words)):
            tools = _tools(packages)
            self.installed |= tools
            self.removed -= tools
            self._groups.setdefault(group, set()).update(tools)

    def _remove(self, tools: set[str]) -> None:
        self.installed -= tools
        self.removed |= tools


class _Command(NamedTuple):
    words: list[str]
    sure: bool
    """Neither the right-hand side of `||` nor behind a test."""


def _commands(script: str) -> Iterator[_Command]:
    words: list[str] = []
    sure = True
    comment = False
    for token in [*_tokens(script), "\n"]:
        if not token.strip(_PUNCTUATION):
            if words:
                yield _Command(words, sure)
            sure = _stays_sure(token, words, sure=sure)
            words = []
            comment = comment and "\n" not in token
        elif comment or token.startswith("#"):
            comment = True
        else:
            words.append(token)


def _stays_sure(separator: str, words: list[str], *, sure: bool) -> bool:
    """Whether the command after the separator surely runs in a build that succeeds."""
    if separator.startswith("||"):
        return False
    if separator == "&&":
        return sure and words[:1] not in (["["], ["[["], ["test"])
    return True


def _tokens(script: str) -> list[str]:
    lexer = shlex.shlex(script.replace("\\\n", " "), posix=True, punctuation_chars=_PUNCTUATION)
    lexer.whitespace = " \t\r"
    lexer.commenters = ""
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return []  # quotes that do not match: nothing is sure


def _arguments(words: list[str]) -> tuple[list[str], str]:
    """The verb (empty if none) and packages, and the name under which apk removes them together."""
    arguments: list[str] = []
    group = ""
    rest = iter(words)
    for word in rest:
        if word in {"-t", "--virtual"}:
            group = next(rest, "")  # apt's -t names a release, which nobody removes
        elif word.startswith("--virtual="):
            group = word.partition("=")[2]
        elif word in _TAKES_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            arguments.append(word)
    return arguments or [""], group


def _tools(packages: Iterable[str]) -> set[str]:
    names = (_VERSION.sub("", package) for package in packages)
    return {_TOOLS[name] for name in names if name in _TOOLS}
