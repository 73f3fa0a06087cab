"""What may be left out before strictyaml looks for a mistake; tests/differential shows that it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.passes.parse import parse

quick_narrow: Any = pytest.importorskip("compiler.passes.quick_narrow")
narrowed = quick_narrow.narrowed

ENTRIES = [f"  s{index}:\n    a: b\n    c:\n      - d\n" for index in range(60)]


def text(*further: str) -> str:
    return "".join(("x: y\nservices:\n", *ENTRIES, *further))


def left(shorter: str | None) -> list[str]:
    """The keys of the entries that are left."""
    assert shorter
    return [line.strip().partition(":")[0] for line in shorter.splitlines() if line.startswith("  s")]


def test_lines_keep_their_numbers() -> None:
    whole = text("  zz: 'x\n")
    shorter = narrowed(whole)
    assert shorter
    assert shorter.count("\n") == whole.count("\n")
    assert shorter.endswith("  zz: 'x\n")


def test_the_first_entry_and_the_last_ones_stay() -> None:
    assert left(narrowed(text("  zz: 'x\n"))) == ["s0", "s58", "s59"]


def test_an_entry_whose_key_stands_below_stays() -> None:
    assert left(narrowed(text("  zz: 'x\n  s7:\n"))) == ["s0", "s7", "s58", "s59", "s7"]


def test_all_entries_up_to_the_first_mapping_stay() -> None:
    """It shows how far the mappings of a section are indented."""
    whole = text("  zz: 'x\n").replace("services:\n", "services:\n  s: v\n  sl:\n    - v\n")
    assert left(narrowed(whole)) == ["s", "sl", "s0", "s58", "s59"]


def test_it_must_be_worth_it_and_sure() -> None:
    assert narrowed("a: b\nc: {\n") is None
    assert narrowed("a: {\n" + text()) is None
    assert narrowed(text('  "\\x73": [\n')) is None


def test_every_repeated_key_is_told_with_the_places_of_the_document() -> None:
    found = parse(text("  s7:\n    a: 1\n    a: 2\n").encode(), "m.yaml")
    assert [defect.facts["key"] for defect in found.defects] == ["s7", "a"]
    assert found.document.values["services", "s30", "a"].line == 2 + 30 * 4 + 2
