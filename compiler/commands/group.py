"""The command line: every command with its options and its help, and nothing of what it needs to do its work."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click

from compiler import __version__
from compiler.commands.options import global_options, perform
from compiler.commands.ports_group import ports

COMMANDS = {
    "compile": "compiler.commands.compile.command",
    "diff": "compiler.commands.diff.command",
    "explain": "compiler.commands.explain.command",
    "graph": "compiler.commands.graph.command",
    "keep": "compiler.commands.keep.command",
    "lint": "compiler.commands.lint.command",
    "plan": "compiler.commands.plan.command",
    "ports": "compiler.commands.ports.command",
    "review": "compiler.commands.review.command",
    "schema": "compiler.commands.schema.command",
}
"""Command -> the function that does it; its module is imported only when the command is given."""
SCHEMAS = ("integration", "kind", "plan", "diff", "findings", "answers")

_MANIFESTS = click.argument("manifests", nargs=-1, metavar="[MANIFEST]...")
_MANIFEST = click.argument("manifest", required=False)


def _formats(*formats: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """The option to choose a format, the first if nothing is said."""
    return click.option("--format", "output_format", type=click.Choice(formats), default=formats[0])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="periplus %(version)s")
@global_options
def group() -> None:
    """Compile one integration.yaml into a complete, runnable integration environment.

    MANIFEST defaults to integration.yaml here or in a folder above.

    Exit codes: 0 done; 1 a check found something; 2 wrong usage or an error in a manifest; 3 refused, because an edit
    would be lost; 4 the machine failed; 70 a bug; 130 interrupted. A reader of the output that goes away changes none.
    """


def _declared(declaration: Callable[[], None]) -> click.Command:
    """A command of the group with the name, the options and the help of a function."""

    @click.pass_context
    def performed(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - as the options say
        perform(context, COMMANDS[declaration.__name__], **given)

    return group.command()(update_wrapper(performed, declaration))


@_declared
@_MANIFESTS
@click.option("--check", is_flag=True, help="Write nothing; fail when anything differs.")
@click.option("--mode", type=click.Choice(["new", "update"]), help="Insist on a first compile, or on a later one.")
@click.option("--overwrite", multiple=True, metavar="PATH", help="Replace an edited file; its text is saved beside it.")
@click.option(
    "--upgrade", is_flag=True, help="Take over what an older Periplus made, and tell what changes because of it."
)
@click.option(
    "--confirm", is_flag=True, help="Show the plan and what changes, and write only at a yes; a no exits with 1."
)
@click.option("--all", "everywhere", is_flag=True, help="Every manifest here and below.")
@click.option("--fail-on-change", is_flag=True, help="For hooks: exit with 1 when a file changed or is not in git.")
@global_options
def compile() -> None:  # noqa: A001 - the command's name
    """Turn the manifest into the runnable environment, changing what must change and nothing else.

    What was decided and written is told on stdout, findings on stderr. A generated file that was edited by hand is
    never written over: the exit code is then 3, and nothing at all is written. Into kept files what changes is merged;
    where it overlaps with what a person wrote, both are written between marks, and the exit code is 3, too.
    """


@_declared
@_MANIFEST
@click.option(
    "--base",
    metavar="REV",
    help="Compare with where HEAD left REV, as a pull request does; else with HEAD, or with plan.json on disk.",
)
@_formats("text", "markdown", "json")
@click.option("--raw", is_flag=True, help="Print the structural difference of both plans, as JSON.")
@global_options
def diff() -> None:
    """Tell what the manifest changes against a commit: what breaks, what to look at, what is harmless.

    With --base it is the newest commit that HEAD and REV have in common, and REV itself where none is known, as in a
    shallow clone; stderr says which.

    plan.json of that commit is compared with what the manifest compiles to now; nothing is written. Whatever differs,
    the exit code is 0. Markdown is a comment for a pull request: its first line tells it from others.
    """


@_declared
@click.argument("subject", metavar="CODE | FILE:LINE")
@global_options
def explain() -> None:
    """Explain a finding's CODE, or say where a line of a generated file comes from.

    The places of the manifest are found by experiment: one thing after the other is changed in memory, and that line is
    looked at. What the lock holds, the kind and the defaults that count are told, too, and the line of the template.
    """


@_declared
@_MANIFESTS
@_formats("mermaid", "dot")
@global_options
def graph() -> None:
    """Draw services, infrastructure and their calls."""


@_declared
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--release", is_flag=True, help="The other way: the files become generated again.")
@global_options
def keep() -> None:
    """Make generated files your own: each compile merges into them what the manifest changes.

    A file may have been edited already. What it was generated as is found by its signature, in what would be generated
    now or in git, and stored below `.periplus/base` in the output: commit that with the lock. Where you and the
    manifest change the same lines, compile writes both between marks and exits with 3.

    With --release the files become generated again; where they hold anything of yours, your text is saved beside them.
    Only the files named, their bases, `.gitattributes` and the lock are written.
    """


@_declared
@_MANIFESTS
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option("--fix", is_flag=True, help="Mend what has one safe answer, and tell what is left.")
@_formats("text", "json", "github", "sarif")
@global_options
def lint() -> None:
    """Check the manifest and what stands in the output directory; write nothing but what --fix mends.

    The exit code is 2 for an error in a manifest, 1 for a generated file that was edited, and, with --strict, 1 for a
    warning. With --format sarif it is 0 whatever is found; --format github shows ten findings and counts the rest.

    With --fix the manifest and its fragments are edited: names that are surely misspelt, and suppressions that change
    nothing. Every other byte stays as it is, and what is changed is shown: on stdout, or on stderr where another
    format than text is wanted. The findings and the exit code are those of what is left. Nothing is compiled.
    """


@_declared
@_MANIFESTS
@_formats("markdown", "json")
@global_options
def plan() -> None:
    """Show the integration plan: services, integration points, start order, files, health strategy.

    With --format json this is the document of plan.json and what is done about each file; a list for several manifests.
    """


group.add_command(ports)


@_declared
@_MANIFEST
@click.option("--answers", "answers_file", metavar="FILE", help="Take what to change from a file, and ask nothing.")
@global_options
def review() -> None:
    """Show the present configuration, ask what to change, write it into the manifest, and compile.

    Ports, networks, versions, health checks and environments can be changed. Each answer is judged at once. What
    changes in the manifest is shown before anything is written, and what that means; every other byte of it stays as
    it is. Where it could not be compiled, nothing is written at all. `periplus schema answers` says what FILE may hold.
    """


@_declared
@click.argument("name", type=click.Choice(SCHEMAS), default="integration")
@global_options
def schema() -> None:
    """Print a JSON Schema: of the manifest, a kind, plan.json, `diff`, findings (`lint`), or `review --answers`."""
