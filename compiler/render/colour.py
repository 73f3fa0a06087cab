"""Whether a terminal gets colour, and which."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.text.named import NamedTuple


class Palette(NamedTuple):
    """What to write before each sort of text, and after it. In `PLAIN` all of it is empty."""

    error: str = ""
    warning: str = ""
    note: str = ""
    strong: str = ""
    frame: str = ""
    help: str = ""
    end: str = ""


PLAIN = Palette()
COLOURED = Palette("\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1m", "\x1b[34m", "\x1b[1;32m", "\x1b[0m")


def use_colour(choice: str, environ: Mapping[str, str], *, is_tty: bool) -> bool:
    """Whether to colour: `--color`, then NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then the terminal decides.

    An empty NO_COLOR says nothing (no-color.org), and 0 forces nothing.
    """
    if choice in {"always", "never"}:
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_tty and environ.get("TERM") != "dumb"
