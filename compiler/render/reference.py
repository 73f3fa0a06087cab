"""The reference of the manifest, in Markdown, from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.passes.mistakes import form_of
from compiler.spell.markdown import markdown_code
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEAD = """\
# The manifest, version 1

<!-- generated from schemas/integration.schema.json: edit that -->

One `integration.yaml` is all that a person writes. It is StrictYAML: block style only, no anchors, tags or flow
collections, no key twice, and every value is its text (`3.10` is "3.10", `no` is "no"). An unknown key is an error.
In the tables `<name>` stands for a name you choose and `[]` for the entries of a list; a key in **bold** is required.
"""
_COLUMNS = "| key | value | default | meaning | example |\n| --- | --- | --- | --- | --- |\n"
_ROWS_ELSEWHERE = {"defaults": ("defaults", "`services`"), "environments": ("environment", "its own section")}
"""Sections whose keys have their rows elsewhere: the definition that lists the keys, and where the rows are."""
_MUST_BE_QUOTED = frozenset("{[\"'!&*#|>@%`")


def manifest_reference(schema: Mapping[str, Any]) -> str:
    """A page with one section for each key of a manifest, and one for what a fragment may have."""
    reference = _Reference(schema["definitions"])
    sections = [
        reference.section(key, inner, required=key in schema["required"]) for key, inner in schema["properties"].items()
    ]
    return "\n".join([_HEAD, *sections, reference.fragment()])


class _Reference(NamedTuple):
    definitions: Mapping[str, Any]

    def section(self, key: str, schema: Mapping[str, Any], *, required: bool) -> str:
        """A heading, what the key means, an example, and a table of the keys below it."""
        whole = self._resolved(schema)
        below = "" if key in _ROWS_ELSEWHERE else "".join(self._rows(key, whole, inside=True))
        facts = self._keys_of(*_ROWS_ELSEWHERE[key]) if key in _ROWS_ELSEWHERE else _facts(whole, required=required)
        example = whole.get("examples", [None])[0]
        block = "" if example is None else f"\n```yaml\n{_yaml({key: example})}\n```\n"
        table = f"\n{_COLUMNS}{below}" if below else ""
        return f"## `{key}`\n\n{whole['description']}{facts}\n{block}{table}"

    def fragment(self) -> str:
        """What may stand in an included manifest."""
        described = self.definitions["fragment"]["description"]
        keys = self._keys_of("fragment", "its own section")
        return f"## Fragments\n\n{described}{keys} The `routes` are added to those of `gateway`.\n"

    def _keys_of(self, definition: str, rows: str) -> str:
        *keys, last = (f"`{key}`" for key in self.definitions[definition]["properties"])
        return f" It may have {', '.join(keys)} and {last}, each as in {rows}."

    def _rows(self, path: str, schema: Mapping[str, Any], *, inside: bool, required: bool = False) -> Iterator[str]:
        """The row of a key, unless it has a section of its own, and those of the keys below it."""
        whole = self._resolved(schema)
        if not inside:
            yield self._row(path, whole, required=required)
        for branch in self._branches(whole):
            if isinstance(branch.get("additionalProperties"), dict):
                yield from self._entries(f"{path}.<name>", branch["additionalProperties"], named=inside)
            if "items" in branch:
                yield from self._entries(f"{path}[]", branch["items"], named=False)
            needed = branch.get("required", ())
            for key, inner in branch.get("properties", {}).items():
                yield from self._rows(f"{path}.{key}", inner, inside=False, required=key in needed)

    def _entries(self, path: str, schema: Mapping[str, Any], *, named: bool) -> Iterator[str]:
        """A row for an entry only where it is no plain text and no mere mapping."""
        whole = self._resolved(schema)
        own_row = named and "anyOf" in whole
        yield from self._rows(path, whole, inside=not own_row)

    def _row(self, path: str, schema: Mapping[str, Any], *, required: bool) -> str:
        key = markdown_code(path)
        default = markdown_code(_scalar(schema["default"])) if "default" in schema else ""
        example = next((item for item in schema.get("examples", ()) if isinstance(item, str)), "")
        shown = markdown_code(example) if example else ""
        cells = [f"**{key}**" if required else key, self._value(schema), default, _cell(schema["description"]), shown]
        return f"| {' | '.join(str(cell) for cell in cells)} |\n"

    def _value(self, schema: Mapping[str, Any]) -> str:
        forms = dict.fromkeys(form_of(branch).partition(", such as")[0] for branch in self._branches(schema))
        return _cell(" or ".join(forms))

    def _branches(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """A schema, or the branches of a union, each resolved."""
        if "anyOf" not in schema:
            return [schema]
        return [leaf for branch in schema["anyOf"] for leaf in self._branches(self._resolved(branch))]

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema with what it refers to; its own words win, and `required` is added up."""
        if "$ref" in schema:
            return self._resolved(self.definitions[schema["$ref"].removeprefix("#/definitions/")])
        result: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            inner = self._resolved(part)
            result = {**inner, **result, "required": [*result.get("required", ()), *inner.get("required", ())]}
        return {**result, **{key: value for key, value in schema.items() if key != "allOf"}}


def _facts(schema: Mapping[str, Any], *, required: bool) -> str:
    default = schema.get("default")
    shown = ", ".join(default) if isinstance(default, list) else default
    return (" Required." if required else "") + (
        f" Default: `{shown}`." if shown and "properties" not in schema else ""
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _yaml(value: object, indent: str = "") -> str:
    """An example as a person writes it in a manifest."""
    if isinstance(value, dict):
        lines = (f"{indent}{key}:{_after(item, indent)}" for key, item in value.items())
    elif isinstance(value, list):
        lines = (f"{indent}- {_yaml(item, indent + '  ').removeprefix(indent + '  ')}" for item in value)
    else:
        return f"{indent}{_scalar(value)}"
    return "\n".join(lines)


def _after(value: object, indent: str) -> str:
    if isinstance(value, (dict, list)):
        return f"\n{_yaml(value, indent + '  ')}"
    return f" {_scalar(value)}"


def _scalar(value: object) -> str:
    text = str(value)
    quoted = text[:1] in _MUST_BE_QUOTED or ": " in text or " #" in text
    return "'" + text.replace("'", "''") + "'" if quoted else text
