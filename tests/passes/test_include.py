from __future__ import annotations

import pytest

from compiler.hands.shipped import shipped_files
from compiler.model.source import Place
from compiler.passes.include import Gathered, gather
from compiler.pipeline import manifest_schema
from tests.support import MappingFiles

MAIN = "version: 1\nname: shop\ninclude:\n"
FRAGMENT = "version: 1\nservices:\n  {0}:\n    image: {0}\n"


def gathered(reach: int = 0, **texts: str) -> Gathered:
    """Documents by name, `__` for a slash and `_up_` for two dots; the manifest is `main`."""
    files = {f"{name.replace('_up_', '..').replace('__', '/')}.yaml": text.encode() for name, text in texts.items()}
    return gather("main.yaml", MappingFiles(files, reach), manifest_schema(shipped_files()))


def paths(found: Gathered) -> list[str]:
    """The pieces in order."""
    assert found.defects == ()
    return [piece.path for piece in found.pieces]


def test_fragments_come_after_the_manifest_in_the_order_in_which_they_are_included() -> None:
    found = gathered(main=MAIN + "  - b.yaml\n  - a.yaml\n", a=FRAGMENT.format("a"), b=FRAGMENT.format("b"))
    assert paths(found) == ["main.yaml", "b.yaml", "a.yaml"]
    assert set(found.documents) == {"main.yaml", "a.yaml", "b.yaml"}


def test_a_glob_is_sorted_by_name() -> None:
    found = gathered(main=MAIN + "  - part/*.yaml\n", part__b=FRAGMENT.format("b"), part__a=FRAGMENT.format("a"))
    assert paths(found) == ["main.yaml", "part/a.yaml", "part/b.yaml"]


def test_a_fragment_includes_relative_to_itself() -> None:
    found = gathered(
        main=MAIN + "  - part/a.yaml\n",
        part__a=FRAGMENT.format("a") + "include:\n  - b.yaml\n  - ../c.yaml\n",
        part__b=FRAGMENT.format("b"),
        c=FRAGMENT.format("c"),
    )
    assert paths(found) == ["main.yaml", "part/a.yaml", "part/b.yaml", "c.yaml"]


def test_a_fragment_that_two_include_counts_once() -> None:
    found = gathered(
        main=MAIN + "  - a.yaml\n  - b.yaml\n",
        a=FRAGMENT.format("a") + "include:\n  - c.yaml\n",
        b=FRAGMENT.format("b") + "include:\n  - c.yaml\n",
        c=FRAGMENT.format("c"),
    )
    assert paths(found) == ["main.yaml", "a.yaml", "b.yaml", "c.yaml"]


def test_a_cycle_names_the_place_and_the_ring() -> None:
    found = gathered(
        main=MAIN + "  - a.yaml\n",
        a=FRAGMENT.format("a") + "include:\n  - b.yaml\n",
        b=FRAGMENT.format("b") + "include:\n  - a.yaml\n",
    )
    (defect,) = found.defects
    assert (defect.kind, defect.at) == ("include.cycle", Place("b.yaml", ("include", 0)))
    assert defect.facts["ring"] == "main.yaml -> a.yaml -> b.yaml -> a.yaml"


@pytest.mark.parametrize("pattern", ["absent.yaml", "absent/*.yaml"])
def test_what_includes_nothing_is_a_mistake(pattern: str) -> None:
    (defect,) = gathered(main=MAIN + f"  - {pattern}\n").defects
    assert (defect.kind, defect.at) == ("include.missing", Place("main.yaml", ("include", 0)))
    assert defect.facts == {"pattern": pattern}


def test_mistakes_of_all_fragments_are_told_at_once() -> None:
    found = gathered(main=MAIN + "  - a.yaml\n  - b.yaml\n", a="a: [", b="version: 1\nname: x\n")
    assert {defect.at.document for defect in found.defects if isinstance(defect.at, Place)} == {"a.yaml", "b.yaml"}
    assert [piece.path for piece in found.pieces] == ["main.yaml"]


def test_mistakes_of_the_manifest_do_not_hide_those_of_its_fragments() -> None:
    found = gathered(
        main=MAIN + "  - a.yaml\n  - absent.yaml\n  - main.yaml\nservces:\n",
        a="version: 1\nservices:\n  web:\n    imge: a:1\ninclude:\n  - b.yaml\n",
        b="a: [",
    )
    assert found.pieces == ()
    assert [(one.kind, one.at.document if isinstance(one.at, Place) else "") for one in found.defects] == [
        ("schema.unknown-key", "main.yaml"),
        ("include.missing", "main.yaml"),
        ("include.cycle", "main.yaml"),
        ("schema.unknown-key", "a.yaml"),
        ("yaml.flow-style", "b.yaml"),
    ]


@pytest.mark.parametrize("include", ["a.yaml", "\n  a: b", "\n  - a: b", "\n  - ''\n  - absent.yaml"])
def test_a_list_of_another_shape_is_the_only_mistake(include: str) -> None:
    found = gathered(main=f"version: 1\nname: shop\ninclude: {include}\n", a="a: [")
    assert {one.at.route[0] for one in found.defects if isinstance(one.at, Place)} == {"include"}
    assert not any(one.kind.startswith("include.") for one in found.defects)


def test_an_absent_manifest_is_an_empty_one() -> None:
    found = gathered()
    assert found.pieces == ()
    assert found.defects
