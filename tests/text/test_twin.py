from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.text import regex
from compiler.text.twin import twin

if TYPE_CHECKING:
    from pathlib import Path


def test_a_module_that_is_there_is_given() -> None:
    assert twin("compiler.text.regex") is regex


@pytest.mark.parametrize(
    "text", [None, "def f(:", "import nowhere", "\0"], ids=["deleted", "cut off", "lacking", "nul"]
)
def test_one_that_cannot_be_imported_is_none(text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    if text is not None:
        (tmp_path / "quick_example.py").write_text(text)
    assert twin("quick_example") is None
