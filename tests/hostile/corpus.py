"""The cases of tests/hostile/cases, read: texts without their marks, and where the marks stood."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "cases"
MANIFEST = "integration.yaml"
_FINDING, _RELATED = "▶", "▷"
_MARKS = re.compile(f"[{_FINDING}{_RELATED}]")
_HEADING = re.compile(r"=== (?P<name>[^:\n]+): (?P<codes>[^\n]*?)(?: exit (?P<exit>\d+))?( lint)?\n")


class At(NamedTuple):
    """A place: line and column are 1-based, 0 where a finding is about a whole file."""

    path: str
    line: int
    column: int


class Case(NamedTuple):
    """A fault, and all that is to come of it: each code with its place, the related places, the exit code."""

    area: str
    name: str
    texts: dict[str, bytes]
    findings: tuple[tuple[str, At], ...]
    related: tuple[At, ...]
    exit_code: int

    def __str__(self) -> str:
        """How a test calls it."""
        return f"{self.area}: {self.name}"


@cache
def cases() -> tuple[Case, ...]:
    """Every case of every area."""
    return tuple(case for path in sorted(FOLDER.glob("*.txt")) for case in _of_area(path))


def _of_area(path: Path) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    assert len(headings) == len(re.findall("^=== ", text, re.MULTILINE)), path
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        yield _case(path.stem, heading, text[heading.end() : end])


def _case(area: str, heading: re.Match[str], body: str) -> Case:
    first, *others = re.split(r"^--- ", body, flags=re.MULTILINE)
    marked = {MANIFEST: first} if first else {}
    marked.update((name, text) for name, _, text in (other.partition("\n") for other in others))
    places = {kind: [at for path, text in marked.items() for at in _places(path, text, kind)] for kind in "▶▷"}
    findings = tuple(_findings(heading["codes"].split(), places[_FINDING]))
    texts = {path: _MARKS.sub("", text).encode() for path, text in marked.items()}
    return Case(area, heading["name"], texts, findings, tuple(places[_RELATED]), int(heading["exit"] or 2))


def _findings(words: list[str], places: list[At]) -> Iterator[tuple[str, At]]:
    left = iter(places)
    for word in words:
        code, _, path = word.partition("@")
        yield code, At(path, 0, 0) if path else next(left)
    assert not list(left), f"more marks than codes: {words}"


def _places(path: str, text: str, kind: str) -> Iterator[At]:
    for number, line in enumerate(text.split("\n"), start=1):
        for match in re.finditer(kind, line):
            yield At(path, number, len(_MARKS.sub("", line[: match.start()])) + 1)
