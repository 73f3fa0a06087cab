"""A manifest that answers are about, compiled by the real pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.edits.situation import Situation
from compiler.passes.parse import parse
from tests.support import compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = """\
version: 1
name: shop
networks:
  backend: bridge
infrastructure:
  cache:
    type: redis
services:
  api:
    image: example/api:1
    port: 8000
    healthcheck:
      liveness: /health
      probe: curl
    environment:
      CACHE_URL: ${cache.url}
"""


def situation(manifest: str = MANIFEST, fragments: Mapping[str, str] | None = None) -> Situation:
    """What answers about a manifest and its fragments are held against."""
    texts = {"integration.yaml": manifest, **(fragments or {})}
    planned = compile_texts(texts).planned
    assert planned.compilation is not None, planned.diagnostics
    assert planned.manifest is not None
    written = {path: parse(text.encode(), path).value or {} for path, text in texts.items()}
    return Situation(planned.manifest, planned.compilation.base, planned.sources, written)
