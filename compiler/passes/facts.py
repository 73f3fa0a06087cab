"""What the passes know besides the manifest: read once, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.kind import Kind
from compiler.model.registry import Registry
from compiler.passes.dockerfile import Dockerfile
from compiler.text.named import NamedTuple


class Facts(NamedTuple):
    """Inputs of one resolution.

    `kinds` by instance, None where the type is unknown; `dockerfiles` by service, None where there is none to read;
    `registry` says who owns a host port on this machine; `allocations` and `versions` come from the lock;
    `files` are the schema and seed files that exist.
    """

    kinds: Mapping[str, Kind | None]
    kind_names: tuple[str, ...] = ()
    dockerfiles: Mapping[str, Dockerfile | None] = {}
    registry: Registry = Registry()
    allocations: Mapping[str, int] = {}
    versions: Mapping[str, str] = {}
    files: frozenset[str] = frozenset()
    reach: int = 0
