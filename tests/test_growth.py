"""Twice the services are twice the work: lines of the compiler that are run are counted, and no time is taken.

What C code does in one line, such as a look through a tuple, is not seen here; `make bench` sees it.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import compiler
from compiler.ownership.lock import write_lock
from tests.bench.manifests import MANIFEST, MISTAKES, SHAPES, changed
from tests.support import compile_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType, FrameType

pytestmark = pytest.mark.slow

COMPILER = str(Path(compiler.__file__).parent)
NONE, SMALL, LARGE = 1, 100, 200
AS_A_WHOLE = 1.15
EACH = 1.5
"""A single function may sort; none may look at all services for each service."""
FEW = 10 * LARGE
"""Lines of one function that are not worth a word."""


def lines_run(texts: Mapping[str, str]) -> Counter[CodeType]:
    """How many lines each function of the compiler runs to compile these texts."""
    counted: Counter[CodeType] = Counter()

    def count(frame: FrameType, event: str, _: Any) -> Callable[[FrameType, str, Any], Any] | None:
        if not frame.f_code.co_filename.startswith(COMPILER):
            return None
        counted[frame.f_code] += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        compile_texts(texts)
    finally:
        sys.settrace(before)
    return counted


def exponent(none: int, small: int, large: int) -> float:
    """1 where what grows is linear, 2 where it is quadratic."""
    return math.log((large - none) / (small - none)) / math.log(LARGE / SMALL) if small > none else 0.0


def insist_on_linear(texts: Callable[[int], Mapping[str, str]]) -> None:
    """Fail where all lines together, or those of one function, grow too fast."""
    compile_texts(texts(NONE))
    none, small, large = (lines_run(texts(size)) for size in (NONE, SMALL, LARGE))
    grown = {
        f"{code.co_filename.removeprefix(COMPILER)}:{code.co_firstlineno} {code.co_qualname}": exponent(
            none[code], small[code], large[code]
        )
        for code in large
        if large[code] > FEW
    }
    assert {name: power for name, power in grown.items() if power > EACH} == {}
    assert exponent(none.total(), small.total(), large.total()) <= AS_A_WHOLE


def compiled_and_changed(texts: Mapping[str, str]) -> dict[str, str]:
    """What stands after a compile, and one byte changed since."""
    done = compile_texts(texts)
    tree = {f"integration/{path}": artifact.text for path, artifact in done.tree.items()}
    path = max(texts)
    return {**texts, **tree, "integration.lock.json": write_lock(done.planned.lock), path: changed(texts[path])}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_first_compile(shape: str) -> None:
    insist_on_linear(SHAPES[shape])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_compile_after_a_change(shape: str) -> None:
    insist_on_linear(lambda size: compiled_and_changed(SHAPES[shape](size)))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake(mistake: str) -> None:
    insist_on_linear(lambda size: {MANIFEST: MISTAKES[mistake](size)})


def test_what_is_quadratic_would_be_found() -> None:
    assert exponent(3, 10_003, 40_003) == 2
    assert exponent(5, 105, 205) == 1
