"""Prose, scripts and static files: Jinja2 templates whose path is the path in the tree.

`finalize` refuses every value that no encoder has dealt with, so nothing enters a page by another door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.spell.encoded import Encoded
from compiler.spell.git import git_pattern
from compiler.spell.markdown import markdown_code, markdown_text, mermaid_label, mermaid_name
from compiler.spell.shell import shell_comment, shell_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from compiler.model.source import Files

ROOT = "templates/compose/"
_SUFFIX = ".j2"


class UnencodedError(TypeError):
    """A template tried to print a value that no encoder has dealt with: a bug of ours."""


def page_names(shipped: Files) -> tuple[str, ...]:
    """The pages there are, by their path in the tree; a part that others include starts with an underscore."""
    found = shipped.glob(f"{ROOT}**/*{_SUFFIX}")
    names = (path.removeprefix(ROOT).removesuffix(_SUFFIX) for path in found)
    return tuple(name for name in names if not name.rpartition("/")[2].startswith("_"))


def render_pages(names: tuple[str, ...], context: Mapping[str, object], shipped: Files) -> dict[str, str]:
    """Every page with the context put in. Raises UnencodedError."""
    environment = _environment(shipped)
    return {name: environment.get_template(name + _SUFFIX).render(context) for name in names}


def number(value: int) -> Encoded:
    """A whole number."""
    return Encoded(int(value))


def _environment(shipped: Files) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - start-up

    def source(name: str) -> str | None:
        content = shipped.read(ROOT + name)
        return None if content is None else content.decode("utf-8")

    environment = Environment(  # noqa: S701 - no HTML: `finalize` demands an encoder of the page's language
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        finalize=_encoded_only,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "sh": shell_word,
        "comment": shell_comment,
        "number": number,
        "text": markdown_text,
        "code": markdown_code,
        "label": mermaid_label,
        "node": mermaid_name,
        "pattern": git_pattern,
    }
    return environment


def _encoded_only(value: object) -> object:
    if isinstance(value, Encoded):
        return value
    message = f"a template printed {type(value).__name__} {value!r} without an encoder"
    raise UnencodedError(message)
