from __future__ import annotations

from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st
from strictyaml.ruamel import YAML  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion

from compiler.spell.memory import Repeated
from compiler.spell.trace import strip
from compiler.spell.yaml import Sourced, YamlWriter, yaml_document, yaml_string

NASTY = (
    *("yes", "no", "on", "off", "y", "n", "true", "False", "null", "~", "", " ", "-", "?", ":", "#", "&a", "*a", "!t"),
    *("1", "1.0", "1e3", "0x1", "0o7", "012", "1_000", ".5", ".inf", "-.INF", ".nan", "+1", "1:30", "190:20:30"),
    *(
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "<<",
        "=",
        "@a",
        "`a`",
        "%a",
        "{a}",
        "[a]",
        "a: b",
        "a #b",
        "|",
        ">",
    ),
    *("a\nb", "a\n", "\na", "a\r\nb", "\t", "a\\b", "'", '"', "\\", "\\n", "\u2028", "\u2029", "\x85", "\x7f", "\x00"),
    *(
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\ue000",
        "\ue100\ue001",
        "é",
        "😀",
        "---",
        "...",
        "$X",
        "$$",
        "${A}",
        "a\x1bb",
        " a ",
    ),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(NASTY)
TREES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def sourced(tree: Any, route: tuple[str | int, ...]) -> Any:
    """The same tree with a route at every node."""
    if isinstance(tree, dict):
        return Sourced({key: sourced(value, (*route, key)) for key, value in tree.items()}, route)
    if isinstance(tree, list):
        return Sourced([sourced(value, (*route, index)) for index, value in enumerate(tree)], route)
    return Sourced(tree, route)


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_come_back_from_two_readers(text: str) -> None:
    written = yaml_document({text: [text, {"key": text}]})
    expected = {text: [text, {"key": text}]}
    assert yaml.safe_load(written) == expected
    if text < "\ud800" or text > "\uffff":
        assert YAML(typ="safe").load(written) == expected


@given(TREES)
@example({"a": [[], {}, [[]], [{"b": {}}]]})
def test_what_is_written_is_read_back(tree: Any) -> None:
    assert yaml.safe_load(yaml_document(tree)) == tree


@given(TREES)
def test_a_traced_document_without_its_marks_is_the_plain_one(tree: Any) -> None:
    marked = yaml_document(sourced(tree, ("root", 0)), traced=True)
    assert strip(marked) == yaml_document(tree) == yaml_document(sourced(tree, ("root",)))
    if not isinstance(tree, dict | list):
        assert marked != strip(marked)


SETTINGS = st.dictionaries(st.sampled_from(["a", "b", "image", " "]), TREES, max_size=4)
ENTRIES = st.dictionaries(st.sampled_from(["db", "web", "\n"]), SETTINGS, max_size=3)


@given(ENTRIES, ENTRIES, st.booleans(), st.data())
def test_what_documents_have_in_common_is_written_as_if_they_had_not(
    first: dict[str, Any], second: dict[str, Any], traced: bool, data: st.DataObject
) -> None:
    """Entries and settings of the second are now and then the objects of the first, at another place, too."""
    before = {name: sourced(entry, ("services", name)) for name, entry in first.items()}
    after = {name: sourced(entry, ("services", name)) for name, entry in second.items()}
    for name, entry in after.items():
        other = data.draw(st.sampled_from([entry, *before.values()]))
        shared = data.draw(st.sets(st.sampled_from(sorted(other.value)))) if other.value else ()
        after[name] = data.draw(st.sampled_from([other, entry]))
        entry.value.update({key: other.value[key] for key in shared})
    writer = YamlWriter(traced=traced)
    for section in (before, after, before):
        document = {"services": section, "x": [section]}
        assert writer.document(document) == yaml_document(document, traced=traced)


@given(st.dictionaries(TEXTS, TREES, max_size=3), st.booleans())
def test_a_mapping_that_comes_again_is_written_as_any_other(entry: dict[str, Any], traced: bool) -> None:
    def document(check: dict[str, Any]) -> Any:
        services = {name: {"check": Sourced(check, (name,)), "again": check} for name in ("web", "db")}
        return {"services": services, "x": [check, {"y": check}], "check": check}

    assert yaml_document(document(Repeated(entry)), traced=traced) == yaml_document(document(entry), traced=traced)


@given(TEXTS)
def test_a_string_is_one_line_of_printable_text(text: str) -> None:
    assert len(yaml_string(text).splitlines()) == 1


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_what_no_reader_accepts(text: str) -> None:
    with pytest.raises(ValueError, match="surrogates"):
        yaml_string(text)


@pytest.mark.parametrize("value", [None, 1.5, b"x", {1, 2}, object()])
def test_what_has_no_word_in_compose_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="as YAML"):
        yaml_document({"a": value})


def test_how_a_document_looks(snapshot: SnapshotAssertion) -> None:
    document = {
        "name": "shop",
        "services": {
            "web": {
                "image": "x:1",
                "environment": {"A": "1", "yes": "no", "with space": "é"},
                "ports": ["127.0.0.1:8000:80"],
                "volumes": [{"type": "bind", "read_only": True}, ["a", "b"]],
                "deploy": {"replicas": 2},
            },
            "bare": {},
            "none": [],
        },
    }
    assert yaml_document(document) == snapshot
