"""The promise of `explain FILE:LINE`, tried: every scalar is changed, in the text and otherwise than the experiments
change it, and every line that is other then must name it. And what is named must be little enough to be of use."""

from __future__ import annotations

import random
import re
from difflib import SequenceMatcher
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pytest

from compiler.pipeline import plan_manifest
from compiler.provenance.search import Line, culprits
from compiler.targets.compose.emit import emit
from tests.provenance.survey import FOLDERS, MANIFEST, Survey, opened, request_of, survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.source import Files
    from compiler.provenance.sites import Site

TOTALS = re.compile(
    r"""
    \s+periplus\.configuration:\ .*  # a digest of the gateway's whole configuration
    | \|\ \d+\ \|\ .*                # README: a unit and all that starts before it
    | \s+"\$1"\ service\ .*          # start.sh: the same
    """,
    re.VERBOSE,
)
WORDS = {
    "bridge": "external",
    "generated": "required",
    "required": "optional",
    "optional": "required",
    "true": "false",
    "false": "true",
    "healthy": "started",
    "none": "started",
    "container": "host",
    "http": "tcp",
    "tcp": "http",
    "python": "curl",
    "curl": "wget",
    "node": "curl",
}
OTHER = "other"
NEAR = 8
LARGE = FOLDERS[-1]
"""Of this every fourth scalar is changed: all of them take some minutes."""


class OtherPaths(NamedTuple):
    """Files, of which one says something else; a path that was changed leads where it led before."""

    files: Files
    texts: Mapping[str, bytes]

    @property
    def reach(self) -> int:
        return self.files.reach

    def read(self, path: str) -> bytes | None:
        found = self.texts.get(path) or self.files.read(path)
        return found if found is not None else self.files.read(re.sub(f"-?{OTHER}", "", path))

    def glob(self, pattern: str) -> tuple[str, ...]:
        return self.files.glob(pattern)


def other_texts(text: str, names: list[str]) -> Iterator[str]:
    """What a person could write instead, the likeliest to be right first."""
    yield from [WORDS[text]] if text in WORDS else []
    yield from [name for name in names if name != text] if text in names else []
    if re.fullmatch(r"\d+", text):
        yield from (str(int(text) + 30), str(int(text) + 3))
    yield re.sub(r"\d+(?!.*\d)", lambda match: str(int(match[0]) + 30), text)
    yield from (f"{text}-{OTHER}", f"{text}{OTHER}", re.sub(r"^(\w+)", rf"\1{OTHER}", text))
    yield re.sub(r"\$\{[^}]*\}", OTHER, text)


def changed_texts(found: Survey, site: Site) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The trees of the first two other texts that compile, each with that text; of one where it is a name: which lines
    it changes beside its own depends on who else is called so."""
    document = found.laboratory.documents[site.document]
    span, lines = document.values.get(site.route), document.text.split("\n")
    text = value_of(found, site)
    if span is None or span.line != span.end_line or not text:
        return
    names = [
        name
        for part in found.laboratory.manifest.values()
        for key in ("services", "networks")
        for name in part.get(key, ())
    ]
    made = 0
    for other in dict.fromkeys(other_texts(text, names)):
        line = lines[span.line - 1]
        quoted = "'" + other.replace("'", "''") + "'"
        changed = [
            *lines[: span.line - 1],
            line[: span.column - 1] + quoted + line[span.end_column - 1 :],
            *lines[span.line :],
        ]
        tree = emitted(found, site.document, "\n".join(changed)) if other != text else None
        if tree is not None:
            yield other, tree
            made += 1
        if made == (1 if text in names else 2):
            return


def value_of(found: Survey, site: Site) -> str:
    node = found.laboratory.manifest[site.document]
    for step in site.route:
        node = node[step]
    return str(node)


def emitted(found: Survey, path: str, text: str) -> Mapping[str, str] | None:
    request = request_of(found.folder)
    files = OtherPaths(request.files, {path: text.encode()})
    planned = plan_manifest(request._replace(files=files))
    if planned.compilation is None:
        return None
    try:
        tree = emit(planned.compilation, MANIFEST, planned.output, request.shipped).tree
    except ValueError:  # what a rule refuses before
        return None
    return {name: artifact.text for name, artifact in tree.items()}


def changed_lines(before: str, after: str) -> Iterator[int]:
    """The lines that are changed or gone. One that only moved, or has nothing but a bracket, is none."""
    if before == after:
        return
    old, new = ([line.removesuffix(",") for line in text.split("\n")] for text in (before, after))
    for tag, first, last, _, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            lines = ((number + 1, old[number]) for number in range(first, last))
            yield from (number for number, line in lines if line.strip(" {}[];") and new.count(line) < old.count(line))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_line_that_a_changed_scalar_changes_names_it_and_little_else(folder: str) -> None:
    found = survey(folder)  # which takes most of the time: so this is one test
    is_large = folder == LARGE
    assert not list(missed_lines(found, 4 if is_large else 1))
    counts = {
        line: places for line, places in place_counts(found).items() if not TOTALS.fullmatch(text_of(found, line))
    }
    assert median(counts.values()) <= 3
    assert not {line: places for line, places in counts.items() if places > written_lines(found) / 10}
    for path, number in random.Random(folder).sample(sorted(found.lines), 1 if is_large else 5):
        sites = culprits(found.laboratory, Line(path, number), found.inquiry.sites)
        assert {site.spot for site in sites} == found.lines[path, number].keys()


def missed_lines(found: Survey, step: int) -> Iterator[tuple[object, ...]]:
    """The lines that change and do not name what was changed, of every `step`th scalar."""
    checked = 0
    scalars = [site for site in found.inquiry.sites if site.part == "value"][::step]
    for site in scalars:
        for other, tree in changed_texts(found, site):
            for path, before in found.laboratory.texts.items():
                for number in changed_lines(before, tree.get(path, before)):
                    checked += 1
                    if not is_named(found, site, path, number):
                        yield site.spot, other, path, number, text_of(found, (path, number))
    assert checked > 3 * len(scalars)


def is_named(found: Survey, site: Site, path: str, number: int) -> bool:
    """Whether the line names the site, or an equal one near by does: difflib blames either."""
    lines = found.laboratory.texts[path].split("\n")
    near = range(max(number - NEAR, 1), min(number + NEAR, len(lines)) + 1)
    equal = (one for one in near if lines[one - 1].rstrip(",") == lines[number - 1].rstrip(","))
    return any(site.spot in found.lines.get((path, one), ()) for one in equal)


def place_counts(found: Survey) -> Mapping[tuple[str, int], int]:
    """How many lines of the manifest each line names that names any."""
    return {line: len({found.inquiry.place_of(site) for site in sites.values()}) for line, sites in found.lines.items()}


def written_lines(found: Survey) -> int:
    """Lines of the manifest and its fragments but for blank ones and comments."""
    texts = (found.laboratory.documents[path].text for path in found.laboratory.manifest)
    return sum(1 for text in texts for line in text.split("\n") if line.strip() and not line.strip().startswith("#"))


def text_of(found: Survey, line: tuple[str, int]) -> str:
    return found.laboratory.texts[line[0]].split("\n")[line[1] - 1]


@pytest.mark.slow
def test_a_published_port_names_what_it_is_made_of() -> None:
    laboratory, inquiry = opened(FOLDERS[0])
    compose = laboratory.texts["docker-compose.yml"].split("\n")
    number = next(number for number, line in enumerate(compose, 1) if "${AUTH_SERVICE_PORT:-8091}" in line)
    named = {".".join(map(str, origin.route)) for origin in inquiry.origins("docker-compose.yml", number).places}
    assert "services.auth-service.port" in named
    assert len(named) <= 4
