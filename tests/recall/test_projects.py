"""Compose files of real projects, taken over by hand: what a careful reviewer labelled is found, and nothing else.

The labels were written before any rule had looked: `# fault: class` ends the line where the fault stands, and
`# missed: class` the line of one that no rule finds.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.recall.faults import code_of
from tests.recall.said import said_of, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROJECTS = sorted(path for path in (Path(__file__).parent / "projects").iterdir() if path.is_dir())
LABEL = re.compile(r"# (fault|missed): ([a-z-]+)$")
MISSED: Mapping[str, str] = {}
"""Class of fault that a reviewer labelled and no rule finds -> why not."""


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_the_labelled_faults_are_found_and_nothing_else(folder: Path) -> None:
    assert said_of(texts_of(folder)) == sorted(
        (code_of(fault), path, line) for path, line, kind, fault in labels(folder) if kind == "fault"
    )


def test_the_labels_are_many_and_the_misses_few() -> None:
    found = [(kind, fault) for folder in PROJECTS for _, _, kind, fault in labels(folder)]
    faults = [fault for kind, fault in found if kind == "fault"]
    missed = [fault for kind, fault in found if kind == "missed"]
    assert len(PROJECTS) >= 25
    assert len(faults) >= 100
    assert len(set(faults)) >= 12
    assert set(missed) == set(MISSED)


def labels(folder: Path) -> Iterator[tuple[str, int, str, str]]:
    """Path, line, kind and class of every label."""
    for path, text in texts_of(folder).items():
        for number, line in enumerate(text.splitlines(), start=1):
            match = LABEL.search(line)
            if match:
                yield path, number, match[1], match[2]


@cache
def texts_of(folder: Path) -> Mapping[str, str]:
    """The manifest, and what it names beside it."""
    return texts_in(folder)
