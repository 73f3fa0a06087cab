"""What people do to a project between two compilations; whatever they write carries a mark of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.commands.project import LOCK, OUTPUT, contents
from tests.update.systems import change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from tests.update.systems import System

    Step = tuple[str, System]

ONCE = "docker-compose.local.yml"
BASES = ".periplus/base"
_OFTEN = 0.5
OPENING = b"<<<<<<< yours"
_MARKERS = (b"<" * 7, b"=" * 7, b">" * 7)
_MARK = re.compile(rb"mine-\d+-\d+")


class Person(NamedTuple):
    """Somebody at work in a project's folder; `seed` and `counter` make every written mark unique."""

    folder: Path
    random: Random
    seed: int
    counter: list[int]

    def act(self, system: System) -> Step:
        """One step: what was done, and the system after it."""
        step = self.random.choice(_STEPS)
        if step is _change_manifest:
            done, system = change(system, self.random)
            (self.folder / "integration.yaml").write_text(system.text())
            return f"manifest: {done}", system
        return step(self), system

    def mark(self) -> str:
        """A text nobody else writes."""
        self.counter.append(1)
        return f"mine-{self.seed}-{len(self.counter)}"

    def pick(self) -> Path | None:
        """One of the files that Periplus wrote."""
        paths = generated(self.folder)
        return self.random.choice(paths) if paths else None

    def pick_kept(self) -> Path | None:
        """One of the kept files, if there is any."""
        found = [self.folder / OUTPUT / path for path in bases(self.folder)]
        paths = [path for path in found if path.is_file() and not path.is_symlink()]
        return self.random.choice(paths) if paths else self.pick()


def generated(folder: Path) -> list[Path]:
    """The files that Periplus wrote, edited or not."""
    found = (path for path in sorted((folder / OUTPUT).rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in found if not is_the_persons(path.relative_to(folder / OUTPUT))]


def is_the_persons(path: Path) -> bool:
    """Whether a path of the output belongs to a person from the beginning."""
    named_so = path.name.startswith((ONCE, "notes", ".env.mine")) or path.name == ".env" or ".edited-" in path.name
    return named_so or path.parts[0] == ".periplus"


def bases(folder: Path) -> list[str]:
    """The paths, relative to the output, of files that have a base to be merged with."""
    root = folder / OUTPUT / BASES
    return [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]


def conflicts(folder: Path) -> list[Path]:
    """The files in which the marks of a merge stand."""
    return [path for path in generated(folder) if OPENING in path.read_bytes()]


def resolve(folder: Path) -> None:
    """Take both sides of every conflict."""
    for path in conflicts(folder):
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if line[:7] not in _MARKERS))


def marks(folder: Path) -> frozenset[bytes]:
    """Everything people wrote that stands somewhere below the folder."""
    return marks_of(contents(folder).values())


def marks_of(texts: Iterable[bytes | str]) -> frozenset[bytes]:
    """Everything people wrote in some texts."""
    return frozenset(mark for text in texts if isinstance(text, bytes) for mark in _MARK.findall(text))


def _change_manifest(person: Person) -> str:
    del person
    return ""


def _edit(person: Person) -> str:
    path = person.pick_kept() if person.random.random() < _OFTEN else person.pick()
    if path is None:
        return "nothing to edit"
    edit = person.random.choice(_EDITS)
    lines = path.read_bytes().splitlines(keepends=True) or [b"\n"]
    path.write_bytes(b"".join(edit(lines, person)))
    return f"{edit.__name__.strip('_')} in {path.relative_to(person.folder)}"


def _edit_several(person: Person) -> str:
    return "; ".join(_edit(person) for _ in range(person.random.randint(2, 4)))


def _insert(lines: list[bytes], person: Person) -> list[bytes]:
    place = person.random.randint(0, len(lines))
    return [*lines[:place], f"# {person.mark()}\n".encode(), *lines[place:]]


def _replace(lines: list[bytes], person: Person) -> list[bytes]:
    place = person.random.randrange(len(lines))
    return [*lines[:place], f"{person.mark()}\n".encode(), *lines[place + 1 :]]


def _lengthen(lines: list[bytes], person: Person) -> list[bytes]:
    place = person.random.randrange(len(lines))
    return [*lines[:place], lines[place].rstrip(b"\n") + f" {person.mark()}\n".encode(), *lines[place + 1 :]]


def _delete_lines(lines: list[bytes], person: Person) -> list[bytes]:
    place = person.random.randrange(len(lines))
    return [*lines[:place], *lines[place + person.random.randint(1, 5) :]]


def _append(lines: list[bytes], person: Person) -> list[bytes]:
    return [*lines, f"# {person.mark()}".encode(), person.random.choice((b"", b"\n", b"\r\n"))]


def _behead(lines: list[bytes], person: Person) -> list[bytes]:
    return [f"# {person.mark()}\n".encode(), *lines[person.random.randint(1, 4) :]]


def _tamper(lines: list[bytes], person: Person) -> list[bytes]:
    digit = str(person.random.randint(0, 9)).encode()
    return [re.sub(rb"(periplus-signature\W+)[0-9a-f]", rb"\g<1>" + digit, line) for line in lines]


def _foreign_bytes(lines: list[bytes], person: Person) -> list[bytes]:
    return [*lines, f"# {person.mark()} ".encode(), b"\xff\xfe\n"]


def _some_carriage_returns(lines: list[bytes], person: Person) -> list[bytes]:
    return [line.replace(b"\n", b"\r\n") if person.random.random() < 0.3 else line for line in lines]


def _empty(lines: list[bytes], person: Person) -> list[bytes]:
    del lines, person
    return []


_EDITS = (
    _insert,
    _insert,
    _replace,
    _replace,
    _lengthen,
    _delete_lines,
    _append,
    _behead,
    _tamper,
    _foreign_bytes,
    _some_carriage_returns,
    _empty,
)


def _convert(person: Person) -> str:
    paths = generated(person.folder)
    chosen = paths if person.random.random() < 0.3 else person.random.sample(paths, min(2, len(paths)))
    for path in chosen:
        content = path.read_bytes()
        path.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return f"check out {len(chosen)} files with other line ends"


def _delete(person: Person) -> str:
    path = person.pick()
    if path is not None:
        path.unlink()
    return f"delete {path and path.relative_to(person.folder)}"


def _delete_all(person: Person) -> str:
    for path in generated(person.folder):
        path.unlink()
    return "delete all that was generated"


def _in_the_way(person: Person) -> str:
    path = person.pick()
    if path is None:
        return "nothing to stand in the way of"
    path.unlink()
    if person.random.random() < 0.5:
        path.symlink_to(person.folder / "integration.yaml")
    else:
        path.mkdir()
    return f"put something else at {path.relative_to(person.folder)}"


def _edit_once(person: Person) -> str:
    path = person.folder / OUTPUT / ONCE
    path.write_text(f"services: {{}}\n# {person.mark()}\n")
    return "edit the file that is the person's"


def _write_environment(person: Person) -> str:
    example = person.folder / OUTPUT / ".env.example"
    text = example.read_bytes() if example.is_file() and not example.is_symlink() else b""
    for name in (".env", ".env.mine"):
        (person.folder / OUTPUT / name).write_bytes(text + f"# {person.mark()}\n".encode())
    return "copy .env.example to .env and .env.mine"


def _copy_environment(person: Person) -> str:
    example = person.folder / OUTPUT / ".env.example"
    if example.is_file() and not example.is_symlink():
        shutil.copy(example, example.with_name(".env"))
    return "copy .env.example to .env as it is"


def _note(person: Person) -> str:
    folder = person.random.choice(["", "scripts/", "init-scripts/db/", "tests/"])
    path = person.folder / OUTPUT / f"{folder}notes-{person.random.randint(1, 3)}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{person.mark()}\n")
    return f"write {path.relative_to(person.folder)}"


def _resolve(person: Person) -> str:
    resolve(person.folder)
    return "resolve what is in conflict"


def _lose_base(person: Person) -> str:
    found = bases(person.folder)
    if not found:
        return "no base to lose"
    path = person.random.choice(found)
    (person.folder / OUTPUT / BASES / path).unlink()
    return f"delete the base of {path}"


def _lose_lock(person: Person) -> str:
    (person.folder / LOCK).unlink(missing_ok=True)
    return "delete the lock"


def _lose_modes(person: Person) -> str:
    path = person.pick()
    if path is not None:
        path.chmod(person.random.choice((0o600, 0o644, 0o755, 0o777)))
    return f"change the mode of {path and path.relative_to(person.folder)}"


_STEPS = (
    *[_change_manifest] * 8,
    *[_edit] * 6,
    _edit_several,
    _convert,
    _delete,
    _delete,
    _delete_all,
    _in_the_way,
    _edit_once,
    _write_environment,
    _copy_environment,
    _note,
    _lose_lock,
    _lose_modes,
    _lose_base,
    _resolve,
    _resolve,
)
