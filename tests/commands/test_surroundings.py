"""What stands around the generated files: told by `lint` and `compile`, and never swallowed where nothing changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import MANIFEST, compiled, edit, periplus, write
from tests.git import git
from tests.test_quick_door import answered, door, in_full

if TYPE_CHECKING:
    from pathlib import Path

MOUNTING = MANIFEST + "    volumes:\n      - ./config:/etc/api:ro\n      - ./site.conf:/etc/site.conf:ro\n"
PROXY = "  edge:\n    image: nginx:1.27\n    volumes:\n      - ./edge.conf:/etc/nginx/conf.d/default.conf:ro\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A compiled project that git knows."""
    folder = compiled(tmp_path / "shop")
    git_folder = folder / ".git"
    if git_folder.is_dir():
        git_folder.rmdir()
    git(folder, "init", "--quiet")
    return folder


def test_lint_asks_git_for_secrets_and_compile_does_not(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, {"integration/.env": "CACHE_PASSWORD=hunter2hunter2\n"})
    assert periplus(shop, "lint", "--strict").code == 0
    git(shop, "add", "--force", "integration/.env")
    outcome = periplus(shop, "lint", "--strict")
    assert outcome.code == 1
    assert (
        "warning[GIT001]: git tracks `integration/.env`, which holds secrets\n  --> integration/.env\n" in outcome.err
    )
    assert "hunter2" not in outcome.err
    monkeypatch.setenv("PATH", os.fspath(shop))  # no git there
    assert periplus(shop, "compile", "--check").err == ""
    assert periplus(shop, "lint", "--strict").code == 0


def test_a_kept_file_that_lets_secrets_in_is_told_by_both(shop: Path) -> None:
    assert periplus(shop, "keep", "integration/.gitignore").code == 0
    assert periplus(shop, "compile").err == ""
    with (shop / "integration" / ".gitignore").open("a") as stream:
        stream.write("!.env\n")
    assert "warning[GIT002]" in periplus(shop, "compile").err
    outcome = periplus(shop, "lint", "--strict")
    assert outcome.code == 1
    assert "warning[GIT002]" in outcome.err
    assert " | !.env\n" in outcome.err
    git(shop, "add", "--all")
    write(shop, {"integration/.env": "KEY=1\n"})
    assert "integration/.env" in git(shop, "status", "--porcelain")


@pytest.mark.skipif(door is None, reason="the door is left out")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"integration/compose.yaml": "services: {}\n"}, "GIT003"),
        ({"integration/docker-compose.yaml": ""}, "GIT003"),
    ],
)
def test_a_file_beside_ours_is_told_although_nothing_of_ours_changed(
    shop: Path, changes: dict[str, str], code: str
) -> None:
    assert periplus(shop, "compile").err == ""
    assert answered(shop, "compile", "--check") is not None
    write(shop, changes)
    assert answered(shop, "compile", "--check") is None
    for words in (("compile", "--check"), ("compile",)):
        outcome = periplus(shop, *words)
        assert outcome.code == 0
        assert f"warning[{code}]" in outcome.err
    assert answered(shop, "compile", "--check") == in_full(shop, "compile", "--check") == outcome


@pytest.mark.skipif(door is None, reason="the door is left out")
def test_a_mounted_file_that_goes_is_told_although_nothing_of_ours_changed(tmp_path: Path) -> None:
    texts = {"config/deep/a.conf": "a\n", "site.conf": "b\n"}
    folder = tmp_path / "shop"
    write(folder, {".git/HEAD": "", "integration.yaml": MOUNTING, **texts})
    assert periplus(folder, "compile").err == ""
    assert answered(folder, "compile") is not None
    for path in texts:
        (folder / path).unlink()
        assert answered(folder, "compile") is None
        assert "warning[DATA005]" in periplus(folder, "compile").err
        said = answered(folder, "compile")
        assert said is not None
        assert "warning[DATA005]" in said.err
        write(folder, {path: "again\n"})
        assert periplus(folder, "compile").err == ""


@pytest.mark.skipif(door is None, reason="the door is left out")
def test_a_proxys_configuration_is_read_anew(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    conf = "server {\n    resolver 127.0.0.11;\n    set $api api:8000;\n    location / { proxy_pass http://$api; }\n}\n"
    write(folder, {".git/HEAD": "", "integration.yaml": MANIFEST + PROXY, "edge.conf": conf})
    assert periplus(folder, "compile").err == ""
    assert answered(folder, "compile") is not None
    edit(folder / "edge.conf", "http://$api", "http://api:8000")
    assert answered(folder, "compile") is None
    assert "warning[ROUTE009]" in periplus(folder, "compile").err
    said = answered(folder, "compile")
    assert said is not None
    assert "edge.conf:4:36" in said.err
