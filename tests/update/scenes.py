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
SCENES = ("first", "grow", "shrink", "overwrite", "keep", "merge")


class Scene(NamedTuple):
    """A project's folder as it was, the words of the command, and the texts before and after, by path."""

    name: str
    before: Path
    words: tuple[str, ...]
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    manifest: str
    """The manifest that is compiled after the blow; of a kept file, that of the run that was struck."""
    last: Mapping[str, bytes]
    """What that must come to."""

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
        compiled(before, integration__yaml=LARGE if name == "shrink" else SMALL)
        write_texts(before, dict.fromkeys(PERSONS, "services: {}\n"))
    if name in {"overwrite", "keep", "merge"}:
        edit(before / COMPOSE, "\n", f"\n{EDIT}\n")
        words = {"overwrite": ("compile", "--overwrite", COMPOSE), "keep": ("keep", COMPOSE)}.get(name, words)
    if name == "merge":
        assert periplus(before, "keep", COMPOSE).code == 0
    if name in {"grow", "overwrite", "merge", "shrink"}:
        write_texts(before, {"integration.yaml": SMALL if name == "shrink" else LARGE})
    after = Path(shutil.copytree(before, folder / "after"))
    assert periplus(after, *words).code == 0
    old, new, manifest = contents(before), contents(after), LARGE if name == "merge" else NEXT
    write_texts(after, {"integration.yaml": manifest})
    assert periplus(after, "compile").code == 0
    return Scene(name, before, words, old, new, manifest, contents(after))


def assert_whole(scene: Scene, folder: Path) -> None:
    """Every file is an old one or a new one, apart from temporaries; and what is a person's is as it was."""
    stand = {path: text for path, text in contents(folder).items() if not path.endswith(".tmp")}
    assert [path for path, text in stand.items() if text not in {scene.old.get(path), scene.new.get(path)}] == []
    assert {path for path in scene.old if path in scene.new} <= set(stand)
    was, now = everything(scene.before), everything(folder)
    assert all(was[path] == now[path] for path in ("integration.yaml", *PERSONS) if path in was)
    if any(EDIT.encode() in text for text in scene.old.values()):
        assert any(EDIT.encode() in text for text in stand.values())


def assert_converges(scene: Scene, folder: Path) -> None:
    """With the manifest edited, the next run makes it right: no edit is seen that nobody made, nothing is left."""
    if scene.name == "keep":
        assert periplus(folder, *scene.words).code == 0
    is_edited = scene.name == "overwrite" and EDIT.encode() in (folder / COMPOSE).read_bytes()
    write_texts(folder, {"integration.yaml": scene.manifest})
    outcome = periplus(folder, "compile")
    if is_edited:
        assert outcome.code == 3
        outcome = periplus(folder, *scene.words)
    assert outcome.code == 0, outcome.err
    assert not outcome.err or (scene.name == "first" and outcome.err.startswith("note[LOCK006]"))  # no lock as yet
    assert _unsaved(contents(folder)) == _unsaved(scene.last)
    assert periplus(folder, "compile", "--check").code == 0


def _unsaved(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Killed after a copy was saved and before the file was replaced, the next run saves it once more."""
    return {path: text for path, text in files.items() if ".edited-" not in path}
