"""One sequence: a project lives through random work and compilations, and what must always hold is asserted."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from tests.commands.project import LOCK, OUTPUT, contents, everything, periplus
from tests.update.person import Person, generated, marks
from tests.update.systems import System, first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.commands.project import Outcome

_REFUSED = re.compile(r"^error\[OWN00\d\]: `([^`]+)`", re.MULTILINE)
_DONE, _FOUND, _WRONG, _REFUSES = 0, 1, 2, 3


def live(folder: Path, seed: int, counts: Counter[str]) -> None:
    """Live through one sequence in an empty folder; `counts` are added to. Raises AssertionError with the story."""
    life = _Life(folder, seed, counts)
    try:
        life.begin()
        for _ in range(life.random.randint(1, 4)):
            life.work()
            life.compile()
        life.settle()
    except AssertionError as error:
        story = "\n".join(life.story)
        message = f"seed {seed} in {folder}:\n{story}\n{error}"
        raise AssertionError(message) from error


def overwriting(paths: Iterable[str]) -> list[str]:
    """The words that let files be replaced."""
    return [word for path in paths for word in ("--overwrite", path)]


class _Life:
    def __init__(self, folder: Path, seed: int, counts: Counter[str]) -> None:
        self.folder = folder
        self.counts = counts
        self.random = Random(seed)
        self.person = Person(folder, self.random, seed, [])
        self.story: list[str] = []
        self.system = System({}, {})
        self.good = ""
        self.left: Mapping[str, bytes] = {}

    def begin(self) -> None:
        (self.folder / ".git").mkdir(parents=True)
        while not self.left:
            self.system = first(self.random)
            (self.folder / "integration.yaml").write_text(self.system.text())
            assert self.compile().code in {_DONE, _WRONG}

    def work(self) -> None:
        for _ in range(self.random.choice((1, 1, 2, 3))):
            done, self.system = self.person.act(self.system)
            self.story.append(done)
        if self._manifest() == self.good and (self.disturbed() or self._missing()):
            assert self.run("compile", "--check").code == _FOUND, "an edit is invisible to --check"

    def compile(self) -> Outcome:
        disturbed = self.disturbed()
        words = self._overwriting(disturbed) if self.random.random() < 0.25 else []
        outcome = self.run("compile", *words)
        self.counts[("done", "", "wrong", "refused")[outcome.code]] += 1
        if outcome.code == _REFUSES:
            assert disturbed, "refused though nobody edited anything"
        if outcome.code == _DONE:
            self._is_settled(disturbed)
        return outcome

    def settle(self) -> None:
        """The person puts everything right, in the ways that the messages name."""
        for link in [path for path in (self.folder / OUTPUT).rglob("*") if path.is_symlink()]:
            link.unlink()
        for path in self.left:
            if (self.folder / path).is_dir():
                shutil.rmtree(self.folder / path)
        (self.folder / "integration.yaml").write_text(self.good)
        outcome = self.run("compile")
        if outcome.code == _REFUSES:
            outcome = self.run("compile", *overwriting(_REFUSED.findall(outcome.err)))
        assert outcome.code == _DONE
        self._is_settled(self.disturbed())
        fresh = self.folder.with_name(f"{self.folder.name}-fresh")
        (fresh / ".git").mkdir(parents=True)
        for name in ("integration.yaml", LOCK):
            shutil.copy(self.folder / name, fresh)
        assert periplus(fresh, "compile").code == _DONE
        tree = {path.relative_to(fresh).as_posix(): path.read_bytes() for path in generated(fresh)}
        assert {path: (self.folder / path).read_bytes() for path in tree} == tree, "not what a fresh compile gives"

    def run(self, *arguments: str) -> Outcome:
        """Run it, and hold what holds for every run."""
        before, written = everything(self.folder), marks(self.folder)
        outcome = periplus(self.folder, *arguments)
        self.counts["runs"] += 1
        self.story.append(f"$ periplus {' '.join(arguments)}: {outcome.code}\n{outcome.err}")
        assert outcome.code in {_DONE, _FOUND, _WRONG, _REFUSES}
        assert "Traceback" not in outcome.err
        after = everything(self.folder)
        assert [path for path in after if ".periplus-" in path] == [], "a temporary is left"
        assert written <= marks(self.folder), f"lost: {sorted(written - marks(self.folder))}"
        if outcome.code != _DONE:
            assert after == before, "something was written"
        return outcome

    def disturbed(self) -> Mapping[str, bytes | None]:
        """What stands where Periplus wrote something else; line ends that a checkout converted aside."""
        found = {path: _content(self.folder / path) for path in self.left if (self.folder / path).exists()}
        return {path: content for path, content in found.items() if not _same(content, self.left[path])}

    def _is_settled(self, disturbed: Mapping[str, bytes | None]) -> None:
        stand = set(contents(self.folder / OUTPUT).values())
        assert all(content is None or content in stand for content in disturbed.values()), "an edit is lost"
        assert all((self.folder / path).exists() for path in disturbed if disturbed[path] is None)
        self.good = self._manifest()
        before = everything(self.folder)
        assert self.run("compile").code == _DONE
        assert everything(self.folder) == before, "a second compile is no no-op"
        assert self.run("compile", "--check").code == _DONE
        self.left = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in generated(self.folder)}

    def _overwriting(self, disturbed: Mapping[str, bytes | None]) -> list[str]:
        return overwriting([path for path in disturbed if self.random.random() < 0.8])

    def _missing(self) -> bool:
        return any(not (self.folder / path).exists() for path in (*self.left, LOCK))

    def _manifest(self) -> str:
        return (self.folder / "integration.yaml").read_text()


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file, None for anything else."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _same(content: bytes | None, written: bytes) -> bool:
    return content in {written, written.replace(b"\n", b"\r\n")}
