"""One project through the real pipeline, up to the bytes that would be written and to every format of its findings."""

from __future__ import annotations

import json
import posixpath
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml  # type: ignore[import-untyped]

from compiler.cli import run
from compiler.commands.codes import BUG
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.pipeline import Request, compile_manifest, has_errors
from compiler.render.findings import findings_json, findings_text
from compiler.render.github import MOST, findings_github
from compiler.render.sarif import findings_sarif
from compiler.spell.trace import strip
from compiler.text.lines import lines_of
from tests.fuzz.projects import MANIFEST
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compiler.model.finding import Diagnostic
    from compiler.pipeline import Compiled
    from tests.fuzz.projects import Project

_UNSHOWABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
_LONGEST = 3000
_COMMANDS = ("lint", "compile --check", "plan --format json", "graph", "lint --fix", "lint --format github")
_CODES = {0, 1, 2, 3}
_PLACELESS = {"YAML006", "YAML007"}
"""A text that is empty but for blanks, and one that is too long and not kept: nothing in it can be shown."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHIPPED = shipped_files()


class Verdict(NamedTuple):
    """What became of a project: whether it came to resolution, whether a tree was made, and the codes of its findings."""

    is_resolved: bool
    is_compiled: bool
    codes: tuple[str, ...]


class BrokenPromiseError(AssertionError):
    """What the compiler gave back is not what it promises; `kind` says which promise."""

    def __init__(self, kind: str, detail: object = "") -> None:
        """A promise, and what was there instead."""
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


def judged(project: Project, *, deeply: bool = False) -> Verdict:
    """Compile a project in memory; `deeply` also reads what would be written, compiles once more, traced, and tries
    every format.

    Raises BrokenPromiseError, or whatever the compiler raised.
    """
    compiled = _compiled(project)
    diagnostics = compiled.diagnostics
    documents = {path: one.text for path, one in compiled.planned.documents.items()}
    for diagnostic in diagnostics:
        _check_place(diagnostic, documents)
    _check_formats(diagnostics, documents, deeply=deeply)
    if not compiled.tree:
        _insist(has_errors(diagnostics), "neither a tree nor an error")
    if deeply and compiled.tree:
        _check_tree(compiled, _compiled(project, traced=True))
    codes = tuple(sorted({diagnostic.code for diagnostic in diagnostics}))
    return Verdict(compiled.planned.manifest is not None, bool(compiled.tree), codes)


def judged_on_disk(project: Project) -> None:
    """Run the commands on the project in a folder of its own. Raises BrokenPromiseError where one hits a bug.

    None of them writes anything but manifests.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        (folder / ".git").mkdir()
        for path, content in project.items():
            place = folder / path
            if folder in Path(posixpath.normpath(place)).parents:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        for words in _COMMANDS:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as told:
                code = run(["-C", str(folder), *words.split()])
            _insist(code != BUG, f"`{words}` is a bug", told.getvalue())
            _insist(code in _CODES, f"`{words}` has an odd exit code", f"{code}: {told.getvalue()}")


def _compiled(project: Project, *, traced: bool = False) -> Compiled:
    def look(output: str, wanted: Iterable[str]) -> dict[str, Standing]:
        standing = {path: Standing("absent") for path in wanted}
        prefix = f"{output}/"
        for path, content in project.items():
            if path.startswith(prefix):
                text = content.decode("utf-8", "surrogateescape")
                standing[path.removeprefix(prefix)] = Standing("file", text, path.endswith(".sh"))
        return standing

    return compile_manifest(Request(MANIFEST, MappingFiles(project), _SHIPPED, look, traced=traced))


def _check_place(diagnostic: Diagnostic, documents: Mapping[str, str]) -> None:
    """The first mark stands inside its document, if that has any text."""
    _insist(bool(diagnostic.marks), "a finding points at nothing", diagnostic)
    for mark in diagnostic.marks:
        text = documents.get(mark.path, "")
        if mark.span is None:
            _insist(not text or diagnostic.code in _PLACELESS, "a finding has no place", diagnostic)
            continue
        lines = lines_of(text)
        _insist(1 <= mark.span.line <= len(lines), "a finding is on no line", diagnostic)
        _insist(1 <= mark.span.column <= len(lines[mark.span.line - 1]) + 1, "a finding is on no column", diagnostic)
        _insist(mark.span[:2] <= mark.span[2:], "a finding ends before it starts", diagnostic)


def _check_formats(diagnostics: Sequence[Diagnostic], documents: Mapping[str, str], *, deeply: bool) -> None:
    for width in (0, 80) if deeply else (0,):
        shown = findings_text(diagnostics, documents, colour=False, width=width)
        _insist(not _UNSHOWABLE.search(shown), "a terminal would obey a finding", repr(shown))
        _insist(all(len(line) < _LONGEST for line in shown.split("\n")), "a line without an end", shown)
    json.loads(findings_json(diagnostics))
    if deeply:
        json.loads(findings_sarif(diagnostics))
    commands = findings_github(diagnostics).removesuffix("\n").split("\n")
    _insist(not any(map(_UNSHOWABLE.search, commands)), "an annotation that is more than a line", commands)
    _insist(len(commands) <= MOST + 1, "more annotations than GitHub shows")


def _check_tree(compiled: Compiled, traced: Compiled) -> None:
    for path, artifact in compiled.emitted.items():
        if path.endswith((".yml", ".yaml")):
            yaml.load(artifact.text, _LOADER)
        elif path.endswith(".json"):
            json.loads(artifact.text)
        artifact.text.encode()
    plain = {path: _unsigned(artifact.text) for path, artifact in compiled.emitted.items() if path.endswith(".yml")}
    for path, text in plain.items():
        _insist(_unsigned(strip(traced.emitted[path].text)) == text, "a traced emission differs", path)


def _unsigned(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "periplus-signature" not in line)


def _insist(is_so: bool, kind: str, detail: object = "") -> None:
    if not is_so:
        raise BrokenPromiseError(kind, detail)
