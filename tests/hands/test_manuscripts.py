from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from compiler.hands.manuscripts import Manuscript, replaced
from compiler.hands.refused import RefusedError

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path) -> tuple[Path, Path]:
    (folder / "parts").mkdir()
    main, part = folder / "integration.yaml", folder / "parts" / "web.yaml"
    main.write_bytes(b"one")
    part.write_bytes(b"two")
    part.chmod(0o640)
    return main, part


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_all_texts_are_replaced_with_their_modes(tmp_path: Path) -> None:
    main, part = written(tmp_path)
    with replaced([Manuscript(main, b"one", b"1"), Manuscript(part, b"two", b"2")]):
        assert main.read_bytes() == b"1"
    assert (main.read_bytes(), part.read_bytes()) == (b"1", b"2")
    assert stat.S_IMODE(part.stat().st_mode) == 0o640
    assert names(tmp_path) == ["integration.yaml", "parts", "web.yaml"]


def test_where_what_follows_fails_the_old_texts_come_back(tmp_path: Path) -> None:
    main, part = written(tmp_path)
    before = [path.stat().st_mode for path in (main, part)]
    with pytest.raises(KeyboardInterrupt), replaced([Manuscript(main, b"one", b"1"), Manuscript(part, b"two", b"2")]):
        raise KeyboardInterrupt
    assert (main.read_bytes(), part.read_bytes()) == (b"one", b"two")
    assert [path.stat().st_mode for path in (main, part)] == before
    assert names(tmp_path) == ["integration.yaml", "parts", "web.yaml"]


def test_a_text_that_changed_meanwhile_is_left_alone_and_so_are_the_others(tmp_path: Path) -> None:
    main, part = written(tmp_path)
    part.write_bytes(b"theirs")
    with (
        pytest.raises(RefusedError, match="changed meanwhile"),
        replaced([Manuscript(main, b"one", b"1"), Manuscript(part, b"two", b"2")]),
    ):
        pass
    assert (main.read_bytes(), part.read_bytes()) == (b"one", b"theirs")
    assert names(tmp_path) == ["integration.yaml", "parts", "web.yaml"]


def test_what_a_killed_run_left_is_in_nobodys_way(tmp_path: Path) -> None:
    main, _ = written(tmp_path)
    (tmp_path / ".periplus-integration.yaml.7.tmp").write_text("half")
    with replaced([Manuscript(main, b"one", b"1")]):
        pass
    assert names(tmp_path) == ["integration.yaml", "parts", "web.yaml"]
