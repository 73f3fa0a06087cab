"""A compile notes what it reads, and leaves a record without a risk for anything else."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from compiler.hands.recorder import Recorder, put_record
from tests.support import MappingFiles

if TYPE_CHECKING:
    from pathlib import Path

RECORD = ".periplus/unchanged"


def test_every_answer_is_noted_absences_too() -> None:
    files = Recorder(MappingFiles({"a.yaml": b"a\n"}))
    assert (files.read("a.yaml"), files.read("b.yaml"), files.glob("*.yaml")) == (b"a\n", None, ("a.yaml",))
    assert files.reads == {"a.yaml": b"a\n", "b.yaml": None}
    assert files.globs == {"*.yaml": ("a.yaml",)}
    assert not files.is_torn


def test_two_answers_to_one_question_are_noticed() -> None:
    texts = {"a.yaml": b"a\n"}
    files = Recorder(MappingFiles(texts))
    files.read("b.yaml")
    texts["b.yaml"] = b"b\n"
    files.read("b.yaml")
    assert files.is_torn


def test_a_record_is_put_whole_and_not_again(tmp_path: Path) -> None:
    put_record(str(tmp_path), b"one\n")
    first = (tmp_path / RECORD).stat()
    assert stat.S_IMODE(first.st_mode) == 0o644
    put_record(str(tmp_path), b"one\n")
    assert (tmp_path / RECORD).stat().st_ino == first.st_ino
    put_record(str(tmp_path), b"two\n")
    assert (tmp_path / RECORD).read_bytes() == b"two\n"
    assert [path.name for path in (tmp_path / ".periplus").iterdir()] == ["unchanged"]


@pytest.mark.parametrize("name", [".periplus", RECORD, ""])
def test_no_link_is_followed(tmp_path: Path, name: str) -> None:
    output, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if name == RECORD:
        (elsewhere / "file").write_bytes(b"mine\n")
        (output / ".periplus").mkdir(parents=True)
        (output / name).symlink_to(elsewhere / "file")
    else:
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).symlink_to(elsewhere)
    put_record(str(output), b"ours\n")
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} in ({}, {"file": b"mine\n"})


def test_where_it_cannot_be_put_it_is_left_out(tmp_path: Path) -> None:
    put_record(str(tmp_path / "none"), b"ours\n")
    (tmp_path / ".periplus").write_text("mine\n")
    put_record(str(tmp_path), b"ours\n")
    assert [path.name for path in tmp_path.iterdir()] == [".periplus"]
    (tmp_path / ".periplus").unlink()
    (tmp_path / RECORD).mkdir(parents=True)
    put_record(str(tmp_path), b"ours\n")
    assert [path.name for path in (tmp_path / ".periplus").iterdir()] == ["unchanged"]
