"""Finding a kind: the project's own folder first, then the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compiler.catalog.kind_error import KindError
from compiler.catalog.kind_from import kind_from
from compiler.catalog.kind_text import parse_kind
from compiler.catalog.validate import check_kind
from compiler.text.lines import with_line_feeds
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from compiler.model.kind import Kind
    from compiler.model.source import Files

SHIPPED = "templates/kinds"
OWN = "kinds"
SCHEMA = "schemas/kind.schema.json"


class Written(NamedTuple):
    """A kind as it stands in its folder, before any rule is applied."""

    name: str
    path: str
    """Of its `kind.yaml`."""
    value: Mapping[str, Any]
    files: Mapping[str, str]


def load_kind(type: str, shipped: Files, project: Files, version: str, given: frozenset[str]) -> Kind | None:  # noqa: A002
    """Give the kind for this version, where the settings `given` were written: `password`, `config`, `publish`.

    An empty version means the kind's default. None: there is no such kind. Raises KindError for a kind that is wrong.
    """
    written = read_kind(type, shipped, project)
    if written is None:
        return None
    chosen = version or written.value["default_version"]
    return kind_from(written.name, written.value, written.files, chosen, given)


def read_kind(type: str, shipped: Files, project: Files) -> Written | None:  # noqa: A002
    """Give the kind as written, the project's own first; read once, it serves every version. Raises KindError."""
    path = f"{OWN}/{type}/kind.yaml"
    raw = project.read(path)
    if raw is not None:
        value = parse_kind(raw, path)
        # Before anything that it names is read.
        check_kind(value, path, _schema(shipped))
        return Written(type, path, value, _static(value, path, project))
    path = f"{SHIPPED}/{type}/kind.yaml"
    raw = shipped.read(path)
    if raw is None:
        return None
    value = parse_kind(raw, path)
    return Written(type, path, value, _static(value, path, shipped))


def latest_version(type: str, shipped: Files, project: Files) -> str | None:  # noqa: A002
    """Give the exact version that is chosen where the manifest names none; None: there is no such kind."""
    written = read_kind(type, shipped, project)
    return None if written is None else str(written.value["default_version"])


def kind_names(shipped: Files, project: Files) -> tuple[str, ...]:
    """List the names of every kind there is, sorted."""
    found = (*shipped.glob(f"{SHIPPED}/*/kind.yaml"), *project.glob(f"{OWN}/*/kind.yaml"))
    return tuple(sorted({path.split("/")[-2] for path in found}))


def _static(value: Mapping[str, Any], kind: str, files: Files) -> dict[str, str]:
    folder = kind.removesuffix("kind.yaml")
    return {name: _text(f"{folder}{name}", kind, files) for name in value.get("files", ())}


def _text(path: str, kind: str, files: Files) -> str:
    raw = files.read(path)
    if raw is None:
        raise KindError(kind, f"`files` names `{path}`, which is not there")
    try:
        return with_line_feeds(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise KindError(path, "not UTF-8") from error


def _schema(shipped: Files) -> bytes:
    raw = shipped.read(SCHEMA)
    if raw is None:
        message = f"the installation lacks {SCHEMA}"
        raise RuntimeError(message)
    return raw
