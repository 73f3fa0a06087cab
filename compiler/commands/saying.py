"""What commands say: as `click.echo` says it, without click wherever that makes no difference."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def say(text: str, *, nl: bool = True, err: bool = False, is_coloured: bool = False) -> None:
    """Write a text to stdout or stderr, at once; a reader that has gone misses it, and nothing else changes.

    Unless it is coloured by us, what would colour it is left out where no terminal reads it.
    """
    stream = sys.stderr if err else sys.stdout
    try:
        if ("\x1b" in text and not is_coloured) or not (text.isascii() or stream.encoding == "utf-8"):
            import click  # noqa: PLC0415 - start-up: it knows terminals and streams, and is needed for hardly any text

            click.echo(text, nl=nl, err=err, color=is_coloured or None)
            return
        stream.write(f"{text}\n" if nl else text)
        stream.flush()
    except BrokenPipeError:
        drop(stream)


def complain(text: str) -> None:
    """Write a text to stderr, if that takes anything at all: nobody could be told that it does not."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Lead a stream nowhere: what it could not take is not tried again, not even when the interpreter ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
