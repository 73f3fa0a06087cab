"""Text that an encoder of its output language has already dealt with."""

from __future__ import annotations


class Encoded(str):
    """A string that may enter an output as it stands. Only the encoders of this room make one."""

    __slots__ = ()
