"""What a language has no spelling for: its encoder refuses it, and no manifest brings it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.spell.compose import compose_variable
from compiler.spell.dotenv import dotenv_line
from compiler.spell.git import git_pattern
from compiler.spell.nginx import nginx_argument, nginx_literal
from compiler.spell.shell import shell_word
from compiler.spell.yaml import yaml_document, yaml_string
from tests.support import codes, compile_texts

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.28\n"
ROLE = f"{HEAD}    role: "
VALUE = f"{HEAD}    environment:\n      A: "
LABEL = f"{HEAD}    compose:\n      labels:\n        "
QUOTES = '"' * 600
ROUTED = (
    "    port: 8000\n    healthcheck:\n      probe: none\ngateway:\n  host: {host}\n"
    "  routes:\n    - path: {path}\n      service: web\n"
)


@pytest.mark.parametrize(
    ("encode", "text", "manifest", "code"),
    [
        (shell_word, "a\0", f'{ROLE}"a\\0"\n', "YAML005"),
        (shell_word, "a\0", f"{ROLE}a\0\n", "YAML005"),
        (yaml_string, "a\ud83d", f'{ROLE}"a\\ud83d"\n', "YAML005"),
        (yaml_string, "\udfff", f'{VALUE}"\\udfff"\n', "YAML005"),
        (lambda text: compose_variable("A", default=text), "a\nb", f'{VALUE}"${{A:-a\\nb}}"\n', "REF004"),
        (lambda text: compose_variable("A", message=text), "a}b", f'{VALUE}"${{A:?a{{b}}"\n', "REF004"),
        (lambda text: compose_variable("A", message=text), "a$b", f'{VALUE}"${{A:?a$b}}"\n', "REF004"),
        (compose_variable, "A-B", f"{VALUE}${{A-B}}\n", "REF004"),
        (lambda text: yaml_document({text: ""}), QUOTES, f"{LABEL}'{QUOTES}': a\n", "SCHEMA003"),
        (nginx_literal, "a$b", HEAD + ROUTED.format(host="a$b", path="/"), "SCHEMA003"),
        (nginx_argument, "a;b", HEAD + ROUTED.format(host="a", path="/a;b"), "SCHEMA003"),
        (nginx_argument, "a\n", HEAD + ROUTED.format(host='"a\\n"', path="/"), "SCHEMA003"),
    ],
)
def test_what_an_encoder_refuses_the_manifest_was_refused_for(
    encode: Callable[[str], str], text: str, manifest: str, code: str
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        encode(text)
    made = compile_texts({"integration.yaml": manifest})
    assert code in codes(made)
    assert not made.tree


def test_what_an_encoder_refuses_is_left_out_where_it_is_only_an_example() -> None:
    with pytest.raises(ValueError, match="every reader"):
        dotenv_line("A", "a'b")
    tree = compile_texts({"integration.yaml": f'{VALUE}"${{A:-a\'b}}"\n'}).tree
    assert "\n# A=\n" in tree[".env.example"].text
    assert "${A:-a'b}" in tree["docker-compose.yml"].text


@pytest.mark.parametrize("character", ["\n", "\r", "\0", "\x1f", "\x7f"])
def test_a_path_that_would_begin_another_pattern_of_git(character: str) -> None:
    with pytest.raises(ValueError, match="pattern of git"):
        git_pattern(f"a{character}b")


def test_the_longest_key_that_yaml_reads() -> None:
    assert yaml_document({"a" * 1024: True}) == f"{'a' * 1024}: true\n"
    with pytest.raises(ValueError, match="1025 characters"):
        yaml_document({"a" * 1025: True})
