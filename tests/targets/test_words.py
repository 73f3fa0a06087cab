from __future__ import annotations

import pytest

from compiler.model.value import SecretOf, Text, Variable
from compiler.targets.compose.words import compose_text, duration, from_output, project_name
from tests.plans import plan_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (("a$b",), "a$$b"),
        ((Variable("X"),), "${X}"),
        ((Variable("X", "d"),), "${X:-d}"),
        ((Variable("X", None, "m"),), "${X:?m}"),
        ((SecretOf("GENERATED"),), "${GENERATED:?set GENERATED in .env, see .env.example}"),
        ((SecretOf("REQUIRED"),), "${REQUIRED:?set REQUIRED in .env, see .env.example}"),
        ((SecretOf("OPTIONAL"), "!"), "${OPTIONAL:-}!"),
    ],
)
def test_texts(text: Text, expected: str) -> None:
    assert compose_text(text, {"OPTIONAL"}) == expected


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [(0, "0ms"), (500, "500ms"), (1500, "1500ms"), (5000, "5s"), (60_000, "1m"), (90_000, "1m30s"), (3_600_000, "60m")],
)
def test_durations(milliseconds: int, expected: str) -> None:
    assert duration(milliseconds) == expected


@pytest.mark.parametrize(
    ("path", "output", "expected"),
    [
        ("./web", "integration", "../web"),
        (".", "integration", ".."),
        ("../web", "integration", "../../web"),
        ("./web", "deep/er", "../../web"),
        ("./integration/conf", "integration", "./conf"),
        ("./integration", "integration", "."),
        ("/abs", "integration", "/abs"),
    ],
)
def test_paths_as_the_output_sees_them(path: str, output: str, expected: str) -> None:
    assert from_output(path, output) == expected


def test_projects_of_environments() -> None:
    names = {environment: project_name(plan_of("", environment=environment)) for environment in ("", "dev", "test")}
    assert names == {"": "shop", "dev": "shop", "test": "shop-test"}
