from __future__ import annotations

from typing import TYPE_CHECKING

from tests.commands.project import MANIFEST, everything, periplus, project

if TYPE_CHECKING:
    from pathlib import Path


def test_mermaid_is_the_default(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "graph")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("flowchart LR\n")
    assert 'n_api -->|"Redis"| n_cache\n' in outcome.out
    assert everything(folder) == before


def test_dot_for_graphviz(tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop"), "graph", "--format", "dot")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("digraph ")
    assert '"api" -> "cache"' in outcome.out


def test_an_error_leaves_no_graph(tmp_path: Path) -> None:
    outcome = periplus(project(tmp_path / "shop", integration__yaml=MANIFEST.replace("cache.url", "x.url")), "graph")
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[REF" in outcome.err
