"""The words for what a schema accepts, and what was probably meant."""

from __future__ import annotations

from compiler.passes.mistakes import closest, form_of, kind_of, mistakes_in, quoted


def test_what_a_schema_accepts_is_a_noun() -> None:
    assert form_of({"enum": [True, False, "true", "false"]}) == "`true` or `false`"
    assert form_of({"type": "string", "enum": ["a", "b", "c"]}) == "`a`, `b` or `c`"
    assert form_of({"type": ["object", "null", "string"]}) == "a mapping"
    assert form_of({"type": "array"}) == "a list"
    assert form_of({"type": ["string", "number"]}) == "a text"
    assert form_of({"pattern": "^x$", "patternErrorMessage": "expected an x"}) == "an x"


def test_what_is_written_is_a_noun() -> None:
    written: list[object] = ["", {}, ["a"], "a"]
    assert [kind_of(value) for value in written] == ["nothing", "a mapping", "a list", "a text"]


def test_a_long_text_is_quoted_short() -> None:
    assert quoted("a" * 61) == "a" * 60 + "…"
    assert quoted("a" * 60) == "a" * 60


def test_the_closest_choice_may_not_be_far() -> None:
    assert closest("depends-on", ["depends_on", "develop"]).name == "depends_on"
    assert closest("xyz", ["depends_on", "develop"]).name == ""
    assert closest("imge", ["image"]).name == "image"
    assert closest("conditons", ["condition"]).name == "condition"
    assert closest("conditons", ["condition"], very=True).name == ""


def test_a_mistake_stands_under_the_route_it_was_looked_for_at() -> None:
    schema = {"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "array"}]}}}
    (mistake,) = mistakes_in({"a": {}}, schema, ("x", 0))
    assert (mistake.keyword, mistake.route) == ("anyOf", ("x", 0, "a"))
    assert [[inner.misfit for inner in branch] for branch in mistake.branches.values()] == [[True], [True]]
