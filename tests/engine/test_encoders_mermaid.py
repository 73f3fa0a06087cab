"""Mermaid itself reads every label back, and draws nothing but its text. It comes from npm: without, this is skipped."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from compiler.spell.markdown import mermaid_label, mermaid_name
from tests.encoders.corpus import TEXTS, random_texts
from tests.encoders.oracles import tool
from tests.encoders.test_round_trip import shown
from tests.engine.tree import ROOT, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.engine

SOURCES = ROOT / "tests/encoders/mermaid"
FOLDER = ROOT / ".bench/mermaid"
"""Git ignores it, and `make clean` removes it."""
A_CHART = 25
"""Nodes in one chart: the layout takes more than twice the time for twice as many."""


@pytest.fixture(scope="module")
def mermaid() -> Path:
    """Where Mermaid is installed, at the version pinned."""
    npm = tool("npm")
    tool("node")
    FOLDER.mkdir(parents=True, exist_ok=True)
    pinned = (SOURCES / "package.json").read_bytes()
    ready = FOLDER / "ready"
    if not ready.is_file() or ready.read_bytes() != pinned:
        shutil.copy(SOURCES / "package.json", FOLDER)
        words = [
            npm,
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--ignore-scripts",
            "--engine-strict",
        ]
        done = run([*words, "--fetch-retries=1", "--fetch-timeout=20000"], FOLDER)
        if done.code:
            pytest.skip(f"npm cannot install Mermaid: {done.text[-300:]}")
        ready.write_bytes(pinned)
    shutil.copy(SOURCES / "labels.mjs", FOLDER)
    return FOLDER


def charts(texts: Sequence[str]) -> list[str]:
    """As the README draws them: every text as the label of a node, and of an arrow to another."""
    parts = [texts[start : start + A_CHART] for start in range(0, len(texts), A_CHART)]
    return ["flowchart LR\n" + "".join(map(_lines, range(len(part)), part)) for part in parts]


def _lines(number: int, text: str) -> str:
    one, other, label = mermaid_name(f"style-{number}"), mermaid_name(f"end {number}"), mermaid_label(text)
    return f"  {one}[{label}]\n  {other}[{mermaid_label('o')}]\n  {one} -->|{label}| {other}\n"


def labels(mermaid: Path, texts: Sequence[str], mode: str) -> list[dict[str, Any]]:
    done = run([tool("node"), "labels.mjs", mode], mermaid, feed=json.dumps(charts(texts)))
    assert done.code == 0, str(done)
    answers: list[dict[str, Any]] = json.loads(done.out)
    return answers


def expected(text: str) -> str:
    """Mermaid spells entities with these letters while it works, so they are written in another way."""
    return shown(text).replace("\ufb02", "fl").replace("\u00b6\u00df", "\u00b6 \u00df")


def test_every_label_is_understood(mermaid: Path) -> None:
    texts = [*TEXTS, *random_texts(10_000, 77)]
    read = labels(mermaid, texts, "read")
    for kind in ("nodes", "edges"):
        found = [text for chart in read for text, _ in chart[kind] if (kind, text) != ("nodes", "o")]
        assert [text.strip() for text in found] == [
            expected(text) for text in texts if kind == "edges" or expected(text) != "o"
        ]


def test_every_label_is_drawn_and_nothing_else(mermaid: Path) -> None:
    texts = [*TEXTS, *random_texts(250, 78)]
    drawn = labels(mermaid, texts, "render")
    nodes = [node for chart in drawn for node in chart["nodes"] if node[0] != "o"]
    assert [text.strip() for text, _ in nodes] == [expected(text) for text in texts if expected(text) != "o"]
    edges = [edge for chart in drawn for edge in chart["edges"]]
    assert [text.strip() for text, _ in edges] == [expected(text) for text in texts]
    assert {element for _, elements in (*nodes, *edges) for element in elements} <= {"p"}
    assert {chart["links"] for chart in drawn} == {0}
