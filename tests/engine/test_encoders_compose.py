"""Docker Compose itself reads back what the encoders wrote: values, keys, defaults, messages and environment files."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from compiler.spell.compose import compose_literal, compose_variable
from compiler.spell.dotenv import dotenv_comment, dotenv_line
from compiler.spell.yaml import yaml_document
from tests.encoders.corpus import TEXTS, random_texts
from tests.encoders.hostile import WORDS, Hostile, hostile_manifest
from tests.encoders.oracles import shell_says
from tests.encoders.test_round_trip import is_writable
from tests.engine.tree import run
from tests.support import compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.engine

ALL = tuple(dict.fromkeys((*TEXTS, *random_texts(10_000, 1122))))
UNQUOTED = [text for text in ALL if not re.search(r"[{}$\n]", text)]
"""What may be a default or a message."""


def service(folder: Path, settings: Mapping[str, object], environment: str = "") -> dict[str, Any]:
    """The service as Compose reads it, each dollar as one; Compose must not even warn."""
    document = {"name": "x", "services": {"a": {"image": "x", **settings}}}
    (folder / "docker-compose.yml").write_bytes(yaml_document(document).encode())
    return read(folder, environment)["services"]["a"]  # type: ignore[no-any-return]


def read(folder: Path, environment: str = "") -> Any:
    (folder / ".env").write_bytes(environment.encode())
    done = run(["docker", "compose", "--file", "docker-compose.yml", "config", "--format", "json"], folder)
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out.replace("$$", "$"))


def test_values_and_keys(tmp_path: Path) -> None:
    labels = [text for text in ALL if text.strip() and len(text) < 500]
    made = service(
        tmp_path,
        {
            "command": [compose_literal(text) for text in ALL],
            "environment": {f"V{number}": compose_literal(text) for number, text in enumerate(ALL)},
            "labels": {text: compose_literal(text) for text in labels},
        },
    )
    assert made["command"] == list(ALL)
    assert [made["environment"][f"V{number}"] for number in range(len(ALL))] == list(ALL)
    assert made["labels"] == {text: text for text in labels}


def test_defaults_and_messages_of_variables(tmp_path: Path) -> None:
    words = [compose_variable("UNSET", default=text) for text in UNQUOTED]
    words += [compose_variable("SET", message=text) for text in UNQUOTED]
    made = service(tmp_path, {"command": words}, "SET=here\n")
    assert made["command"] == [*UNQUOTED, *["here"] * len(UNQUOTED)]


@pytest.mark.parametrize("character", ["\n"])
def test_what_no_default_may_hold_is_what_compose_refuses(character: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        compose_variable("UNSET", default=f"a{character}b")
    (tmp_path / "docker-compose.yml").write_bytes(
        yaml_document({"services": {"a": {"image": "x", "command": [f"${{UNSET:-a{character}b}}"]}}}).encode()
    )
    done = run(["docker", "compose", "--file", "docker-compose.yml", "config", "--quiet"], tmp_path)
    assert done.code != 0
    assert "invalid interpolation" in done.err


def test_environment_files(tmp_path: Path) -> None:
    """Compose and the reader of the generated scripts, which must say the same."""
    written = [text for text in ALL if is_writable(partial(dotenv_line, "K"), text)]
    assert len(written) > 2000
    lines = "".join(f"# {dotenv_comment(text)}\n{dotenv_line(f'K{n}', text)}\n" for n, text in enumerate(written))
    made = service(tmp_path, {"command": [compose_variable(f"K{number}") for number in range(len(written))]}, lines)
    assert made["command"] == written
    scripts = compile_texts({"integration.yaml": "version: 1\nname: x\nservices:\n  a:\n    image: x:1\n"}).tree
    reader = re.search(r"(?ms)^env_names=.*?^# value_of", scripts["scripts/start.sh"].text)
    assert reader is not None
    asked = f"{reader[0]}\nread_env_file .env\nprintf '%s\\0' \"${{env_values[@]}}\"\n"
    assert shell_says("bash", asked, tmp_path).decode().split("\0")[:-1] == written


def test_a_whole_tree_of_hostile_texts(tmp_path: Path) -> None:
    hostile = Hostile(WORDS)
    tree = compile_texts({"integration.yaml": hostile_manifest(hostile), "Dockerfile": "FROM scratch\n"}).tree
    (tmp_path / "docker-compose.yml").write_bytes(tree["docker-compose.yml"].text.encode())
    example = tree[".env.example"].text
    filled = re.sub(r"(?m)^([SM][0-9]+|CACHE_PASSWORD)=$", r"\1=filled-in", re.sub(r"(?m)^COMPOSE_.*$", "", example))
    made = read(tmp_path, filled)["services"]["all"]
    environment = made["environment"]
    assert [environment[f"E{number}"] for number in range(len(WORDS))] == list(WORDS)
    assert [environment[f"D{number}"] for number in range(len(hostile.defaults))] == hostile.defaults
    assert {environment[f"M{number}"] for number in range(len(hostile.defaults))} == {"filled-in"}
    assert {environment[f"SECRET{number}"] for number in range(len(hostile.told))} == {"filled-in"}
    assert made["command"] == ["run", *WORDS]
    assert made["healthcheck"]["test"] == ["CMD", "ask", *WORDS]
    assert [made["build"]["args"][f"A{number}"] for number in range(len(WORDS))] == list(WORDS)
    assert [made["labels"][f"l{number}"] for number in range(len(WORDS))] == list(WORDS)
    sources = {mount["target"]: mount["source"] for mount in made["volumes"]}
    parent = tmp_path.parent
    assert sources == {f"/{n}/{text}": str(parent / text) for n, text in enumerate(hostile.paths)}
