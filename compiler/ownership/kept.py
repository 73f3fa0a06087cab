"""Kept files: the person's text, their base, and how an emission goes into them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.ownership.merge import merge_texts
from compiler.ownership.signature import judge, kept_form, manifest_of
from compiler.text.lines import with_line_feeds
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.model.tree import Merging, Standing

BASES = ".periplus/base/"
UNKEEPABLE = {
    "plan.json": "it says what was decided, and is compared, verified and handed on as that",
    ".gitattributes": "it says how git merges the kept files, their bases among them",
}
"""Generated files that nobody can keep, and why."""
_MARK = regex(r"^(?:<{7}|>{7}) \S", re.MULTILINE)


class Woven(NamedTuple):
    """What is to be written, how the merge goes, and the lines (1-based) where marks stand or will stand."""

    text: str
    merging: Merging
    lines: tuple[int, ...] = ()


def base_path(path: str) -> str:
    """Where the base of a kept file stands in the output."""
    return BASES + path


def kept_path(base: str) -> str:
    """The file that a base is of; empty for any other path."""
    return base.removeprefix(BASES) if base.startswith(BASES) else ""


def weave(emission: str, stands: Standing, base: Standing) -> Woven:
    """The signed emission merged into what stands, which was made from the base.

    A text that is signed itself, and unedited, is its own base: so it is before it is kept, and after a release that
    was cut short.
    """
    wanted = kept_form(emission)
    if stands.kind == "absent":
        return Woven(wanted, "baseless" if base.kind == "absent" else "clean")
    if stands.text is None:
        return Woven("", "none")
    mark = _MARK.search(stands.text)
    if mark is not None:
        return Woven(stands.text, "marked", (stands.text.count("\n", 0, mark.start()) + 1,))
    before = _unedited(stands) or _unedited(base)
    if before is None:
        return Woven(stands.text, "baseless")
    yours = kept_form(stands.text)
    if kept_form(before) == wanted:
        return Woven(yours, "clean")
    merged = merge_texts(kept_form(before), yours, wanted, manifest_of(emission))
    return Woven(merged.text, "conflict" if merged.conflicts else "clean", merged.conflicts)


def holds_nothing_else(stands: Standing, *signed: str) -> bool:
    """Whether a kept file is, but for line ends, one of these texts: it holds nothing of the person's."""
    text = with_line_feeds(stands.text or "")
    return any(text in {one, kept_form(one)} for one in signed)


def _unedited(standing: Standing) -> str | None:
    """The text of a signed file that nobody edited, with the line ends it was signed with."""
    if standing.text is None or judge(standing.text) != "valid":
        return None
    return with_line_feeds(standing.text)
