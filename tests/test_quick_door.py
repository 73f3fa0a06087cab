"""The door answers a compile of what has not changed as the whole program would, and nothing else."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.hands import installation
from compiler.text.twin import twin
from tests.commands.project import Outcome, periplus, surroundings, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

door = twin("compiler.quick_door")
pytestmark = pytest.mark.skipif(door is None, reason="the door is left out")

MANIFEST = """\
version: 1
name: shop
include:
  - parts/*.yaml
ports:
  registry: PORT_REGISTRY.json
infrastructure:
  cache:
    type: redis
  db:
    type: postgres
    databases:
      orders:
        schema: db/orders.sql
services:
  api:
    build: api
    port: 8000
    healthcheck:
      liveness: /health
      probe: curl
    environment:
      CACHE_URL: ${cache.url}
      DATABASE_URL: ${db.orders.url}
"""
PART = """\
version: 1
services:
  web:
    image: example/web:1
    port: 8080
    healthcheck:
      liveness: /health
      probe: curl
    environment:
      API_URL: ${api.url}
"""
FILES = {
    "integration.yaml": MANIFEST,
    "parts/web.yaml": PART,
    "api/Dockerfile": "FROM python:3.12\nRUN apt-get install -y curl\nEXPOSE 8000\n",
    "db/orders.sql": "create table orders (id int);\n",
    "PORT_REGISTRY.json": '{"allocations": {"9000": "elsewhere"}}\n',
    "integration/data/notes.txt": "a person's\n",
    "integration/.env": "SECRET=1\n",
}
INPUTS = (*FILES, "integration.lock.json")
CHECK = ("compile", "--check")
RECORD = "integration/.periplus/unchanged"


def repository(folder: Path) -> Path:
    """A compiled project of everything that a compile reads, two folders below the top of its repository."""
    (folder / ".git").mkdir(parents=True)
    project = folder / "below" / "shop"
    write(project, FILES)
    assert periplus(project, "compile").code == 0
    assert (project / RECORD).is_file()
    return project


def answered(project: Path, *words: str) -> Outcome | None:
    """What the door says of itself; None where it leaves the answer to the whole program."""
    assert door is not None
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = door.answer(["-C", str(project), *words])
    said = Outcome(code, out.getvalue(), err.getvalue())
    assert code is not None or (said.out, said.err) == ("", "")
    return None if code is None else said


def in_full(project: Path, *words: str) -> Outcome:
    """What the whole program says where there is no record."""
    (project / RECORD).unlink(missing_ok=True)
    return periplus(project, *words)


def standing(project: Path) -> dict[str, tuple[bytes, int]]:
    """Every file but the record, with its mode."""
    files = (path for path in sorted(project.rglob("*")) if path.is_file() and path != project / RECORD)
    return {str(path.relative_to(project)): (path.read_bytes(), path.stat().st_mode) for path in files}


@pytest.fixture(autouse=True)
def _edited_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout may be edited, or built, while its tests run."""
    monkeypatch.setattr(installation, "_BEGAN_NS", time.time_ns() + 3600 * 10**9)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path / "repository")


@pytest.mark.parametrize("words", [("compile",), CHECK, ("compile", "-q"), ("--quiet", *CHECK)], ids=" ".join)
def test_what_has_not_changed_is_answered_as_the_whole_program_would(shop: Path, words: tuple[str, ...]) -> None:
    before = standing(shop)
    said = answered(shop, *words)
    assert said is not None
    assert said == in_full(shop, *words)
    assert standing(shop) == before


@pytest.mark.parametrize("words", [(), ("lint",), ("compile", "--all"), ("compile", "--", "x"), ("compile", "-C")])
def test_only_the_plainest_words_are_answered(shop: Path, words: tuple[str, ...]) -> None:
    assert answered(shop, *words) is None


def test_from_elsewhere_the_next_compile_from_there_is_remembered(shop: Path) -> None:
    top = shop.parent.parent
    manifest = "below/shop/integration.yaml"
    assert answered(top, *CHECK, manifest) is None
    assert periplus(top, "compile", manifest).out == (answered(top, *CHECK, manifest) or Outcome(1, "", "")).out
    assert answered(shop, *CHECK) is None


def test_a_way_through_a_folder_that_is_not_there_is_left_to_the_whole_program(shop: Path) -> None:
    words = (*CHECK, "none/../integration.yaml")
    assert answered(shop, *words) is None
    assert periplus(shop, *words).code == 2
    assert answered(shop, *CHECK, "api/../integration.yaml") is not None


def test_a_manifest_above_is_found(shop: Path) -> None:
    assert periplus(shop / "api", "compile").code == 0
    assert answered(shop / "api", *CHECK) == in_full(shop / "api", *CHECK)


def test_several_manifests_are_answered_when_none_has_changed(shop: Path) -> None:
    other = MANIFEST.replace("name: shop", "name: other\noutput: elsewhere  # not the usual one")
    write(shop, {"other.integration.yaml": other})
    names = ("integration.yaml", "other.integration.yaml")
    assert answered(shop, *CHECK, *names) is None
    assert periplus(shop, "compile", *names).code == 0
    said = answered(shop, *CHECK, *names)
    assert said is not None
    assert said == periplus(shop, *CHECK, *names)
    (shop / "elsewhere" / "README.md").unlink()
    assert answered(shop, *CHECK, *names) is None


def test_warnings_are_said_again_as_long_as_they_look_the_same(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, {"integration.yaml": MANIFEST.replace("  db:", "  idle:\n    type: redis\n  db:")})
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    periplus(shop, "compile")
    said = periplus(shop, "compile")
    assert "warning" in said.err
    assert answered(shop, "compile") == said
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert answered(shop, "compile") is None
    assert "\x1b" in periplus(shop, "compile").err
    assert answered(shop, "compile") == periplus(shop, "compile")


def every_file(project: Path) -> Iterator[str]:
    return (path for path in standing(project) if path != "integration/.env")


def test_a_byte_that_flips_in_any_file_is_seen_whatever_its_time(shop: Path) -> None:
    chosen = random.Random(0)
    for path in every_file(shop):
        with flipped(shop / path, chosen):
            assert answered(shop, *CHECK) is None, path
            assert answered(shop, "compile") is None, path
    assert answered(shop, *CHECK)


@contextlib.contextmanager
def flipped(file: Path, chosen: random.Random) -> Iterator[None]:
    """The file with a byte of it changed, its time as before."""
    before, times = file.read_bytes(), file.stat()
    at = chosen.randrange(len(before))
    file.write_bytes(before[:at] + bytes([before[at] ^ 1 << chosen.randrange(8)]) + before[at + 1 :])
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    yield
    file.write_bytes(before)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _swap(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("moved")


SEEN: dict[str, Callable[[Path], object]] = {
    "a fragment that the pattern finds": lambda shop: write(shop, {"parts/new.yaml": PART.replace("web", "new")}),
    "a kind of the project": lambda shop: write(shop, {"kinds/redis/kind.yaml": "title: x\n"}),
    "another kind of the project": lambda shop: write(shop, {"kinds/mine/kind.yaml": "title: x\n"}),
    "the registry goes": lambda shop: (shop / "PORT_REGISTRY.json").unlink(),
    "the lock goes": lambda shop: (shop / "integration.lock.json").unlink(),
    "the lock becomes a link": lambda shop: _swap(shop / "integration.lock.json"),
    "a Dockerfile goes": lambda shop: (shop / "api" / "Dockerfile").unlink(),
    "a schema becomes a folder": lambda shop: _become_folder(shop / "db" / "orders.sql"),
    "an output goes": lambda shop: (shop / "integration/docker-compose.yml").unlink(),
    "an output becomes a link": lambda shop: _swap(shop / "integration/docker-compose.yml"),
    "a folder of the output becomes a link": lambda shop: _swap(shop / "integration/scripts"),
    "the output becomes a link": lambda shop: _swap(shop / "integration"),
    "a script loses its bit": lambda shop: (shop / "integration/scripts/start.sh").chmod(0o644),
    "a page gets the bit": lambda shop: (shop / "integration/README.md").chmod(0o755),
    "a file that nobody asked for": lambda shop: write(shop, {"integration/scripts/more.sh": "true\n"}),
    "a pipe in the output": lambda shop: os.mkfifo(shop / "integration" / "pipe"),
    "a temporary file of a killed run": lambda shop: write(shop, {"integration/.periplus-x.1.tmp": ""}),
    "one beside the lock": lambda shop: write(shop, {".periplus-integration.lock.json.1.tmp": ""}),
    "one beside the record": lambda shop: write(shop, {"integration/.periplus/.periplus-unchanged.1.tmp": ""}),
    "a base of a kept file": lambda shop: write(shop, {"integration/.periplus/base/README.md": "x\n"}),
    "a merge that git waits for": lambda shop: write(shop.parent.parent, {".git/MERGE_HEAD": "0\n"}),
    "a repository nearer by": lambda shop: (shop / ".git").mkdir(),
    "the repository goes": lambda shop: (shop.parent.parent / ".git").rmdir(),
    "a fragment becomes a link that leads out": lambda shop: _lead_out(shop / "parts" / "web.yaml"),
}


def _become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _lead_out(file: Path) -> None:
    outside = file.parents[4] / "outside.yaml"
    file.rename(outside)
    file.symlink_to(outside)


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_it_is_seen(shop: Path, change: Callable[[Path], object]) -> None:
    assert answered(shop, *CHECK)
    change(shop)
    assert answered(shop, *CHECK) is None
    assert answered(shop, "compile") is None


UNSEEN: dict[str, Callable[[Path], object]] = {
    "a time": lambda shop: os.utime(shop / "integration.yaml", (1, 1)),
    "a secret of the person": lambda shop: write(shop, {"integration/.env": "SECRET=2\n"}),
    "a saved copy": lambda shop: write(shop, {"integration/README.md.edited-1": "mine\n"}),
    "an empty folder": lambda shop: (shop / "integration" / "empty").mkdir(),
    "a link that nobody asked for": lambda shop: (shop / "integration" / "link").symlink_to("README.md"),
    "a file beside the manifest": lambda shop: write(shop, {"notes.txt": "mine\n"}),
    "a fragment that becomes a link in the repository": lambda shop: _swap(shop / "parts" / "web.yaml"),
    "a mode of an input": lambda shop: (shop / "integration.yaml").chmod(0o755),
    "a rebase long done": lambda shop: write(shop.parent.parent, {".git/REBASE_HEAD": "0\n"}),
    "modules that are never looked at": lambda shop: write(shop, {"integration/node_modules/x.js": "x\n"}),
}


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("words", [CHECK, ("compile",)], ids=" ".join)
def test_it_makes_no_difference(shop: Path, change: Callable[[Path], object], words: tuple[str, ...]) -> None:
    change(shop)
    said = answered(shop, *words)
    assert said is not None
    assert said == in_full(shop, *words)


def _edited(shop: Path, chosen: random.Random) -> str:
    """The name of an edit that was made: any of the above, or of any file there is."""
    files = sorted(standing(shop))
    path = chosen.choice(files)
    edits: dict[str, Callable[[], object]] = {
        "flip": lambda: flipped(shop / path, chosen).__enter__() if (shop / path).stat().st_size else None,
        "remove": (shop / path).unlink,
        "mode": lambda: (shop / path).chmod(chosen.choice([0o600, 0o644, 0o755, 0o700])),
        "append": lambda: (shop / path).write_bytes((shop / path).read_bytes() + b"\n"),
        "copy": lambda: shutil.copy(shop / path, shop / chosen.choice(files)),
        "add": lambda: write(shop, {f"{path}{chosen.choice(['.edited-1', '.yaml', '~', '.tmp'])}": "x\n"}),
        "link": lambda: _swap(shop / path),
        "line ends": lambda: (shop / path).write_bytes((shop / path).read_bytes().replace(b"\n", b"\r\n")),
        **{name: partial(change, shop) for name, change in (SEEN | UNSEEN).items()},
    }
    name = chosen.choice([*list(edits)[:8] * 3, *edits])
    with contextlib.suppress(OSError, shutil.SameFileError):
        edits[name]()
    return f"{name}: {path}"


def agrees(folder: Path, seed: int) -> bool:
    """Whether the door answered after some random edits; where it did, the whole program says and leaves the same."""
    chosen = random.Random(seed)
    shop = repository(folder)
    edits = [_edited(shop, chosen) for _ in range(chosen.randint(1, 2))]
    words = chosen.choice([CHECK, ("compile",)])
    said = answered(shop, *words)
    if said is not None:
        before = standing(shop)
        assert said == in_full(shop, *words), edits
        assert standing(shop) == before, edits
    return said is not None


def test_after_random_edits_it_answers_only_as_the_whole_program_would(tmp_path: Path) -> None:
    answers = [agrees(tmp_path / str(seed), seed) for seed in range(40)]
    assert any(answers)
    assert not all(answers)


@pytest.mark.slow
def test_after_many_random_edits_as_well(tmp_path: Path) -> None:
    for seed in range(1000, 2000):
        agrees(tmp_path / str(seed), seed)
        shutil.rmtree(tmp_path / str(seed))


def test_a_record_of_another_folder_is_none_here(shop: Path) -> None:
    copy = shop.with_name("copy")
    shutil.copytree(shop, copy, symlinks=True)
    assert answered(copy, *CHECK) is None
    assert answered(shop, *CHECK)


def test_without_a_record_the_whole_program_answers(shop: Path) -> None:
    shutil.rmtree(shop / "integration" / ".periplus")
    assert answered(shop, *CHECK) is None
    assert periplus(shop, *CHECK).code == 0
    assert not (shop / RECORD).exists()


def _with_report(record: bytes, line: str) -> bytes:
    from compiler.text.digest import digest_of  # noqa: PLC0415

    body = record.partition(b"\n")[2] + f"report {line}\n".encode()
    return f"periplus unchanged 1 {digest_of([body])}\n".encode() + body


@pytest.mark.parametrize("size", [0, 1, 40, 200, 700, -1])
def test_a_record_that_is_cut_off_is_none(shop: Path, size: int) -> None:
    record = (shop / RECORD).read_bytes()
    (shop / RECORD).write_bytes(record[:size])
    assert answered(shop, *CHECK) is None


@pytest.mark.parametrize("content", [b"\0" * 99, b"\xff\xfe", b"\n" * 99, b"periplus unchanged 1 \n", b"x" * 9_000_000])
def test_a_record_that_is_none_is_none(shop: Path, content: bytes) -> None:
    (shop / RECORD).write_bytes(content)
    assert answered(shop, *CHECK) is None


def test_a_forged_record_never_commands_a_terminal(shop: Path) -> None:
    record = (shop / RECORD).read_bytes()
    (shop / RECORD).write_bytes(_with_report(record, "\x1b[2J"))
    assert answered(shop, *CHECK) is None
    (shop / RECORD).write_bytes(_with_report(record, "plain"))
    assert answered(shop, *CHECK)


@pytest.mark.parametrize("path", ["../../../secret", "/etc/passwd", "../../../../../../../../etc/passwd"])
def test_a_forged_record_reads_nothing_that_a_compile_would_not(
    shop: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compiler.text.digest import digest_of  # noqa: PLC0415

    write(shop.parents[2], {"secret": "x\n"})
    body = (shop / RECORD).read_bytes().partition(b"\n")[2].replace(b"read - ", f"read - {path}\nread - ".encode(), 1)
    (shop / RECORD).write_bytes(f"periplus unchanged 1 {digest_of([body])}\n".encode() + body)
    opened: list[str] = []
    plain = os.open

    def noting(name: str, flags: int) -> int:
        opened.append(name)
        return plain(name, flags)

    monkeypatch.setattr(os, "open", noting)
    answered(shop, *CHECK)
    assert opened
    assert all(name.startswith(str(shop.parent.parent)) for name in opened)


@pytest.mark.parametrize("name", [RECORD, "integration/.periplus"])
def test_a_record_behind_a_link_is_none(shop: Path, name: str) -> None:
    _swap(shop / name)
    assert answered(shop, *CHECK) is None
    write(shop, {"api/Dockerfile": "FROM python:3.13\n"})
    periplus(shop, "compile")
    assert not (shop / RECORD).resolve().read_bytes().count(b"3.13")


def test_the_door_imports_almost_nothing(shop: Path) -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        f"sys.argv = ['periplus', '-C', {str(shop)!r}, 'compile', '--check']\n"
        "from compiler.__main__ import main\n"
        "try: main()\n"
        "finally: sys.stderr.write(' '.join(set(sys.modules) - before))"
    )
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd="/", env=surroundings(), capture_output=True, text=True, check=True)
    assert done.stdout.endswith("unchanged\n")
    ours = {name for name in done.stderr.split() if name.partition(".")[0] == "compiler"}
    others = set(done.stderr.split()) - ours
    assert len(ours) <= 16
    assert others <= {"_blake2", "errno", "gc", "time"}


def test_a_stream_that_takes_nothing_fails_as_in_the_whole_program(shop: Path) -> None:
    words = [sys.executable, "-m", "compiler", "-C", str(shop), "compile"]
    ends = []
    for _ in range(2):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                words, cwd="/", env=surroundings(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        ends.append((done.returncode, done.stderr))
        (shop / RECORD).unlink(missing_ok=True)
    assert ends[0] == ends[1]
    assert ends[0][0] == 4


def test_git_never_sees_the_record(shop: Path) -> None:
    top = shop.parent.parent
    (top / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    subprocess.run(["git", "add", "."], cwd=top, check=True)
    periplus(shop, "compile")
    assert (shop / RECORD).is_file()
    listed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"], cwd=top, capture_output=True, text=True, check=True
    )
    assert ".periplus" not in listed.stdout
