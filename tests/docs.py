"""The generated pages of docs/: `python -m tests.docs` writes them, and `tests/test_docs.py` compares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from compiler.changes.kinds import kinds_of_change
from compiler.commands.group import group
from compiler.render.changes import kinds_markdown
from compiler.render.pages import rules_markdown
from compiler.render.reference import manifest_reference
from compiler.rules import all_rules
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH = 100
_CLI_HEAD = """\
# The commands

<!-- generated from compiler/commands: run `make docs` -->

Data goes to stdout, findings and everything else that is said go to stderr. `-C`, `--color` and `--quiet` may
stand before or after the name of the command.
"""


def pages() -> Mapping[str, str]:
    """Path below docs/ -> its text."""
    schema = json.loads((ROOT / "schemas" / "integration.schema.json").read_text(encoding="utf-8"))
    return {
        "changes.md": kinds_markdown(kinds_of_change()),
        "cli.md": cli_markdown(),
        "manifest.md": manifest_reference(schema),
        "rules.md": rules_markdown(all_rules()),
    }


def cli_markdown() -> str:
    """The help of the program and of each command."""
    return "\n".join([_CLI_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    yield from _sections_of("periplus", group, None)


def _sections_of(title: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=title.rpartition(" ")[2], terminal_width=_WIDTH)
    yield _section(title, command, context)
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None and not inner.hidden:
            yield from _sections_of(f"{title} {name}", inner, context)


def _section(title: str, command: click.Command, context: click.Context) -> str:
    return f"## `{title}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    for path, text in pages().items():
        (ROOT / "docs" / path).write_text(text, encoding="utf-8")
