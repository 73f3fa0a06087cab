from __future__ import annotations

import pytest

from compiler.commands.group import COMMANDS
from tests.docs import cli_markdown, pages
from tests.support import ROOT


@pytest.mark.parametrize("path", pages())
def test_a_committed_page_is_the_generated_one(path: str) -> None:
    """Where it is not, `make docs` writes it."""
    assert (ROOT / "docs" / path).read_text(encoding="utf-8") == pages()[path]


def test_every_command_has_a_section_with_its_options() -> None:
    sections = cli_markdown().split("\n## ")[1:]
    titles = [section.split("\n")[0].strip("`") for section in sections]
    assert [title for title in titles if title.count(" ") < 2] == [
        "periplus",
        *(f"periplus {name}" for name in sorted(COMMANDS)),
    ]
    assert {"periplus ports claim", "periplus ports release"} <= set(titles)
    assert all("Usage: periplus" in section and "--help" in section for section in sections)
