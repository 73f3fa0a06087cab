from __future__ import annotations

import pytest

from compiler.model.tree import Owner
from compiler.ownership.signature import judge
from compiler.targets.compose.emit import configuration_path
from tests.plans import HEAD, file_of, tree_of
from tests.support import codes, compile_texts

ALONE = "services:\n  web:\n    image: x\n"
ALWAYS = [
    "docker-compose.yml",
    "docker-compose.override.yml",
    "docker-compose.test.yml",
    "plan.json",
    ".env.example",
    ".gitattributes",
    ".gitignore",
    "README.md",
    "docker-compose.local.yml",
    "scripts/health-check.sh",
    "scripts/logs.sh",
    "scripts/reset.sh",
    "scripts/start.sh",
    "scripts/stop.sh",
    "scripts/test.sh",
    "tests/api-tests.sh",
    "tests/health-checks.sh",
    "tests/smoke-tests.sh",
]


def test_the_files_that_are_always_there_in_a_fixed_order() -> None:
    tree = tree_of(ALONE)
    assert list(tree) == ALWAYS
    assert [path for path, artifact in tree.items() if artifact.executable] == ALWAYS[9:]
    assert [path for path, artifact in tree.items() if artifact.owner is Owner.ONCE] == ["docker-compose.local.yml"]


def test_every_generated_file_signs_itself() -> None:
    for path, artifact in tree_of(ALONE).items():
        assert judge(artifact.text) == ("none" if artifact.owner is Owner.ONCE else "valid"), path


def test_an_environment_is_a_whole_system_of_its_own() -> None:
    text = ALONE + "environments:\n  stage:\n    services:\n      extra:\n        image: y\n"
    document = file_of(text, "docker-compose.stage.yml")
    assert document["name"] == "shop-stage"
    assert set(document["services"]) == {"web", "extra"}
    assert set(file_of(text)["services"]) == {"web"}


def test_parts_bring_the_files_of_their_kinds() -> None:
    text = """
infrastructure:
  one:
    type: postgres
    databases:
      app:
  two:
    type: mongo
    databases:
      docs:
services:
  web:
    image: x
    environment:
      A: ${one.app.url} ${two.docs.url}
"""
    found = [path for path in tree_of(text) if path.startswith("init-scripts/")]
    assert found == [
        "init-scripts/one/01-create-databases.sql",
        "init-scripts/one/02-create-users.sql",
        "init-scripts/one/03-apply-schema.sql",
        "init-scripts/one/04-apply-seed.sql",
        "init-scripts/two/01-create-users.js",
    ]


def test_what_dev_takes_away_is_a_finding_at_its_service_and_nothing_is_emitted() -> None:
    text = (
        "services:\n  web:\n    build: .\n    port: 80\n"
        "environments:\n  dev:\n    services:\n      web:\n        image: y:1\n"
    )
    compiled = compile_texts({"integration.yaml": HEAD + text, "Dockerfile": "FROM x\n"})
    assert codes(compiled) == ["ENV001"]
    assert compiled.tree == {}
    (mark,) = compiled.diagnostics[0].marks
    assert mark.span is not None
    assert mark.span.line >= 8


def test_a_host_gateway_has_its_configuration_for_the_system_only() -> None:
    text = (
        "services:\n  web:\n    image: x\n    port: 80\n"
        "gateway:\n  mode: host\n  routes:\n    - path: /\n      service: web\n"
    )
    assert [path for path in tree_of(text) if path.startswith("nginx/")] == ["nginx/shop.conf"]


@pytest.mark.parametrize(("environment", "path"), [("", "nginx/shop.conf"), ("stage", "nginx/shop-stage.conf")])
def test_where_a_configuration_stands(environment: str, path: str) -> None:
    assert configuration_path("shop", environment) == path


def test_the_output_may_be_anywhere_in_the_repository() -> None:
    text = "output: deploy/local\n" + ALONE.replace("image: x", "build: ./web")
    built = file_of(text, files={"web/Dockerfile": "FROM x\n"})["services"]["web"]["build"]
    assert built == {"context": "../../web", "dockerfile": "Dockerfile"}
