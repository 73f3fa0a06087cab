"""What the engine tests share: trees that are gone afterwards, failures that show the containers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from tests.engine.tree import Ran, Tree, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LIVE: list[Tree] = []


class MakeTree(Protocol):
    """Make a tree of an example's name, or of the files of a small project."""

    def __call__(self, source: str | Mapping[str, str]) -> Tree:
        """The tree, compiled; nothing is started."""


@pytest.fixture(scope="session", autouse=True)
def _engine() -> None:
    """Say at once that there is no engine."""
    done = run(["docker", "version", "--format", "{{.Server.Version}}"], seconds=30)
    assert done.code == 0, f"no Docker engine answers; tests/engine/setup/engine.sh starts one\n{done}"


class Running(NamedTuple):
    """The started example, and what start.sh said before the required key was there."""

    tree: Tree
    refused: Ran
    started: Ran


@pytest.fixture(scope="module")
def make_tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeTree]:
    """Trees for this module; whatever they left on the engine is removed at the module's end."""
    with _trees(tmp_path_factory.mktemp("trees")) as make:
        yield make


@pytest.fixture(scope="session")
def trading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Example 02, started once for all modules that use it, the way a person does it."""
    with _trees(tmp_path_factory.mktemp("trading")) as make:
        tree = make("02-trading")
        refused = tree.script("start")
        with (tree.output / ".env").open("a", encoding="utf-8") as file:
            file.write("MARKET_API_KEY=a-key\n")
        yield Running(tree, refused, tree.start())


@contextlib.contextmanager
def _trees(folder: Path) -> Iterator[MakeTree]:
    """How trees are made; all of them are gone afterwards."""
    made: list[Tree] = []

    def make(source: str | Mapping[str, str]) -> Tree:
        tree = Tree.of_example(source, folder) if isinstance(source, str) else Tree.of_files(source, folder)
        made.append(tree)
        _LIVE.append(tree)
        return tree

    try:
        yield make
    finally:
        for tree in made:
            _LIVE.remove(tree)
            tree.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Show the containers of every live tree where a test fails."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if report.failed:
        for tree in _LIVE:
            report.sections.append((f"containers of {tree.project}", tree.report()))
    return report  # type: ignore[return-value]
