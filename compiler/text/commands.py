"""The commands of a shell's text, as far as they can be told without running it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PUNCTUATION = ";&|()<>\n"
_ASSIGNMENT = regex(r"[A-Za-z_]\w*=.*", re.DOTALL)
_PREFIXES = frozenset({"exec", "env", "time", "nohup"})
_BRANCHES = frozenset({
    *("if", "case", "for", "while", "until"),
    *("command", "which", "type", "hash", "eval", "trap", "set"),
})  # fmt: skip
"""Where one of these stands, what must be there cannot be told."""
_GIVES_UP = frozenset({"exit", "false", "return", "kill"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_FOLDERS = frozenset({
    *("", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"),
    "/opt/kafka/bin",
})  # fmt: skip
"""Where a program is the one that is called so; empty for one that is looked for on the path."""


_LONGEST = 20_000
"""Characters of a text that is looked at; nobody writes a longer one, and the reading is slow."""


class Command(NamedTuple):
    """One simple command: its words without redirections, and the separators around it (empty at the ends)."""

    words: tuple[str, ...]
    before: str
    after: str

    @property
    def program(self) -> str:
        """The program that is run, by its name on the path; empty where that cannot be told."""
        return program_of(self.words)


def commands_of(script: str) -> tuple[Command, ...]:
    """The commands in order; none where the quotes do not match, or the text is longer than any person's."""
    found: list[Command] = []
    words: list[str] = []
    before = ""
    tokens = iter(_tokens(script))
    for token in tokens:
        if token.strip(_PUNCTUATION):
            words.append(token)
        elif token.strip("<>&") or {"<", ">"}.isdisjoint(token):
            if words:
                found.append(Command(tuple(words), before, token))
            words, before = [], token
        else:
            if words and words[-1].isdecimal():
                words.pop()
            next(tokens, None)
    return tuple([*found, Command(tuple(words), before, "")] if words else found)


def asked_commands(words: Sequence[str], *, shell: bool) -> tuple[Command, ...]:
    """What a check runs: its one text given to a shell, or its words, themselves perhaps a shell with a text."""
    if shell:
        return commands_of(words[0]) if words else ()
    script = _script(words)
    if script is not None:
        return commands_of(script)
    return (Command(tuple(words), "", ""),) if words else ()


def needed_programs(words: Sequence[str], *, shell: bool) -> tuple[str, ...]:
    """The programs without which the check cannot succeed, in order; nothing where a branch decides.

    The shell itself counts: `sh` for a text.
    """
    if shell:
        return ("sh", *_needed(commands_of(words[0]) if words else ()))
    script, program = _script(words), program_of(words)
    inner = () if script is None else _needed(commands_of(script))
    return tuple(filter(None, (program, *inner)))


def program_of(words: Sequence[str]) -> str:
    """The program that these words run, by its name on the path; empty where that cannot be told."""
    rest = list(words)
    while rest and (_ASSIGNMENT.fullmatch(rest[0]) or rest[0] in _PREFIXES):
        rest = rest[1:]
    if rest and rest[0] == "timeout":
        rest = [word for word in rest[1:] if not word.startswith("-")][1:]
    folder, slash, name = rest[0].rpartition("/") if rest else ("", "", "")
    return name if f"{folder}{slash}".rstrip("/") in _FOLDERS and name.isprintable() else ""


def _script(words: Sequence[str]) -> str | None:
    """The text that these words give to a shell."""
    if len(words) > 2 and program_of(words[:1]) in _SHELLS and words[1][:1] == "-" and "c" in words[1]:  # noqa: PLR2004
        return words[2]
    return None


def _needed(commands: tuple[Command, ...]) -> Iterator[str]:
    """The programs of the last list of commands, of those before only the end counts for nothing."""
    if any(command.words[0] in _BRANCHES or not {"(", ")"}.isdisjoint(command.before) for command in commands):
        return
    ends = [index for index, command in enumerate(commands[:-1]) if command.after in {";", "\n", "&"}]
    last = commands[ends[-1] + 1 if ends else 0 :]
    for index, command in enumerate(last):
        following = last[index + 1].words[0] if index + 1 < len(last) else ""
        has_other_way = command.after == "||" and following not in _GIVES_UP
        is_other_way = command.before == "||"
        if not has_other_way and not is_other_way and command.words[0] != "!" and command.program:
            yield command.program


def _tokens(script: str) -> list[str]:
    if len(script) > _LONGEST:
        return []
    lexer = shlex.shlex(script.replace("\\\n", " "), posix=True, punctuation_chars=_PUNCTUATION)
    lexer.whitespace = " \t\r"
    lexer.commenters = ""
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return []
