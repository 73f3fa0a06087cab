"""Pages rendered without Jinja2 are, byte for byte, what Jinja2 renders."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from compiler.rules import all_rules
from compiler.spell.encoded import Encoded
from compiler.targets.compose.emit import page_context
from compiler.targets.compose.pages import OPTIONS, ROOT, page_environment, page_names
from compiler.targets.compose.precompile import precompiled
from tests.rules.examples import good
from tests.support import EXAMPLES, MappingFiles
from tests.support import ROOT as CHECKOUT
from tests.targets.test_scripts import FULL, HOST_GATEWAY, MINIMAL

quick_pages = pytest.importorskip("compiler.targets.compose.quick_pages", reason="the fast twin is left out")

if TYPE_CHECKING:
    from jinja2 import Environment

    from compiler.model.plan import Compilation
    from compiler.model.source import Files

SHIPPED = shipped_files()
NAMES = page_names(SHIPPED)
SCRIPTS = tuple(name for name in NAMES if name.endswith(".sh"))
MANIFESTS = (
    *(CHECKOUT / "examples" / name for name in EXAMPLES),
    *sorted(CHECKOUT.joinpath("tests", "manifests").iterdir()),
)


def made_of(shipped: Files) -> ModuleType:
    """The module that building Periplus would write."""
    module = ModuleType("quick_templates")
    exec(compile(precompiled(shipped), module.__name__, "exec"), vars(module))
    return module


@cache
def made() -> ModuleType:
    return made_of(SHIPPED)


@cache
def jinja() -> Environment:
    return page_environment(SHIPPED)


def with_jinja(names: tuple[str, ...], context: dict[str, Any], environment: Environment) -> dict[str, str]:
    return {name: environment.get_template(f"{name}.j2").render(context) for name in names}


def page_with_jinja(template: str, context: dict[str, Any]) -> str:
    return with_jinja(("in/page",), context, page_environment(files_with({"page": template})))["in/page"]


def insist_alike(names: tuple[str, ...], context: dict[str, Any]) -> None:
    quick = quick_pages.render_pages(names, context, SHIPPED, made())
    assert quick is not None
    assert quick == with_jinja(names, context, jinja())


def files_with(templates: dict[str, str]) -> MappingFiles:
    return MappingFiles({f"{ROOT}in/{name}.j2": text.encode() for name, text in templates.items()})


def quickly(template: str, **context: object) -> str | None:
    """One page as its own precompiled template renders it, None where that leaves it to Jinja2."""
    files = files_with({"page": template})
    rendered = quick_pages.render_pages(("in/page",), context, files, made_of(files))
    return rendered and str(rendered["in/page"])


def insist_pages_alike(compilation: Compilation | None) -> None:
    assert compilation is not None
    insist_alike(NAMES, page_context(compilation, "integration.yaml"))


@pytest.mark.parametrize("folder", MANIFESTS, ids=lambda folder: folder.name)
def test_every_page_of_a_manifest(folder: Any) -> None:
    request = Request("integration.yaml", DiskFiles(folder, CHECKOUT), SHIPPED, lambda _output, _wanted: {})
    insist_pages_alike(plan_manifest(request).compilation)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_page_of_a_rules_good_example(rule: Any) -> None:
    insist_pages_alike(good(rule).planned.compilation)


@pytest.mark.parametrize("facts", [MINIMAL, FULL, HOST_GATEWAY], ids=["minimal", "full", "host gateway"])
def test_scripts_of_nasty_facts(facts: dict[str, Any]) -> None:
    insist_alike(SCRIPTS, facts)


def test_kept_files() -> None:
    insist_alike((".gitattributes",), {"kept": ("README.md", "a b/#c")})


def test_a_template_that_changed_since_is_left_to_jinja() -> None:
    old = files_with({"page": "old {% include 'in/_part.j2' %}", "_part": "part"})
    assert quick_pages.render_pages(("in/page",), {}, old, made_of(old)) == {"in/page": "old part"}
    for changed in (
        {"page": "new {% include 'in/_part.j2' %}", "_part": "part"},
        {"page": "old {% include 'in/_part.j2' %}", "_part": "new part"},
        {"page": "old {% include 'in/_part.j2' %}"},
    ):
        assert quick_pages.render_pages(("in/page",), {}, files_with(changed), made_of(old)) is None
    assert quick_pages.render_pages(("in/other",), {}, old, made_of(old)) is None


def test_a_change_elsewhere_is_none() -> None:
    old = files_with({"page": "page", "other": "other"})
    new = files_with({"page": "page", "other": "changed"})
    assert quick_pages.render_pages(("in/page",), {}, new, made_of(old)) == {"in/page": "page"}


def test_other_options_are_left_to_jinja() -> None:
    files = files_with({"page": "page"})
    module = made_of(files)
    vars(module)["OPTIONS"] = {**OPTIONS, "trim_blocks": False}
    assert quick_pages.render_pages(("in/page",), {}, files, module) is None


def test_without_the_module_it_is_left_to_jinja() -> None:
    assert quick_pages.render_pages(NAMES, MINIMAL, SHIPPED, None) is None


def test_with_a_module_that_was_cut_off_it_is_left_to_jinja() -> None:
    assert quick_pages.render_pages(NAMES, MINIMAL, SHIPPED, ModuleType("empty")) is None


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("{{ x | sh }}|{{ y | number }}", {"x": "a b", "y": 3}),
        ("{{ x }}", {"x": Encoded("as it is")}),
        ("{{ ('a' ~ x) | text }}", {"x": "*b*"}),
        ("{% if x is defined %}there{% else %}not{% endif %}", {}),
        ("{% for a in x %}{{ a | sh }}{% if not loop.last %}, {% endif %}{% endfor %}.", {"x": (1, 2, 3)[:0]}),
        ("{% for a in x %}{{ a | sh }}{% if not loop.last %}, {% endif %}{% endfor %}.", {"x": ("a", "b", "c")}),
        ("{% for a in x | unique %}{{ a | number }},{% endfor %}", {"x": (2, 1, 2, 3, 1)}),
        ("{% filter indent(2, first=true) %}a\n\nb\x0bc{% endfilter %}", {}),
        ("{% filter indent(3, first=false) %}\na\n b\n{% endfilter %}", {}),
        ("{% set a = 1 %}{% for b in (2, 3) %}{% set a = b %}{{ a | number }}{% endfor %}{{ a | number }}", {}),
        ("{{ x[1].real | number }}", {"x": (4, 5)}),
        ("{{ (x or 'nothing') | sh }}{{ ('a' if x else 'b') | sh }}", {"x": ""}),
    ],
)
def test_what_the_templates_use_is_alike(template: str, context: dict[str, Any]) -> None:
    assert quickly(template, **context) == page_with_jinja(template, context)


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("{{ x }}", {"x": "text"}),
        ("{{ x }}", {"x": 3}),
        ("{{ x }}", {"x": None}),
        ("{{ 'literal' }}", {}),
        ("{{ x + 'b' }}", {"x": Encoded("a")}),
        ("{{ x | join(',') }}", {"x": [Encoded("a")]}),
        ("{{ x | sh }}", {"x": "a\0b"}),
        ("{{ x | sh }}", {"x": 3}),
        ("{{ x | sh }}", {}),
        ("{{ x }}", {}),
        ("{{ x.name | sh }}", {}),
        ("{{ x.y | sh }}", {"x": ()}),
        ("{{ x[1] | sh }}", {"x": ()}),
        ("{{ (x ~ 'b') | sh }}", {}),
        ("{{ (x or 'b') | sh }}", {}),
        ("{% if x %}a{% endif %}", {}),
        ("{% if x == 'a' %}a{% endif %}", {}),
        ("{% if x != 'a' %}a{% endif %}", {}),
        ("{% if not x %}a{% endif %}", {}),
        ("{% for a in x %}{% endfor %}", {}),
        ("{% for a in x %}{% if loop.last %}{% endif %}{% endfor %}", {}),
        ("{{ x | map(attribute='name') | join(',') | sh }}", {"x": ("a",)}),
        ("{% for a in x | selectattr('b', 'equalto', y) %}{% endfor %}", {"x": (1,), "y": 1}),
    ],
)
def test_whatever_jinja_refuses_is_left_to_it(template: str, context: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r".") as refusal:
        page_with_jinja(template, context)
    assert refusal.type.__name__ in {"UndefinedError", "UnencodedError", "ValueError", "TypeError"}
    assert quickly(template, **context) is None


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("{% for a in x %}{{ loop.index | number }}{% endfor %}", {"x": (1,)}),
        ("{% for a in x | unique %}{{ a | sh }}{% endfor %}", {"x": ("a", "A")}),
        ("{{ x.y | sh }}", {"x": {"y": "a"}}),
        ("{{ x | map(attribute='y.z') | join | sh }}", {"x": ()}),
        ("{{ x | map('upper') | join(',') | sh }}", {"x": ("a",)}),
        ("{% for a in x | selectattr('b', 'gt', 1) %}{% endfor %}.", {"x": ()}),
    ],
)
def test_what_is_not_done_quickly_is_left_to_jinja(template: str, context: dict[str, Any]) -> None:
    assert page_with_jinja(template, context)
    assert quickly(template, **context) is None
