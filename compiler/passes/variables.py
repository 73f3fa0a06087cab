"""What the environment file must hold: secrets and variables, and who needs each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.plan import SecretPlan, VariablePlan
from compiler.model.value import Variable
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.model.manifest import Secret
    from compiler.model.plan import Port
    from compiler.passes.made import Hole
    from compiler.passes.outputs import Undeclared

_GENERATED_LENGTH = 32


class Users(NamedTuple):
    """What the texts of all units leave open: the users of each secret, those that stand in URLs, the variables."""

    secrets: Mapping[str, tuple[str, ...]]
    in_url: frozenset[str]
    variables: tuple[tuple[Variable, str], ...]
    """Each as often as it is read, with the unit that reads it."""


def users_of(holes: Mapping[str, tuple[Hole, ...]]) -> Users:
    """Who uses what, from the holes of each unit, in the order of the units and their texts."""
    secrets: dict[str, dict[str, None]] = {}
    in_url: set[str] = set()
    variables: list[tuple[Variable, str]] = []
    for unit, its_holes in holes.items():
        for piece, is_in_url in its_holes:
            if isinstance(piece, Variable):
                variables.append((piece, unit))
                continue
            secrets.setdefault(piece.name, {})[unit] = None
            if is_in_url:
                in_url.add(piece.name)
    users = {name: tuple(names) for name, names in secrets.items()}
    return Users(users, frozenset(in_url), tuple(variables))


def secrets_of(
    declared: Mapping[str, Secret], undeclared: Mapping[str, Undeclared], users: Users
) -> dict[str, SecretPlan]:
    """Every secret: the declared ones in their order, then the ones that instances need."""
    written = {
        name: SecretPlan(
            name,
            secret.how,
            secret.description,
            secret.length,
            users.secrets.get(name, ()),
            name in users.in_url,
            secret.at,
        )
        for name, secret in declared.items()
    }
    derived = {
        name: SecretPlan(
            name,
            "generated",
            one.meaning,
            _GENERATED_LENGTH,
            users.secrets[name],
            name in users.in_url,
            ("infrastructure", one.instance),
        )
        for name, one in undeclared.items()
        if name in users.secrets
    }
    return {**written, **derived}


def variables_of(
    users: Users, ports: Mapping[str, Mapping[str, Port]], secrets: Mapping[str, SecretPlan]
) -> dict[str, VariablePlan]:
    """Every other variable that is read, ports excepted; a written default or message wins over none."""
    if not users.variables:
        return {}
    known = {port.variable for unit in ports.values() for port in unit.values()} | set(secrets)
    readers: dict[str, dict[str, None]] = {}
    found: dict[str, Variable] = {}
    for variable, user in users.variables:
        if variable.name in known:
            continue
        other = found.setdefault(variable.name, variable)
        readers.setdefault(variable.name, {})[user] = None
        if other.default is None and variable.default is not None:
            other = other._replace(default=variable.default)
        if other.message is None and variable.message is not None:
            other = other._replace(message=variable.message)
        found[variable.name] = other
    return {name: VariablePlan(name, one.default, one.message, tuple(readers[name])) for name, one in found.items()}
