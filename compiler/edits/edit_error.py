"""What cannot be done to a manifest without touching more than was asked."""

from __future__ import annotations


class EditError(Exception):
    """A wish that the text of a manifest cannot take; the words are for a person."""
