from __future__ import annotations

import pytest

from compiler.spell.trace import strip
from compiler.targets.compose.emit import page_context
from compiler.targets.compose.page_lines import page_lines, traced_page
from compiler.targets.compose.pages import page_names, render_pages
from tests.provenance.survey import FOLDERS, MANIFEST, opened

SLOW = [pytest.param(folder, marks=pytest.mark.slow) for folder in FOLDERS[1:]]


@pytest.mark.parametrize("folder", [FOLDERS[0], *SLOW])
def test_without_its_marks_a_traced_page_is_the_page_and_its_lines_are_those_of_templates(folder: str) -> None:
    shipped, context = opened(folder)[0].shipped, page_context(opened(folder)[0].compilation, MANIFEST)
    for name, page in render_pages(page_names(shipped), context, shipped).items():
        assert strip(traced_page(name, context, shipped)) == page
        lines = page_lines(name, context, shipped)
        for number, line in enumerate(page.split("\n"), start=1):
            template, at = lines[number]
            source = (shipped.read(template) or b"").decode().split("\n")[at - 1]
            assert line.strip() == source.strip() or "{{" in source or "{%" in source
