"""Leaving is deleting manifest, lock and hook: nothing that stays behind calls Periplus or misses what went.

That the tree then starts and stops on a real engine is tested in `tests/engine/`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]

from tests.commands.project import periplus
from tests.support import EXAMPLES, ROOT

PROJECTS = {**{name: ROOT / "examples" / name for name in EXAMPLES}, "all": ROOT / "tests" / "manifests" / "everything"}
COMMENTS = {".md": r"<!--.*?-->", ".sql": r"--.*", ".js": r"//.*"}
CALLED = re.compile(r"(?<![\w./-])periplus(?![\w./-])|-m compiler\b", re.IGNORECASE)
GONE = re.compile(r"integration\.(?:yaml|lock\.json)|\.pre-commit-config|\.periplus\b")
PERSONS = {"README.md", ".gitignore"}
"""Where Periplus is told of to a person, or to git."""


class Left(NamedTuple):
    """The output directory of a project that Periplus has left, and the paths named in it that never stood."""

    output: Path
    absent: list[str]


@pytest.fixture(scope="module", params=PROJECTS)
def left(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """A compiled project without manifest, fragments, lock and what Periplus keeps for itself."""
    folder = Path(shutil.copytree(PROJECTS[request.param], tmp_path_factory.mktemp("left") / "project"))
    compiled = periplus(folder, "compile")
    assert compiled.code == 0, compiled.err
    (output,) = {path.parent for path in folder.rglob("plan.json")}
    absent = missing(output)
    for path in (folder / "integration.yaml", folder / "integration.lock.json"):
        path.unlink()
    for path in (folder / "fragments", output / ".periplus"):
        shutil.rmtree(path, ignore_errors=True)
    return Left(output, absent)


def files(output: Path) -> dict[str, str]:
    """The text of every file of the tree."""
    return {path.relative_to(output).as_posix(): path.read_text() for path in output.rglob("*") if path.is_file()}


def spoken(path: str, text: str) -> str:
    """A text without what is said in it to a person."""
    comment = COMMENTS.get(Path(path).suffix, r"(?m)^\s*#.*|\s#\s.*")
    without = re.sub(comment, "", text)
    return re.sub(r'"(?:generated|periplus-signature)": .*', "", without) if path.endswith(".json") else without


def test_nothing_calls_periplus(left: Left) -> None:
    assert [
        path for path, text in files(left.output).items() if path not in PERSONS and CALLED.search(spoken(path, text))
    ] == []


def test_nothing_refers_to_what_is_gone(left: Left) -> None:
    assert [
        path for path, text in files(left.output).items() if path not in PERSONS and GONE.search(spoken(path, text))
    ] == []


def test_such_a_call_would_be_found() -> None:
    assert CALLED.search(spoken("a.sh", "# periplus\nperiplus compile\n"))
    assert CALLED.search(spoken("a.yaml", 'command: ["periplus", "plan"]\n'))
    assert not CALLED.search(spoken("a.yaml", '# by periplus\n- "--file=/periplus/01.sql"\n'))


def test_every_script_is_still_bash(left: Left) -> None:
    scripts = sorted(left.output.rglob("*.sh"))
    assert scripts
    assert subprocess.run(["bash", "-n", *scripts], check=False).returncode == 0


def test_every_path_that_a_compose_file_names_stands_if_it_ever_did(left: Left) -> None:
    assert missing(left.output) == left.absent


def missing(output: Path) -> list[str]:
    """The paths named in Compose files where nothing stands."""
    texts = [file.read_text() for file in sorted(output.glob("docker-compose*.yml"))]
    named = [path for text in texts for path in paths(yaml.safe_load(text) or {})]
    assert named
    return [path for path in named if not (output / path).exists()]


def paths(document: dict[str, Any]) -> list[str]:
    """The build contexts, Dockerfiles, mounts, environment files and configurations of a Compose file."""
    found: list[str] = []
    for service in (document.get("services") or {}).values():
        build = service.get("build") or {}
        if build:
            found.extend((build["context"], f"{build['context']}/{build.get('dockerfile', 'Dockerfile')}"))
        mounts = [one for one in service.get("volumes", ()) if isinstance(one, dict) and one["type"] == "bind"]
        found.extend(one["source"] for one in mounts)
        written = [one for one in service.get("volumes", ()) if isinstance(one, str) and one.startswith(".")]
        found.extend(one.partition(":")[0] for one in written)
        given = service.get("env_file", ())
        found.extend(
            one["path"] if isinstance(one, dict) else one for one in ([given] if isinstance(given, str) else given)
        )
        found.extend(one["path"] for one in (service.get("develop") or {}).get("watch", ()))
    found.extend(one["file"] for one in (document.get("configs") or {}).values() if "file" in one)
    return found
