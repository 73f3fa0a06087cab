"""References become values, and every reference is noted: it is the edge."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.value import Reference, SecretOf
from compiler.passes.outputs import join
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.source import Route
    from compiler.model.value import Template, Text, Variable
    from compiler.passes.outputs import Outputs

PUBLIC = "public_url"


class Use(NamedTuple):
    """A resolved reference: who uses which output of whom, and where that is written."""

    source: str
    target: str
    output: tuple[str, ...]
    at: Route


class Resolver(NamedTuple):
    """Turns templates into texts; collects uses and defects."""

    outputs: Mapping[str, Outputs]
    known: frozenset[str]
    """Names that exist, those included whose outputs are not known because of another mistake."""
    secrets: frozenset[str]
    uses: list[Use]
    defects: list[Defect]
    doubts: list[Reference]
    """References whose meaning hangs on more than the one output that they name."""

    def text(self, template: Template, source: str, at: Route) -> Text:
        """The text; a hole that cannot be filled is left out and noted."""
        if len(template) == 1:
            (piece,) = template
            if isinstance(piece, str):
                return (piece,)
            if isinstance(piece, Reference):
                return self._reference(piece, source, at)
        pieces: list[str | Variable | SecretOf] = []
        for piece in template:
            if isinstance(piece, Reference):
                pieces.extend(self._reference(piece, source, at))
                continue
            if isinstance(piece, SecretOf) and piece.name not in self.secrets:
                self._defect("reference.unknown-secret", at, {"name": piece.name, "accepted": _sorted(self.secrets)})
            pieces.append(piece)
        return join(tuple(pieces))

    def texts(self, templates: Mapping[str, Template], source: str, at: Route) -> dict[str, Text]:
        """A mapping of texts, each at its own route."""
        return {key: self.text(template, source, (*at, key)) for key, template in templates.items()}

    def command(self, templates: tuple[Template, ...], source: str, at: Route) -> tuple[Text, ...]:
        """The words of a command."""
        return tuple(self.text(template, source, at) for template in templates)

    def _reference(self, reference: Reference, source: str, at: Route) -> Text:
        outputs = self.outputs.get(reference.name)
        output = None if outputs is None else _meant(reference, outputs)
        if outputs is None or output != reference.output:
            self.doubts.append(reference)
        if outputs is None or output is None:
            self._unknown(reference, outputs, source, at)
            return ()
        if reference.name == source and output[-1] != PUBLIC:
            self._defect("reference.self", at, _facts(reference, source))
            return ()
        self.uses.append(Use(source, reference.name, output, at))
        return outputs[output]

    def _unknown(self, reference: Reference, outputs: Outputs | None, source: str, at: Route) -> None:
        """Note what has no such name or output; of outputs that are not known because of another mistake, nothing."""
        facts = _facts(reference, source)
        if reference.name not in self.known:
            self._defect("reference.unknown-name", at, {**facts, "accepted": _sorted(self.known)})
        elif outputs is not None:
            accepted = ", ".join(".".join((reference.name, *output)) for output in outputs)
            self._defect("reference.unknown-output", at, {**facts, "accepted": accepted})

    def _defect(self, kind: str, at: Route, facts: Mapping[str, str]) -> None:
        self.defects.append(Defect(kind, at, facts))


@lru_cache(maxsize=8)
def _sorted(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _facts(reference: Reference, source: str) -> dict[str, str]:
    return {"reference": ".".join((reference.name, *reference.output)), "name": reference.name, "source": source}


def _meant(reference: Reference, outputs: Outputs) -> tuple[str, ...] | None:
    """The output that a reference names; a part (a topic) may have dots in its own name."""
    if reference.output in outputs:
        return reference.output
    written = ".".join(reference.output)
    return next((output for output in outputs if ".".join(output) == written), None)
