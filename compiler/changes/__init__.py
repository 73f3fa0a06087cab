"""What a difference of two plans means: told in domain words, classed, with what to do (DESIGN section 7)."""

from __future__ import annotations

from compiler.changes.change import Change, Weight
from compiler.changes.tell import tell_changes

__all__ = ["Change", "Weight", "tell_changes"]
