"""Whether a `kind.yaml` is a kind: its structure, and what the schema cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from compiler.catalog.kind_error import KindError
from compiler.text.regex import regex

PLACEHOLDER = regex(r"\{([a-z][a-z_.]*)\}", re.ASCII)
_OF_INSTANCE = frozenset({"name", "version", "user", "password", "port", "project"})
_OF_PART = _OF_INSTANCE | {"part", "owner_password"}
_OF_CONFIG = frozenset({"key", "value"})
_TEXTS = ("user", "environment", "command", "health", "outputs", "client")


def check_kind(value: Mapping[str, Any], path: str, schema: bytes) -> None:
    """Raise KindError with the first thing that is wrong."""
    # One after the other: the later ones rely on the structure.
    for problem in chain(_structure(value, schema), _patterns(value), _placeholders(value)):
        raise KindError(path, problem)


def _structure(value: Mapping[str, Any], schema: bytes) -> Iterator[str]:
    from jsonschema import Draft7Validator, validators  # noqa: PLC0415
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    extend: Any = validators.extend
    validator = extend(Draft7Validator, {"pattern": _pattern})
    error = best_match(validator(json.loads(schema)).iter_errors(value))
    if error is not None:
        where = ".".join(str(step) for step in error.absolute_path)
        yield f"`{where}`: {error.message}" if where else error.message


def _pattern(_validator: object, pattern: str, instance: object, _schema: object) -> Iterator[Exception]:
    """A pattern must match in full and in ASCII: `$` lets a final line break through."""
    from jsonschema import ValidationError  # noqa: PLC0415

    if isinstance(instance, str) and not re.fullmatch(pattern, instance, re.ASCII):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _patterns(value: Mapping[str, Any]) -> Iterator[str]:
    """Find the grammars that are no regular expressions."""
    for name, family in value.get("parts", {}).items():
        grammars = {"names": family["names"]}
        grammars |= {f"options.{option}.grammar": rule["grammar"] for option, rule in family.get("options", {}).items()}
        for key, grammar in grammars.items():
            try:
                re.compile(grammar, re.ASCII)
            except re.error as error:
                yield f"`parts.{name}.{key}` is not a regular expression: {error}"


def _placeholders(value: Mapping[str, Any]) -> Iterator[str]:
    """Every placeholder must have a meaning where it stands; a misspelt one would be emitted as it is."""
    known = _OF_INSTANCE | _ports(value)
    for layer in (value, *(rule["then"] for rule in value.get("rules", ()))):
        yield from _unknown({key: layer[key] for key in _TEXTS if key in layer}, known)
        yield from _unknown(layer.get("image", {}), frozenset({"version"}), "image")
        yield from _unknown(layer.get("config", []), _OF_CONFIG, "config")
    for name, family in value.get("parts", {}).items():
        options = frozenset(family.get("options", {}))
        part = _OF_PART | _ports(value) | options
        defaults = [rule["default"] for rule in family.get("options", {}).values()]
        yield from _unknown(defaults, part - options, f"parts.{name}.options")
        texts = {key: family[key] for key in ("job", "schema", "seed", "outputs") if key in family}
        yield from _unknown(texts, part, f"parts.{name}")


def _ports(value: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(f"port.{name}" for name in value["ports"])


def _unknown(value: object, known: frozenset[str], at: str = "") -> Iterator[str]:
    if isinstance(value, str):
        for name in PLACEHOLDER.findall(value):
            if name not in known:
                accepted = ", ".join(f"`{{{word}}}`" for word in sorted(known))
                yield f"`{at}`: there is no placeholder `{{{name}}}` here; there are {accepted}"
        return
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from _unknown(entry, known, f"{at}.{key}" if at else str(key))
