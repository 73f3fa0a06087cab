from __future__ import annotations

import pytest

from compiler.hands.shipped import shipped_files
from compiler.targets.compose.pages import ROOT
from compiler.targets.compose.precompile import PrecompileError, precompiled
from tests.support import MappingFiles


def files(**templates: str) -> MappingFiles:
    return MappingFiles({f"{ROOT}in/{name}.j2": text.encode() for name, text in templates.items()})


def test_the_same_templates_give_the_same_bytes() -> None:
    assert precompiled(shipped_files()) == precompiled(shipped_files())


def test_it_is_python_that_imports_nothing_of_jinja() -> None:
    made = precompiled(shipped_files())
    compile(made, "quick_templates", "exec")
    assert "jinja" not in made


def test_what_missing_values_alone_need_is_left_out() -> None:
    made = precompiled(files(page="{{ x.y | sh }}{{ z[0] }}"))
    assert "yield t_1((undefined(name='x') if l_0_x is missing else l_0_x).y)" in made
    assert "yield str(environment.finalize((undefined(name='z') if l_0_z is missing else l_0_z)[0]))" in made
    assert "getattr" not in made
    assert "concat" not in made


def test_includes_of_includes_are_named_once() -> None:
    made = precompiled(
        files(
            a="{% include 'in/b.j2' %}{% include 'in/c.j2' %}",
            b="{% include 'in/c.j2' %}",
            c="{% if x %}{{ x | sh }}{% endif %}",
        )
    )
    assert "INCLUDES = {'in/a.j2': ('in/b.j2', 'in/c.j2'), 'in/b.j2': ('in/c.j2',), 'in/c.j2': ()}" in made


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{% block a %}{% endblock %}", "blocks"),
        ("{% include x %}", "an include whose name is not known beforehand"),
        ("{{ x | upper }}", "upper of the filters"),
        ("{% if x is odd %}{% endif %}", "odd of the tests"),
        ("{% macro a() %}{% endmacro %}", "Macro"),
        ("{{ x() }}", "call"),
        ("{{ 'a' if x }}", "Undefined"),
        ("{% include 'in/page.j2' ignore missing %}", "TemplateNotFound"),
        ("{% import 'in/page.j2' as y %}", "_get_default_module"),
    ],
)
def test_what_the_runtime_lacks_is_refused(template: str, what: str) -> None:
    with pytest.raises(PrecompileError, match=r"^in/page\.j2: ") as refusal:
        precompiled(files(page=template))
    assert what in str(refusal.value)
