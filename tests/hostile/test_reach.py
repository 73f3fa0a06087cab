"""What a stranger's manifest, and the links he brings, can make a command look at: neither secrets nor git's files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.commands.project import everything, periplus, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "version: 1\nname: shop\n"
WEB = "services:\n  web:\n    image: nginx:1.27\n    port: 8000\n"
SECRET = "0penSesame0penSesame"
SECRETS = dict.fromkeys((".env", "integration/.env", ".env.local", ".git/HEAD", ".git/x/f.yaml"), f"TOKEN: {SECRET}\n")
PATIENCE_S = 20
"""Only against a hang: an answer takes a fraction of a second."""


class Reach(NamedTuple):
    """A manifest, the links that come with it, and the code of what is said."""

    manifest: str
    links: Mapping[str, str]
    code: str


def include(pattern: str) -> str:
    """A manifest that includes it."""
    return f"{HEAD}include:\n  - '{pattern}'\n{WEB}"


def registry(path: str) -> str:
    """A manifest with this registry."""
    return f"{HEAD}ports:\n  registry: {path}\n{WEB}"


KIND = f"{HEAD}infrastructure:\n  foo:\n    type: foo\n{WEB}"
REACHES = (
    Reach(registry("integration/.env"), {}, "PATH001"),
    Reach(registry(".git/HEAD"), {}, "PATH001"),
    Reach(registry("PORTS.json"), {"PORTS.json": "integration/.env"}, "PORT007"),
    *(Reach(include(path), {}, "INCLUDE001") for path in (".env", "integration/.env", "./.env.local", ".git/HEAD")),
    *(Reach(include(path), {}, "INCLUDE001") for path in (".env*", "*/.env", "**/.env", ".git/*", ".git/**/*.yaml")),
    Reach(include("part.yaml"), {"part.yaml": "integration/.env"}, "INCLUDE001"),
    Reach(include("part*.yaml"), {"part.yaml": ".git/x/f.yaml"}, "INCLUDE001"),
    Reach(include("far/.env"), {"far": "integration"}, "INCLUDE001"),
    Reach(include("far/*/f.yaml"), {"far": ".git"}, "INCLUDE001"),
    Reach(KIND, {"kinds/foo/kind.yaml": "../../.env"}, "KIND001"),
    Reach(HEAD + WEB, {"integration.yaml": "integration/.env"}, "YAML006"),
    Reach(HEAD + WEB, {"integration.lock.json": "integration/.env"}, ""),
)


@pytest.mark.parametrize("reach", REACHES, ids=lambda each: f"{each.manifest[22:].splitlines()[1]} {dict(each.links)}")
def test_secrets_and_what_is_gits_are_never_read(reach: Reach, tmp_path: Path) -> None:
    write(tmp_path, {**SECRETS, "integration.yaml": reach.manifest})
    linked(tmp_path, reach.links)
    outcome = periplus(tmp_path, "compile", "--check")
    assert reach.code in outcome.err
    assert SECRET not in outcome.out + outcome.err
    assert "TOKEN" not in outcome.out + outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("link", [None, "PORTS.json"])
def test_no_port_is_claimed_in_a_file_of_secrets(link: str | None, tmp_path: Path) -> None:
    write(tmp_path, {**SECRETS, "integration.yaml": registry(link or "integration/.env")})
    linked(tmp_path, {link: "integration/.env"} if link else {})
    before = everything(tmp_path)
    outcome = periplus(tmp_path, "ports", "claim")
    assert outcome.code in {2, 3}
    assert SECRET not in outcome.out + outcome.err
    assert everything(tmp_path) == before


def test_whether_an_environment_file_is_there_is_still_known(tmp_path: Path) -> None:
    asking = HEAD + WEB + "    compose:\n      env_file: ./.env.local\n"
    write(tmp_path, {**SECRETS, "integration.yaml": asking})
    assert "DATA009" not in periplus(tmp_path, "lint").err
    (tmp_path / ".env.local").unlink()
    assert "DATA009" in periplus(tmp_path, "lint").err


def test_links_in_a_ring_and_many_stars_take_no_time(tmp_path: Path) -> None:
    write(tmp_path, {"/".join("d" * 25) + "/y.yaml": "", ".git/HEAD": ""})
    linked(tmp_path, dict.fromkeys("abcefg", "."))
    for pattern in ("*/" * 9 + "x.yaml", "**/" * 7 + "x.yaml", "**/d/" * 12 + "x.yaml", "**/*/" * 12 + "x.yaml"):
        (tmp_path / "integration.yaml").write_text(include(pattern))
        start = time.monotonic()
        assert "INCLUDE001" in periplus(tmp_path, "compile").err
        assert time.monotonic() - start < PATIENCE_S


@pytest.mark.slow
def test_there_is_an_end_to_what_one_pattern_looks_at(tmp_path: Path) -> None:
    write(tmp_path, {"/".join("d" * 470) + "/y.yaml": "", "integration.yaml": include("**/*/" * 460 + "x.yaml")})
    outcome = periplus(tmp_path, "compile")
    assert outcome.code != 0
    assert "more than 100,000 files" in outcome.err
    assert "Traceback" not in outcome.err


def test_no_pattern_finds_names_outside_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"outside/below/name.yaml": "", "repository/.git/HEAD": ""})
    folder = tmp_path / "repository"
    linked(folder, {"out": "../outside", "around": "inside", "inside": "../../"})
    for pattern in ("out/*/*.yaml", "out/below/*", "*/below/*.yaml", "out/**/*.yaml", "around/outside/below/*.yaml"):
        (folder / "integration.yaml").write_text(include(pattern))
        outcome = periplus(folder, "compile")
        assert "INCLUDE001" in outcome.err
        assert "name.yaml" not in outcome.out + outcome.err


FIXABLE = "services:\n  api:\n    image: nginx:1.27\n    rolee: x\n"


@pytest.mark.parametrize("target", [".git/x/f.yaml", "../outside.yaml", "integration/f.yaml", "integration/.env"])
@pytest.mark.parametrize("answers", [False, True])
def test_nobody_writes_through_a_link_but_into_the_repository(target: str, tmp_path: Path, *, answers: bool) -> None:
    folder = tmp_path / "shop"
    text = "services:\n  api:\n    image: nginx:1.27\n    port: 8100\n" if answers else FIXABLE
    write(folder, {".git/HEAD": "", "integration.yaml": include("f.yaml"), target: text})
    write(folder, {"answers.json": '{"ports": {"api": "8200"}}'})
    linked(folder, {"f.yaml": target})
    before = (folder / target).read_bytes()
    words = ("review", "--answers", "answers.json") if answers else ("lint", "--fix")
    outcome = periplus(folder, *words)
    assert outcome.code in {2, 3}
    assert "Traceback" not in outcome.err
    assert (folder / target).read_bytes() == before


def linked(folder: Path, links: Mapping[str, str]) -> None:
    """These links, each in place of what stands there."""
    for name, target in links.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
