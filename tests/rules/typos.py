"""Slips of the hand, planted into manifests: words whose right spelling is known, and what is made of each."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from compiler.passes.parse import parse
from compiler.text.splice import Splice, offset_of, spliced
from tests.support import EXAMPLES, ROOT, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from random import Random

    from compiler.model.finding import Diagnostic
    from compiler.model.source import Route, Span

FOLDERS = (*(ROOT / "examples" / name for name in EXAMPLES), *sorted((ROOT / "tests" / "manifests").iterdir()))
MANIFEST = "integration.yaml"
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NAMED = (
    "args buckets compose config databases depends_on environment environments headers infrastructure json labels"
    " networks ports queues save secrets services topics"
)
NAMED = frozenset(_NAMED.split())
"""Keys whose own keys a person chooses."""
CHOICES = frozenset({"type", "probe", "protocol", "condition", "action", "mode", "driver"})
REFERENCE = re.compile(r"\$\{([a-z][a-z0-9-]*)((?:\.[A-Za-z0-9_-]+)+)\}")
TARGET = re.compile(r"^[A-Z]+ ([a-z0-9-]+) /")
MEANT = re.compile(r"^did you mean `(?:\$\{)?(.*?)\}?`\?")


class Site(NamedTuple):
    """A word of a manifest: what it is, where it starts, how it is spelt, what a finding has to suggest instead."""

    sort: str
    line: int
    start: int
    word: str
    within: str = "{}"

    @property
    def is_structure(self) -> bool:
        """Whether the schema alone judges it: such mistakes are told before all others."""
        return self.sort in {"key", "choice"}


class Planted(NamedTuple):
    """A slip, and the finding at its line."""

    site: Site
    typo: str
    finding: Diagnostic | None

    @property
    def suggested(self) -> str:
        """What the finding takes for meant."""
        found = MEANT.match(self.finding.help) if self.finding else None
        return found[1] if found else ""

    @property
    def is_right(self) -> bool:
        """Whether that is what stood there."""
        wanted = self.site.within.format(self.site.word)
        return self.suggested == wanted or (self.site.sort == "name" and self.suggested.startswith(f"{wanted}."))


@cache
def texts_of(folder: Path) -> Mapping[str, str]:
    """The files of a manifest's folder; what is generated is left out."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and "integration" not in path.parts[-3:-1])
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {path: content.decode() for path, content in found.items() if b"\0" not in content and path != "x"}


@cache
def sites(folder: Path) -> tuple[Site, ...]:
    """Every word of a manifest that can be misspelt."""
    parsed = parse(texts_of(folder)[MANIFEST].encode(), MANIFEST)
    document = parsed.document
    text = document.text

    def start(span: Span) -> int:
        return offset_of(text, span.line, span.column)

    found: list[Site] = []
    for route, span in document.keys.items():
        if text.startswith(str(route[-1]), start(span)) and len(route) > 1 and route[-2] not in NAMED - {"compose"}:
            found.append(Site("key", span.line, start(span), str(route[-1])))
        elif len(route) > 1 and route[-2] == "depends_on":
            found.append(Site("name", span.line, start(span), str(route[-1])))
    for route, span in document.values.items():
        value = parsed.value
        for step in route:
            value = value[step]  # type: ignore[index, assignment]
        if isinstance(value, str) and text.startswith(value, start(span)):
            found.extend(_in_value(route, value, span.line, start(span)))
    return tuple(dict.fromkeys(found))


def _in_value(route: Route, value: str, line: int, start: int) -> Iterator[Site]:
    for match in REFERENCE.finditer(value):
        name, outputs = match.groups()
        if name != "secrets":
            yield Site("name", line, start + match.start(1), name)
        *before, last = outputs[1:].split(".")
        sort = "secret" if name == "secrets" else "output"
        yield Site(sort, line, start + match.end(2) - len(last), last, ".".join((name, *before, "{}")))
    target = TARGET.match(value)
    if route[0] == "tests" and target:
        yield Site("target", line, start + target.start(1), target[1])
    if route[-1] in CHOICES and value.isidentifier():
        yield Site("kind" if route[-1] == "type" and route[0] == "infrastructure" else "choice", line, start, value)
    elif route[-1] == "service" or (len(route) > 1 and route[-2] == "networks" and isinstance(route[-1], int)):
        yield Site("name", line, start, value)


def typo(word: str, random: Random) -> str:
    """One or two slips: letters swapped, dropped, doubled or of the next key, another case, `_` for `-`, a plural."""
    for _ in range(1 if len(word) < 6 or random.random() < 0.7 else 2):
        word = random.choice(SLIPS)(word, random)
    return word


def _swapped(word: str, random: Random) -> str:
    at = random.randrange(len(word) - 1) if word[1:] else 0
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def _dropped(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    return word[:at] + word[at + 1 :] if word[1:] else word


def _doubled(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def _neighbour(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    row = next((row for row in ROWS if word[at].lower() in row), "")
    beside = row.find(word[at].lower())
    near = [row[index] for index in (beside - 1, beside + 1) if row and 0 <= index < len(row)]
    return word[:at] + (random.choice(near) if near else word[at]) + word[at + 1 :]


def _cased(word: str, random: Random) -> str:
    return random.choice((word.capitalize(), word.upper(), word.lower(), word.title().replace("_", "")))


def _separated(word: str, _random: Random) -> str:
    return word.translate({ord("-"): "_", ord("_"): "-"})


def _plural(word: str, _random: Random) -> str:
    return word.removesuffix("s") if word.endswith("s") and word[2:] else f"{word}s"


SLIPS = (_swapped, _dropped, _doubled, _neighbour, _cased, _separated, _plural)


def planted(folder: Path, slips: Iterable[tuple[Site, str]]) -> list[Planted]:
    """Each slip with the finding at its line; those of one layer are planted at once, one a line."""
    waiting = list(slips)
    found: list[Planted] = []
    while waiting:
        batch: dict[int, tuple[Site, str]] = {}
        rest: list[tuple[Site, str]] = []
        for site, wrong in waiting:
            fits = site.line not in batch and all(
                site.is_structure == other.is_structure for other, _ in batch.values()
            )
            if fits:
                batch[site.line] = (site, wrong)
            else:
                rest.append((site, wrong))
        found.extend(_at_once(folder, list(batch.values())))
        waiting = rest
    return found


def _at_once(folder: Path, batch: list[tuple[Site, str]]) -> Iterator[Planted]:
    texts = texts_of(folder)
    splices = [Splice(site.start, site.start + len(site.word), wrong) for site, wrong in batch]
    compiled = compile_texts({**texts, MANIFEST: spliced(texts[MANIFEST], splices)})
    at_line: dict[int, Diagnostic] = {}
    for diagnostic in compiled.diagnostics:
        mark = diagnostic.marks[0]
        if mark.path == MANIFEST and mark.span:
            at_line.setdefault(mark.span.line, diagnostic)
    for site, wrong in batch:
        yield Planted(site, wrong, at_line.get(site.line))
