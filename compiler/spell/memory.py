"""What comes again and again in an output is spelled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Memory(dict[str, str]):
    """Text -> its spelling, asked for at the first look-up: a mapping, because no call is as fast as a look-up."""

    __slots__ = ("_spell",)

    def __init__(self, spell: Callable[[str], str]) -> None:
        """Nothing is spelled yet. What `spell` raises, the look-up raises."""
        super().__init__()
        self._spell = spell

    def __missing__(self, text: str) -> str:
        """Spell a text."""
        spelled = self[text] = self._spell(text)
        return spelled


class Repeated(dict[str, Any]):
    """A mapping that stands at many places of a document, the same object at all: not to be changed once it is made."""

    __slots__ = ()
