"""A hand edit is never invisible to `--check`: whichever file, whatever was done to it, committed or not."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from compiler.model.tree import Owner, Standing
from compiler.ownership.decide import decide_all
from tests.commands.project import COMPOSE, compiled, edit, example, periplus
from tests.git import commit_all
from tests.support import EXAMPLES, compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compiler.model.tree import Tree

BYTES = 12
FEW = (COMPOSE, "integration/plan.json", "integration/README.md", "integration/.gitattributes")


def tree_of(name: str, folder: Path) -> Tree:
    """What an example makes, without the disk's say."""
    files = example(name, folder)
    texts = {
        path.relative_to(files).as_posix(): path.read_text()
        for path in sorted(files.rglob("*"))
        if path.is_file() and "integration" not in path.relative_to(files).parts
    }
    return compile_texts(texts).tree


def differs(standing: Mapping[str, Standing], tree: Tree) -> set[str]:
    """The paths that a check tells of."""
    return {one.path for one in decide_all(standing, tree, frozenset()) if one.action.value != "unchanged"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_edit_of_any_generated_file_goes_unseen(name: str, tmp_path: Path) -> None:
    """One byte anywhere, a line added at either end or within, the file gone, its right to be run gone."""
    pick = Random(name)
    tree = tree_of(name, tmp_path)
    whole = {path: Standing("file", one.text, one.executable) for path, one in tree.items()}
    assert not differs(whole, tree)
    for path, artifact in tree.items():
        if artifact.owner is not Owner.GENERATED:
            continue
        text = artifact.text
        places = [0, len(text) - 1, *(pick.randrange(len(text)) for _ in range(BYTES))]
        edits = [text[:at] + pick.choice("x \n#é") + text[at + 1 :] for at in places]
        edits += ["# mine\n" + text, text + "# mine\n", text.replace("\n", "\n# mine\n", 2), text[:-1], text + "\n", ""]
        stands = [Standing("file", edited, artifact.executable) for edited in edits if edited != text]
        stands += [Standing("absent"), Standing("file", None), Standing("directory")]
        stands += [Standing("file", text)] if artifact.executable else []
        for one in stands:
            assert differs({**whole, path: one}, tree) == {path}


@pytest.mark.parametrize("path", FEW)
@pytest.mark.parametrize("is_committed", [True, False])
def test_check_fails_for_an_edit_also_when_it_is_committed(path: str, is_committed: bool, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / path, "\n", "\n \n")
    if is_committed:
        commit_all(folder, "edited")
    outcome = periplus(folder, "compile", "--check")
    assert outcome.code == 1
    assert f"error[OWN001]: `{path}`" in outcome.err
    assert f"  ! {path}\n" in outcome.out
