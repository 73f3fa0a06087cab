"""Thousands of compilations in one process: what was decided for the same texts is not decided again.

That the same texts always give the same decisions is `tests/test_determinism.py`'s to prove; here it is about the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from compiler import pipeline
from compiler.targets.compose.emit import emit
from compiler.text.beside import lock_name

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import CodeType

    from compiler.pipeline import Planned, Request

_MOST = 50


def remember(patch: Callable[[object, str, object], None]) -> None:
    """Patch Jinja's reading of templates, the planning of a manifest and the emission of a plan."""
    patch(Environment, "compile", _reading(Environment.compile))
    patch(pipeline, "plan_manifest", _planning(pipeline.plan_manifest))
    patch(pipeline, "emit", _emitting(emit))


def _reading(plain: Callable[..., Any]) -> Callable[..., CodeType]:
    known: dict[Hashable, CodeType] = {}

    def read(environment: Environment, source: str, name: str | None = None, *_: Any) -> CodeType:
        if (source, name) not in known:
            known[source, name] = plain(environment, source, name)
        return known[source, name]

    return read


def _planning(plain: Callable[[Request], Planned]) -> Callable[[Request], Planned]:
    known: dict[Hashable, Planned] = {}

    def plan(request: Request) -> Planned:
        texts = (request.files.read(request.manifest), request.files.read(lock_name(request.manifest)))
        rest: Any = request
        nothing: Any = None
        key = (texts, repr(rest._replace(files=nothing, shipped=nothing, look=nothing)))
        if key not in known:
            if len(known) > _MOST:
                known.clear()
            known[key] = plain(request)
        return known[key]

    return plan


def _emitting(plain: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[int, tuple[object, Any]] = {}

    def emitted(compilation: object, *rest: Any, **named: Any) -> Any:
        if len(known) > _MOST:
            known.clear()
        if id(compilation) not in known:
            known[id(compilation)] = (compilation, plain(compilation, *rest, **named))
        return known[id(compilation)][1]

    return emitted
