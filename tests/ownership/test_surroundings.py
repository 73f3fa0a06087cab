from __future__ import annotations

import pytest

from compiler.model.tree import Standing
from compiler.ownership.surroundings import is_ignored, surroundings
from tests.support import MappingFiles, codes, compile_texts

OURS = "# ours\n.env\n.periplus/unchanged\n"
MANIFEST = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".env\n", True),
        ("/.env\n", True),
        (".env*\n", True),
        ("*\n", True),
        (".env  \n", True),
        ("*.env\n", True),
        ("**/.env\n", True),
        ("!.env\n.env\n", True),
        ("", False),
        ("# .env\n", False),
        (".env.local\n", False),
        (".env/\n", False),
        ("x/.env\n", False),
        (".env\n!.env\n", False),
        (".env*\n!/.env\n", False),
        ("env\n", False),
        (".ENV\n", False),
    ],
)
def test_what_a_file_of_the_output_ignores(text: str, expected: bool) -> None:
    assert is_ignored([("integration", text)], "integration/.env") == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (".env\n", True),
        ("integration/\n", True),
        ("/integration\n", True),
        ("integration/.env\n", True),
        ("/integration/.env\n", True),
        ("other/.env\n", False),
        ("!.env\n", False),
    ],
)
def test_what_one_above_ignores(above: str, expected: bool) -> None:
    texts = [(".", above), ("integration", "*.log\n")]
    assert is_ignored(texts, "integration/.env") == expected
    assert not is_ignored([*texts, ("integration", "!.env\n")], "integration/.env")
    assert is_ignored([(".", "!.env\n"), ("integration", OURS)], "integration/.env")


@pytest.mark.parametrize(
    ("output", "reach", "above"),
    [
        ("integration", 0, ".gitignore"),
        ("deploy/integration", 0, "deploy/.gitignore"),
        ("integration", 2, "../../.gitignore"),
    ],
)
def test_every_file_up_to_the_top_of_the_repository_counts(output: str, reach: int, above: str) -> None:
    def found(*paths: str) -> list[str]:
        files = MappingFiles(dict.fromkeys(paths, b".env\n"), reach)
        return [defect.kind for defect in surroundings(output, {}, "*.log\n", files, ())]

    assert found() == ["git.not-ignored"]
    assert found(above) == []
    assert found(f"../../../{above}") == ["git.not-ignored"]


def test_an_ignoring_file_that_is_not_settled_is_not_judged() -> None:
    assert list(surroundings("integration", {}, None, MappingFiles({}), ())) == []
    marked = ".env\n<<<<<<< yours\n!.env\n=======\n>>>>>>> theirs\n"
    lock = '{"format": 1, "periplus": "0.1.0", "ports": {}, "versions": {}, "kept": [".gitignore"]}'
    texts = {"integration.yaml": MANIFEST, "integration.lock.json": lock, "integration/.gitignore": marked}
    assert {code[:3] for code in codes(compile_texts(texts))} == {"OWN"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("compose.yaml", "reads `integration/compose.yaml` instead of our `docker-compose.yml`"),
        ("compose.yml", "reads `integration/compose.yml` instead of our `docker-compose.yml`"),
        ("docker-compose.yaml", "finds `integration/docker-compose.yaml` and our `docker-compose.yml`, and warns"),
        ("compose.override.yml", "instead of our `docker-compose.override.yml`"),
        ("compose.override.yaml", "instead of our `docker-compose.override.yml`"),
        ("docker-compose.override.yaml", "and our `docker-compose.override.yml`, and warns"),
    ],
)
def test_compose_files_of_somebody_else(name: str, message: str) -> None:
    compiled = compile_texts({"integration.yaml": MANIFEST, f"integration/{name}": "services: {}\n"})
    assert codes(compiled) == ["GIT003"]
    assert message in compiled.diagnostics[0].message
    assert compiled.tree


def test_other_files_and_folders_are_nobodys_business() -> None:
    names = ("compose.yaml.bak", "docker-compose.local.yml", "sub/compose.yaml")
    texts = {f"integration/{name}": "services: {}\n" for name in names}
    assert codes(compile_texts({"integration.yaml": MANIFEST, **texts, "compose.yaml": ""})) == []
    folder = {"compose.yaml": Standing("directory")}
    assert list(surroundings("integration", folder, OURS, MappingFiles({}), ())) == []


def test_no_line_of_a_file_of_secrets_is_shown() -> None:
    texts = {"integration.yaml": MANIFEST, ":integration/.env": "KEY=1\n", "integration/.env": "KEY=1\n"}
    (diagnostic,) = compile_texts(texts).diagnostics
    assert (diagnostic.code, diagnostic.marks[0].path, diagnostic.marks[0].span) == ("GIT001", "integration/.env", None)
