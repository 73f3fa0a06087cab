from __future__ import annotations

import pytest

from compiler.hands.shipped import shipped_files
from compiler.spell.encoded import Encoded
from compiler.spell.shell import shell_word
from compiler.targets.compose.pages import UnencodedError, number, page_names, render_pages
from tests.support import MappingFiles


def render(template: str, **context: object) -> str:
    """One page."""
    files = MappingFiles({"templates/compose/page.j2": template.encode()})
    return render_pages(("page",), context, files)["page"]


def test_only_encoded_text_enters_a_page() -> None:
    assert render("a {{ x }} b", x=Encoded("'$'")) == "a '$' b"
    assert render("{{ x | sh }} {{ y | number }}\n", x="a b", y=3) == "'a b' 3\n"


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ x }}", "text"),
        ("{{ x }}", 3),
        ("{{ x }}", None),
        ("{{ x | upper }}", Encoded("a")),
        ("{{ x ~ 'b' }}", Encoded("a")),
        ("{{ x + 'b' }}", Encoded("a")),
        ("{{ x | join(',') }}", [Encoded("a")]),
        ("{{ 'literal' }}", ""),
    ],
)
def test_every_other_value_is_refused(template: str, value: object) -> None:
    with pytest.raises(UnencodedError, match="without an encoder"):
        render(template, x=value)


def test_an_unknown_name_is_no_empty_text() -> None:
    from jinja2 import UndefinedError  # noqa: PLC0415 - as the product: its start-up counts

    with pytest.raises((UndefinedError, UnencodedError)):
        render("{{ nothing | sh }}")


def test_the_pages_are_the_templates_that_nobody_includes() -> None:
    names = page_names(shipped_files())
    assert {"README.md", "scripts/start.sh", "tests/api-tests.sh", ".gitignore", "docker-compose.local.yml"} <= set(
        names
    )
    assert not [name for name in names if name.rpartition("/")[2].startswith("_")]
    assert list(names) == sorted(names)


def test_a_number_is_one() -> None:
    assert number(3) == "3"
    assert isinstance(number(3), Encoded)
    assert isinstance(shell_word("a"), Encoded)
