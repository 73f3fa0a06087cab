"""Prose, scripts and static files: Jinja2 templates whose path is the path in the tree.

`finalize` refuses every value that no encoder has dealt with, so nothing enters a page by another door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.spell.encoded import Encoded
from compiler.spell.git import git_pattern
from compiler.spell.markdown import markdown_code, markdown_text, mermaid_label, mermaid_name
from compiler.spell.shell import shell_comment, shell_word
from compiler.text.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    from compiler.model.source import Files

ROOT = "templates/compose/"
SUFFIX = ".j2"
OPTIONS: Mapping[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
"""How Jinja2 reads a template."""


class UnencodedError(TypeError):
    """A template tried to print a value that no encoder has dealt with: a bug of ours."""


def template_names(shipped: Files) -> tuple[str, ...]:
    """Every template there is, by its path below `ROOT`."""
    return tuple(path.removeprefix(ROOT) for path in shipped.glob(f"{ROOT}**/*{SUFFIX}"))


def page_names(shipped: Files) -> tuple[str, ...]:
    """The pages there are, by their path in the tree; a part that others include starts with an underscore."""
    names = (name.removesuffix(SUFFIX) for name in template_names(shipped))
    return tuple(name for name in names if not name.rpartition("/")[2].startswith("_"))


def render_pages(names: tuple[str, ...], context: Mapping[str, object], shipped: Files) -> dict[str, str]:
    """Every page with the context put in. Raises UnencodedError, and what Jinja2 raises."""
    quick = twin("compiler.targets.compose.quick_pages")
    rendered: dict[str, str] | None = quick.render_pages(names, context, shipped) if quick else None
    if rendered is not None:
        return rendered
    environment = page_environment(shipped)
    return {name: environment.get_template(name + SUFFIX).render(context) for name in names}


def page_environment(shipped: Files) -> Environment:
    """Jinja2 as the pages use it: no names but the context's, no value but encoded ones."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - start-up

    def source(name: str) -> str | None:
        content = shipped.read(ROOT + name)
        return None if content is None else content.decode("utf-8")

    environment = Environment(  # noqa: S701 - no HTML: `finalize` demands an encoder of the page's language
        loader=FunctionLoader(source), undefined=StrictUndefined, finalize=encoded_only, **OPTIONS
    )
    environment.globals.clear()
    environment.filters |= ENCODERS
    return environment


def encoded_only(value: object) -> object:
    """The value, if an encoder has dealt with it. Raises UnencodedError."""
    if isinstance(value, Encoded):
        return value
    message = f"a template printed {type(value).__name__} {value!r} without an encoder"
    raise UnencodedError(message)


def number(value: int) -> Encoded:
    """A whole number."""
    return Encoded(int(value))


ENCODERS: Mapping[str, Callable[..., Encoded]] = {
    "sh": shell_word,
    "comment": shell_comment,
    "number": number,
    "text": markdown_text,
    "code": markdown_code,
    "label": mermaid_label,
    "node": mermaid_name,
    "pattern": git_pattern,
}
"""The filters that make a value fit for a page, by the names the templates call them."""
