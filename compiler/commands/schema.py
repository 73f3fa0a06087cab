"""`periplus schema`: the JSON Schemas, for editors and other programs."""

from __future__ import annotations

import click

from compiler.commands.settings import global_options
from compiler.hands.shipped import shipped_files

NAMES = ("integration", "kind", "plan", "diff", "answers")


@click.command("schema")
@click.argument("name", type=click.Choice(NAMES), default="integration")
@global_options
def command(name: str) -> None:
    """Print a JSON Schema: of the manifest, a kind, plan.json, `diff --format json`, or `review --answers`."""
    content = shipped_files().read(f"schemas/{name}.schema.json") or b""
    click.echo(content.decode(), nl=False)
