"""What is declared on the command line is what the modules do."""

from __future__ import annotations

import inspect
from importlib import import_module

import click
import pytest

from compiler.commands import claims, ports
from compiler.commands.compile import _Options
from compiler.commands.group import COMMANDS, group
from compiler.commands.ports_group import ports as ports_group


def test_every_command_is_declared_and_done() -> None:
    assert sorted(group.commands) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"ports"}))
def test_a_command_takes_what_its_options_give(name: str) -> None:
    module, _, function = COMMANDS[name].rpartition(".")
    taken = taken_by(getattr(import_module(module), function))
    expected = (taken - {"given"}) | {*_Options._fields} if "given" in taken else taken
    assert given_by(group.commands[name]) == expected


def test_the_commands_of_ports_take_what_their_options_give() -> None:
    assert given_by(ports_group.commands["list"]) == taken_by(ports.command)
    assert given_by(ports_group.commands["claim"]) == taken_by(claims.claim_ports)
    assert given_by(ports_group.commands["release"]) == taken_by(claims.release_ports)


def given_by(command: click.Command) -> set[str]:
    return {str(parameter.name) for parameter in command.params if parameter.expose_value}


def taken_by(function: object) -> set[str]:
    """The parameters of a function after its settings."""
    assert callable(function)
    return set(list(inspect.signature(function).parameters)[1:])
