"""What an edited file was generated as: its signature names that text, and memory or git may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.tree import Action
from compiler.ownership.signature import digest_of, judge
from compiler.text.lines import with_line_feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.commands.manifests import Run


def origins(run: Run) -> dict[str, str]:
    """The signed text that each edited file was made from, as far as it is known. May ask git."""
    edited = [one.path for one in run.compiled.refused if one.action is Action.EDITED]
    found = {path: origin(run, path) for path in edited if path in run.compiled.emitted}
    return {path: text for path, text in found.items() if text is not None}


def origin(run: Run, path: str) -> str | None:
    """The signed text that what stands was made from; None where nobody has it. May ask git."""
    digest = digest_of(run.compiled.standing[path].text or "")
    return next((one for one in _texts(run, path) if digest_of(one) == digest and judge(one) == "valid"), None)


def _texts(run: Run, path: str) -> Iterator[str]:
    """What the file may have been generated as: what stands, what would be generated now, and what was committed."""
    yield with_line_feeds(run.compiled.standing[path].text or "")
    yield run.compiled.emitted[path].text
    from compiler.hands.git import past_texts  # noqa: PLC0415 - only a file edited long ago needs it

    yield from map(with_line_feeds, past_texts(run.output / path))
