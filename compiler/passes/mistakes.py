"""What the schema finds wrong with a value, and the names of what it accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compiler.text.named import NamedTuple
from compiler.text.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from compiler.model.source import Route
    from compiler.text.alike import Likeness

    Judge = Callable[[object, Mapping[str, Any]], bool]

_LONGEST_QUOTE = 60


class Mistake(NamedTuple):
    """One error of jsonschema. `wanted` is the value of the keyword that refused; `branches` are those of a union."""

    keyword: str
    route: Route
    written: Any
    schema: Mapping[str, Any]
    wanted: Any
    message: str
    of_key: bool
    misfit: bool
    """In a branch of a union: what is written has another type altogether, so the branch was not meant."""
    branches: Mapping[int, tuple[Mistake, ...]]


def mistakes_in(value: object, schema: Mapping[str, Any], route: Route = ()) -> Iterator[Mistake]:
    """What jsonschema finds in the value that stands at `route`; it is not asked about what is surely right."""
    quick = twin("compiler.passes.quick_accept")
    if quick is None:
        return found_by_jsonschema(value, schema, route)
    accepts: Judge = quick.acceptor(schema.get("definitions", {})).accepts
    return iter(()) if accepts(value, schema) else found_by_jsonschema(value, schema, route, accepts)


def found_by_jsonschema(
    value: object, schema: Mapping[str, Any], route: Route = (), accepts: Judge = lambda _value, _schema: False
) -> Iterator[Mistake]:
    """What jsonschema finds in the value that stands at `route`; it passes over what `accepts` knows to be right."""
    validator = _validator(accepts)(schema)
    return (_mistake(error, route) for error in validator.iter_errors(value))


def _validator(accepts: Judge) -> Any:
    """A class of validators. A pattern must match in full and in ASCII: `$` lets a final newline through."""
    from jsonschema import Draft7Validator, ValidationError, validators  # noqa: PLC0415 - only who erred needs it

    def pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not re.fullmatch(pattern, instance, re.ASCII):
            yield ValidationError(f"{instance!r} does not match {pattern!r}")

    def reference(validator: object, name: str, instance: object, schema: object) -> Iterator[ValidationError]:
        if not accepts(instance, {"$ref": name}):
            yield from Draft7Validator.VALIDATORS["$ref"](validator, name, instance, schema)

    extend: Any = validators.extend
    return extend(Draft7Validator, {"pattern": pattern, "$ref": reference})


def _mistake(error: Any, route: Route) -> Mistake:
    way = tuple(error.absolute_schema_path)
    branches: dict[int, tuple[Mistake, ...]] = {}
    for child in error.context if error.validator == "anyOf" else ():
        branch = child.relative_schema_path[0]
        branches[branch] = (*branches.get(branch, ()), _mistake(child, route))
    return Mistake(
        keyword=error.validator,
        route=(*route, *error.absolute_path),
        written=error.instance,
        schema=error.schema,
        wanted=error.validator_value,
        message=error.message,
        of_key="propertyNames" in way[-2:-1],
        misfit=not error.relative_path and _is_of_type(error.validator, error.validator_value),
        branches=branches,
    )


def _is_of_type(keyword: str, wanted: object) -> bool:
    """An empty text may stand for an empty mapping: for any other, that length is the wrong type."""
    return keyword == "type" or (keyword == "maxLength" and wanted == 0)


def form_of(schema: Mapping[str, Any]) -> str:
    """What a schema accepts, as a noun."""
    types = schema.get("type", ())
    if "patternErrorMessage" in schema:
        return str(schema["patternErrorMessage"]).removeprefix("expected ")
    if "enum" in schema:
        choices = dict.fromkeys(f"`{str(choice).lower()}`" for choice in schema["enum"])
        return " or ".join(", ".join(choices).rsplit(", ", 1))
    if "object" in types:
        return "a mapping"
    return "a list" if "array" in types else "a text"


def kind_of(value: object) -> str:
    """What a value is, as a noun."""
    if value in ("", None):
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a text"


def quoted(value: object) -> str:
    """What was written, shortened where it is long."""
    text = str(value) if not isinstance(value, (dict, list)) else kind_of(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def closest(word: str, choices: Iterable[str], *, very: bool = False) -> Likeness:
    """The choice that was probably meant, if any; with `very` only one that surely was."""
    from compiler.text.alike import most_alike  # noqa: PLC0415 - only where something is misspelt

    likely = most_alike(word, tuple(choices))
    return most_alike(word, ()) if very and not likely.is_sure else likely


def meant_instead(name: str, names: Iterable[str]) -> dict[str, str]:
    """Which of the names an entry that only an environment has, and by half, was probably meant to change."""
    likely = closest(name, names)
    return {"closest": likely.name, "surely": likely.name if likely.is_sure else ""}
