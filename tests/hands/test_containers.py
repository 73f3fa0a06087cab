from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.hands import containers
from compiler.hands.containers import published
from compiler.model.host import Listener

if TYPE_CHECKING:
    from pathlib import Path


def docker(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name that answers as told."""
    (folder / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_what_containers_publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "web\\tshop\\t0.0.0.0:8000->80/tcp, :::8000->80/tcp, [::1]:8001->81/tcp, 127.0.0.1:8002-8003->82-83/tcp, "
    docker(tmp_path, f"printf '{told}8004/tcp, 0.0.0.0:8005->5/udp\\nbare\\t\\t\\nodd\\n'", monkeypatch)
    assert published(range(8000, 8009)) == (
        Listener(8000, "0.0.0.0", container="web", project="shop"),
        Listener(8000, "::", container="web", project="shop"),
        Listener(8001, "::1", container="web", project="shop"),
        Listener(8002, "127.0.0.1", container="web", project="shop"),
        Listener(8003, "127.0.0.1", container="web", project="shop"),
    )
    assert [one.port for one in published({8003, 8004})] == [8003]


@pytest.mark.parametrize("script", ["exit 1", "printf 'web\\tshop\\t0.0.0.0:8000->80/tcp'; exit 1", "exec sleep 60"])
def test_docker_that_does_not_answer(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_PATIENCE_S", 0.3)
    docker(tmp_path, script, monkeypatch)
    assert published({8000}) == ()


def test_no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert published({8000}) == ()
    assert published(()) == ()
