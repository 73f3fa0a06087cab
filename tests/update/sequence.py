"""One sequence: a project lives through random work and compilations, and what must always hold is asserted."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from tests.commands.project import COMPOSE, LOCK, OUTPUT, contents, everything, periplus
from tests.update.person import Person, bases, conflicts, generated, marks_of, resolve
from tests.update.systems import System, first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.commands.project import Outcome

_REFUSED = re.compile(r"^error\[OWN00\d\]: `([^`]+)`", re.MULTILINE)
_KEEPING, _RELEASING, _OVERWRITING = 0.2, 0.3, 0.25
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


def is_conflict(outcome: Outcome) -> bool:
    """Whether everything was written, a merge with marks among it."""
    return outcome.code == _REFUSES and "nothing was written" not in outcome.err


class _Life:
    def __init__(self, folder: Path, seed: int, counts: Counter[str]) -> None:
        self.folder = folder
        self.counts = counts
        self.random = Random(seed)
        self.person = Person(folder, self.random, seed, [])
        self.story: list[str] = []
        self.system = System({}, {})
        self.good = ""
        self.left: dict[str, bytes] = {}
        self.kept: set[str] = set()

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
        if self.random.random() < _KEEPING:
            self.keep()
        if self._manifest() == self.good and (self.disturbed() or self._missing()):
            assert self.run("compile", "--check").code in {_FOUND, _REFUSES}, "an edit is invisible to --check"

    def keep(self) -> None:
        """Keep a file, or let one go."""
        kept = bases(self.folder)
        is_release = bool(kept) and self.random.random() < _RELEASING
        paths = [f"{OUTPUT}/{path}" for path in kept] if is_release else [COMPOSE, self.random.choice(list(self.left))]
        chosen = self.random.choice(paths)
        words = ("keep", *(("--release",) if is_release else ()), chosen)
        before = self._standing()
        outcome = self.run(*words)
        self.counts[f"{'release' if is_release else 'keep'} {outcome.code}"] += 1
        if outcome.code == _DONE or is_conflict(outcome):
            self.kept.add(chosen.removeprefix(f"{OUTPUT}/"))
        now = self._standing()
        self.left = {path: text for path, text in self.left.items() if path in now or path not in before}
        self.left.update((path, text) for path, text in now.items() if text != before.get(path))

    def compile(self) -> Outcome:
        disturbed = self.disturbed()
        may_refuse = disturbed or conflicts(self.folder) or self._lost_bases()
        words = self._overwriting(disturbed) if self.random.random() < _OVERWRITING else []
        outcome = self.run("compile", *words)
        self.counts["conflict" if is_conflict(outcome) else ("done", "", "wrong", "refused")[outcome.code]] += 1
        if is_conflict(outcome):
            assert conflicts(self.folder), "no conflict, and yet it refused"
            self._remember()
        elif outcome.code == _REFUSES:
            assert may_refuse, "refused though nobody edited anything"
        elif outcome.code == _DONE:
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
        outcome = self._insisting()
        if conflicts(self.folder):
            resolve(self.folder)
            outcome = self._insisting()
        for path in bases(self.folder):
            assert self.run("keep", "--release", f"{OUTPUT}/{path}").code in {_DONE, _WRONG}
            outcome = self._insisting()
        assert outcome.code == _DONE
        self._is_settled({})
        fresh = self.folder.with_name(f"{self.folder.name}-fresh")
        (fresh / ".git").mkdir(parents=True)
        for name in ("integration.yaml", LOCK):
            shutil.copy(self.folder / name, fresh)
        assert periplus(fresh, "compile").code == _DONE
        tree = {path.relative_to(fresh).as_posix(): path.read_bytes() for path in generated(fresh)}
        assert {path: (self.folder / path).read_bytes() for path in tree} == tree, "not what a fresh compile gives"

    def _insisting(self) -> Outcome:
        """Compile, with the word to overwrite what a refusal names."""
        outcome = self.run("compile")
        named = _REFUSED.findall(outcome.err)
        if outcome.code == _REFUSES and "nothing was written" in outcome.err and named:
            resolve(self.folder)
            return self.run("compile", *overwriting(named))
        return outcome

    def run(self, *arguments: str) -> Outcome:
        """Run it, and hold what holds for every run."""
        before = everything(self.folder)
        outcome = periplus(self.folder, *arguments)
        self.counts["runs"] += 1
        self.story.append(f"$ periplus {' '.join(arguments)}: {outcome.code}\n{outcome.err}")
        assert outcome.code in {_DONE, _FOUND, _WRONG, _REFUSES}
        assert "Traceback" not in outcome.err
        after = everything(self.folder)
        assert [path for path in after if ".periplus-" in path] == [], "a temporary is left"
        lost = marks_of(state[0] for state in before.values()) - marks_of(state[0] for state in after.values())
        assert not lost, f"lost: {sorted(lost)}"
        may_write = outcome.code == _DONE or is_conflict(outcome)
        assert after == before or (may_write and "--check" not in arguments), "something was written"
        return outcome

    def disturbed(self) -> Mapping[str, bytes | None]:
        """What stands where Periplus wrote something else: converted line ends aside, and any text in a kept file."""
        kept = {f"{OUTPUT}/{path}" for path in (*bases(self.folder), *self._listed())}
        found = {path: _content(self.folder / path) for path in self.left if (self.folder / path).exists()}
        fine = {path for path, content in found.items() if _same(content, self.left[path])}
        fine.update(path for path, content in found.items() if path in kept and _is_text(content))
        return {path: content for path, content in found.items() if path not in fine}

    def _is_settled(self, disturbed: Mapping[str, bytes | None]) -> None:
        stand = set(contents(self.folder / OUTPUT).values())
        assert all(content is None or content in stand for content in disturbed.values()), "an edit is lost"
        assert all((self.folder / path).exists() for path in disturbed if disturbed[path] is None)
        self.good = self._manifest()
        before = everything(self.folder)
        assert self.run("compile").code == _DONE
        assert everything(self.folder) == before, "a second compile is no no-op"
        assert self.run("compile", "--check").code == _DONE
        self._remember()

    def _remember(self) -> None:
        self.left = self._standing()

    def _standing(self) -> dict[str, bytes]:
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in generated(self.folder)}

    def _overwriting(self, disturbed: Mapping[str, bytes | None]) -> list[str]:
        return overwriting([path for path in disturbed if self.random.random() < 0.8])

    def _listed(self) -> list[str]:
        """The kept paths that the lock lists."""
        lock = self.folder / LOCK
        kept: list[str] = json.loads(lock.read_text()).get("kept", []) if lock.exists() else []
        return kept

    def _lost_bases(self) -> bool:
        return bool(self.kept.union(self._listed()) - set(bases(self.folder)))

    def _missing(self) -> bool:
        return any(not (self.folder / path).exists() for path in (*self.left, LOCK))

    def _manifest(self) -> str:
        return (self.folder / "integration.yaml").read_text()


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file, None for anything else."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _same(content: bytes | None, written: bytes) -> bool:
    return content in {written, written.replace(b"\n", b"\r\n")}


def _is_text(content: bytes | None) -> bool:
    try:
        return content is not None and bool(content.decode() or True)
    except UnicodeDecodeError:
        return False
