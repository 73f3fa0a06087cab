"""What the environment file must hold: secrets and variables, and who needs each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import Build, Execute, SecretPlan, VariablePlan
from compiler.model.value import Reference, SecretOf, Variable
from compiler.passes.templates import read_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.manifest import Manifest
    from compiler.model.plan import Port, Unit
    from compiler.model.value import Text
    from compiler.passes.outputs import Undeclared

_GENERATED_LENGTH = 32


def secrets_of(
    manifest: Manifest, undeclared: Mapping[str, Undeclared], units: Mapping[str, Unit]
) -> dict[str, SecretPlan]:
    """Every secret: the declared ones in their order, then the ones that instances need."""
    users: dict[str, list[str]] = {}
    in_url: set[str] = set()
    for unit in units.values():
        for text in texts_of(unit):
            for piece in text:
                if isinstance(piece, SecretOf):
                    users.setdefault(piece.name, []).append(unit.name)
                    if any(isinstance(other, str) and "://" in other for other in text):
                        in_url.add(piece.name)
    declared = {
        name: SecretPlan(
            name,
            secret.how,
            secret.description,
            secret.length,
            _once(users.get(name, ())),
            name in in_url,
            secret.at,
        )
        for name, secret in manifest.secrets.items()
    }
    derived = {
        name: SecretPlan(
            name,
            "generated",
            one.meaning,
            _GENERATED_LENGTH,
            _once(users[name]),
            name in in_url,
            ("infrastructure", one.instance),
        )
        for name, one in undeclared.items()
        if name in users
    }
    return {**declared, **derived}


def variables_of(
    units: Mapping[str, Unit], ports: Mapping[str, Mapping[str, Port]], secrets: Mapping[str, SecretPlan]
) -> dict[str, VariablePlan]:
    """Every other variable that is read, ports excepted; a written default or message wins over none."""
    known = {port.variable for unit in ports.values() for port in unit.values()} | set(secrets)
    found: dict[str, VariablePlan] = {}
    for unit in units.values():
        for text in texts_of(unit):
            for piece in text:
                if not isinstance(piece, Variable) or piece.name in known:
                    continue
                other = found.get(piece.name, VariablePlan(piece.name, None, None, ()))
                found[piece.name] = VariablePlan(
                    piece.name,
                    other.default if other.default is not None else piece.default,
                    other.message if other.message is not None else piece.message,
                    _once((*other.users, unit.name)),
                )
    return found


def texts_of(unit: Unit) -> Iterator[Text]:
    """Every text of a unit that may hold a secret or a variable."""
    yield from unit.environment.values()
    yield from unit.command
    yield from unit.entrypoint
    if isinstance(unit.image, Build):
        yield from unit.image.args.values()
    else:
        yield unit.image.text
    yield from _texts_within(unit.extras)
    if unit.health is not None:
        for question in (unit.health.liveness, unit.health.readiness):
            if isinstance(question, Execute):
                yield from question.argv


def _texts_within(value: object) -> Iterator[Text]:
    """The texts of pass-through settings, of which Compose reads the variables."""
    if isinstance(value, str):
        pieces, _ = read_template(value)
        yield tuple(piece for piece in pieces if not isinstance(piece, Reference))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_within(inner)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
