"""Pages without Jinja2: rendered by the Python that it made of their templates when Periplus was built or installed.

`quick_templates.py` holds that Python (precompile.py writes it, no repository does), page_runtime.py what it calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.targets.compose.page_runtime import Context, Environment
from compiler.targets.compose.pages import OPTIONS, ROOT, SUFFIX
from compiler.text.digest import digest_of
from compiler.text.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from compiler.model.source import Files

_installed = twin("compiler.targets.compose.quick_templates")


def render_pages(
    names: tuple[str, ...], context: Mapping[str, object], shipped: Files, made: ModuleType | None = _installed
) -> dict[str, str] | None:
    """Every page with the context put in; None where Jinja2 must render, to do it or to say what is wrong."""
    templates = {name: name + SUFFIX for name in names}
    try:
        return _rendered(made, templates, context) if made and _is_made_of(made, templates.values(), shipped) else None
    except Exception:  # noqa: BLE001 - whatever it is, and be the module damaged: Jinja2 renders, or words it
        return None


def _rendered(made: ModuleType, templates: Mapping[str, str], context: Mapping[str, object]) -> dict[str, str]:
    environment = Environment(made.ROOTS)
    variables = dict(context)
    return {
        name: "".join(environment.get_template(template).root_render_func(Context(variables)))
        for name, template in templates.items()
    }


def _is_made_of(made: ModuleType, names: Iterable[str], shipped: Files) -> bool:
    """Whether the templates, and all that they include, are still the ones that were compiled."""
    if made.OPTIONS != OPTIONS or not made.INCLUDES.keys() >= set(names):
        return False
    parts = {part for name in names for part in (name, *made.INCLUDES[name])}
    return all(digest_of([shipped.read(ROOT + part) or b""]) == made.DIGESTS[part] for part in parts)
