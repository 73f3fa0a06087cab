"""The manual page of a rule: the docstring of its module, taken apart."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.rules.rule import Rule

MANIFEST = "integration.yaml"
_BLOCK = regex(r"^```\w+(?: (?P<path>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Page(NamedTuple):
    """`text` are paragraphs; `bad` and `good` are files by path, the manifest first, each compiled by the tests."""

    title: str
    text: str
    bad: Mapping[str, str]
    good: Mapping[str, str]


def page(rule: Rule) -> Page:
    """The page of a rule. Raises ValueError where the docstring is no page."""
    module = sys.modules[rule.check.__module__]
    title, _, rest = (inspect.getdoc(module) or "").partition("\n")
    text, has_bad, examples = rest.partition("\nBad:\n")
    bad, has_good, good = examples.partition("\nGood:\n")
    if not (title and has_bad and has_good):
        message = f"the page of {rule.code} lacks its title, `Bad:` or `Good:`"
        raise ValueError(message)
    return Page(title.rstrip("."), text.strip(), _files(bad), _files(good))


def _files(text: str) -> dict[str, str]:
    return {match["path"] or MANIFEST: match["text"] for match in _BLOCK.finditer(text)}
