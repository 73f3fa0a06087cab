"""What may be under way when a run is struck: the project before, the command, and what may stand afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.commands.project import COMPOSE, MANIFEST, OUTPUT, compiled, contents, edit, everything, periplus, project
from tests.commands.project import write as write_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATABASE = "  db:\n    type: postgres\n    version: 16\n    databases:\n      shop:\nservices:"
SMALL = MANIFEST
LARGE = MANIFEST.replace("services:", _DATABASE).replace("GREETING: hello", "DATABASE_URL: ${db.shop.url}")
NEXT = MANIFEST.replace("GREETING: hello", "GREETING: good day")
ONCE = f"{OUTPUT}/docker-compose.local.yml"
PERSONS = (f"{OUTPUT}/.env", f"{OUTPUT}/notes.md", ONCE)
EDIT = "# an edit by hand"
SCENES = ("first", "grow", "shrink", "overwrite")


class Scene(NamedTuple):
    """A project's folder as it was, the words of the command, and the texts before and after, by path."""

    name: str
    before: Path
    words: tuple[str, ...]
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    fresh: Mapping[str, bytes]
    """What a first compilation of the manifest that is edited afterwards gives."""

    def copy(self, folder: Path) -> Path:
        """A project to strike."""
        return Path(shutil.copytree(self.before, folder))


def scene(name: str, folder: Path) -> Scene:
    """One of the scenes, made in a folder."""
    before = folder / "before"
    words: tuple[str, ...] = ("compile",)
    if name == "first":
        project(before, integration__yaml=LARGE)
    else:
        old, new = (LARGE, SMALL) if name == "shrink" else (SMALL, LARGE)
        compiled(before, integration__yaml=old)
        write_texts(before, {"integration.yaml": new, **dict.fromkeys(PERSONS, "services: {}\n")})
    if name == "overwrite":
        edit(before / COMPOSE, "\n", f"\n{EDIT}\n")
        words = ("compile", "--overwrite", COMPOSE)
    after = Path(shutil.copytree(before, folder / "after"))
    assert periplus(after, *words).code == 0
    fresh = contents(compiled(folder / "fresh", integration__yaml=NEXT))
    return Scene(name, before, words, contents(before), contents(after), fresh)


def assert_whole(scene: Scene, folder: Path) -> None:
    """Every file is an old one or a new one, apart from temporaries; and what is a person's is as it was."""
    stand = {path: text for path, text in contents(folder).items() if not path.endswith(".tmp")}
    assert [path for path, text in stand.items() if text not in {scene.old.get(path), scene.new.get(path)}] == []
    assert {path for path in scene.old if path in scene.new} <= set(stand)
    was, now = everything(scene.before), everything(folder)
    assert all(was[path] == now[path] for path in ("integration.yaml", *PERSONS) if path in was)
    if scene.name == "overwrite":
        assert any(EDIT.encode() in text for text in stand.values())


def assert_converges(scene: Scene, folder: Path) -> None:
    """With the manifest edited, the next run makes it right: no edit is seen that nobody made, nothing is left."""
    write_texts(folder, {"integration.yaml": NEXT})
    is_edited = EDIT in _text(folder / COMPOSE)
    outcome = periplus(folder, "compile")
    if is_edited:
        assert outcome.code == 3
        outcome = periplus(folder, "compile", "--overwrite", COMPOSE)
    assert (outcome.code, outcome.err) == (0, "")
    stand = {path: text for path, text in contents(folder).items() if ".edited-" not in path}
    persons = {path: text for path, text in scene.old.items() if path in PERSONS}
    assert stand == {**scene.fresh, **persons}
    assert periplus(folder, "compile", "--check").code == 0


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
