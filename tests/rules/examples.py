"""The examples of the manual pages, each compiled once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from compiler.rules.page import page
from tests.support import compile_texts

if TYPE_CHECKING:
    from compiler.pipeline import Compiled
    from compiler.rules.rule import Rule


@cache
def bad(rule: Rule) -> Compiled:
    """What becomes of the bad example."""
    return compile_texts(page(rule).bad)


@cache
def good(rule: Rule) -> Compiled:
    """What becomes of the good example."""
    return compile_texts(page(rule).good)
