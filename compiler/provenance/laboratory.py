"""Experiments: the same compilation with something changed in what it reads, and the lines that are other then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compiler.passes.include import gather
from compiler.passes.parse import parse
from compiler.pipeline import has_errors, manifest_schema, plan_manifest
from compiler.provenance.alignment import gone
from compiler.provenance.edit import edited
from compiler.provenance.inputs import Altered, Remembered
from compiler.provenance.renaming import TOKEN
from compiler.spell.yaml import yaml_document
from compiler.targets.compose.emit import ATTRIBUTES, emit, git_attributes
from compiler.text.beside import lock_name
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.plan import Compilation
    from compiler.model.source import Document, Files, Route
    from compiler.pipeline import Planned, Request
    from compiler.provenance.edit import Edit

_TOKEN = regex(f"(?i){TOKEN}")


_MANY = 1000
"""Experiments for one question where nobody says how many."""


class Failed(NamedTuple):
    """An experiment that does not compile, and what is found wrong: documents with routes, without the token."""

    places: frozenset[tuple[str, Route]] = frozenset()


class Laboratory:
    """One compilation to experiment with."""

    def __init__(self, request: Request) -> None:
        """The request must compile. Raises ValueError where it does not."""
        self._files, self.shipped = Remembered(request.files), Remembered(request.shipped)
        self._request = request
        self.spent = 0
        """How many experiments were made for the present question."""
        self.limit = _MANY
        """How many may be made for one question."""
        planned = plan_manifest(request._replace(files=self._files, shipped=self.shipped))
        if planned.compilation is None:
            message = "there is nothing to experiment with where nothing is compiled"
            raise ValueError(message)
        self.compilation, self.sources = planned.compilation, planned.sources
        """What was decided, and where its parts were written."""
        self.lock_text = planned.lock_stands or ""
        """What stands in the lock; empty where there is none."""
        self.kept = _kept(planned)
        """Paths that the person keeps."""
        self.texts: Mapping[str, str] = self._emitted(planned, self.compilation)
        """Path -> the text that is emitted now, unsigned."""
        self.schema = manifest_schema(request.shipped)
        gathered = gather(request.manifest, self._files, self.schema)
        self.manifest: Mapping[str, Any] = {piece.path: piece.value for piece in gathered.pieces}
        """The manifest and its fragments, as data."""
        self.documents: dict[str, Document] = dict(gathered.documents)
        """Their texts, and where in them things stand."""
        self.kinds: Mapping[str, Any] = dict(self._kinds())
        """The `kind.yaml` of each kind that is used, as data."""
        self.lock: Mapping[str, Any] = _lock(lock_name(request.manifest), self.lock_text)
        """The lock beside the manifest, as data; empty where there is none."""

    @property
    def is_exhausted(self) -> bool:
        """Whether no more experiments may be made for this question."""
        return self.spent >= self.limit

    def touched(self, edits: Iterable[Edit], path: str) -> frozenset[int] | Failed:
        """The lines of a file that the edits change or take away."""
        outcome = self.outcome(edits)
        return outcome if isinstance(outcome, Failed) else _gone_of(path, self.texts, outcome)

    def outcome(self, edits: Iterable[Edit]) -> Mapping[str, str] | Failed:
        """The texts that are emitted once the edits are made."""
        self.spent += 1
        changed = edited({**self.manifest, **self.kinds, **self.lock}, edits)
        texts = {path: _written(path, value) for path, value in changed.items()}
        own = {path: text for path, text in texts.items() if self._files.reads.get(path) is not None}
        return self._compiled(Altered(self._files, own), Altered(self.shipped, texts))

    def _compiled(self, files: Files, shipped: Files) -> Mapping[str, str] | Failed:
        request = self._request._replace(files=files, shipped=shipped)
        try:
            planned = plan_manifest(request)
            if planned.compilation is None:
                return Failed(frozenset(_marked(planned)))
            return self._emitted(planned, planned.compilation)
        except Exception:  # noqa: BLE001 - a senseless experiment may break anything: it is one that tells nothing
            return Failed()

    def _emitted(self, planned: Planned, compilation: Compilation) -> Mapping[str, str]:
        tree = emit(compilation, self._request.manifest, planned.output, self.shipped).tree
        texts = {path: artifact.text for path, artifact in tree.items()}
        kept = _kept(planned)
        return {**texts, ATTRIBUTES: git_attributes(kept, self.shipped)} if kept else texts

    def _kinds(self) -> Iterator[tuple[str, Any]]:
        for path, content in {**self.shipped.reads, **self._files.reads}.items():
            if content is not None and path.endswith("/kind.yaml"):
                parsed = parse(content, path)
                self.documents[path] = parsed.document
                yield path, parsed.value


def _lock(path: str, text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return {path: value} if isinstance(value, dict) else {}


def _kept(planned: Planned) -> tuple[str, ...]:
    return planned.found.kept if planned.found else ()


def _marked(planned: Planned) -> Iterator[tuple[str, Route]]:
    """What stands on the lines that an error shows."""
    marks = [mark for found in planned.diagnostics if has_errors([found]) for mark in found.marks]
    lines = {(mark.path, mark.span.line) for mark in marks if mark.span}
    for path, document in planned.documents.items():
        for route, span in (*document.values.items(), *document.keys.items()):
            if (path, span.line) in lines:
                yield path, tuple(_TOKEN.sub("", step) if isinstance(step, str) else step for step in route)


def _written(path: str, value: Any) -> bytes:  # noqa: ANN401 - a document holds anything
    text = json.dumps(value, indent=2) if path.endswith(".json") else yaml_document(value) if value else ""
    return str(text).encode()


def _gone_of(path: str, before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[int]:
    """The lines of one file. A file of another name is the one that has the same but for the token."""
    text = before[path]
    other = after.get(path)
    if other is None:
        other = next((one for name, one in after.items() if _TOKEN.sub("", name) == path), None)
    if other is None:
        return frozenset(range(1, text.count("\n") + 2))
    return gone(path, text, other)
