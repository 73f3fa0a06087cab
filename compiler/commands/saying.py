"""What commands say: as `click.echo` says it, without click wherever that makes no difference."""

from __future__ import annotations

import sys


def say(text: str, *, nl: bool = True, err: bool = False, is_coloured: bool = False) -> None:
    """Write a text to stdout or stderr, at once.

    Unless it is coloured by us, what would colour it is left out where no terminal reads it.
    """
    stream = sys.stderr if err else sys.stdout
    if ("\x1b" in text and not is_coloured) or not (text.isascii() or stream.encoding == "utf-8"):
        import click  # noqa: PLC0415 - start-up: it knows terminals and streams, and is needed for hardly any text

        click.echo(text, nl=nl, err=err, color=is_coloured or None)
        return
    stream.write(f"{text}\n" if nl else text)
    stream.flush()
