"""What a person's terminal is like."""

import os

_USUAL = 80


def stderr_width() -> int:
    """How many columns stderr has: 80 where it is a terminal that does not know, 0 where it is none."""
    try:
        return os.get_terminal_size(2).columns or _USUAL  # a terminal of unknown size says 0
    except OSError:
        return 0
