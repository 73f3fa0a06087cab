"""Every class of fault, planted into the examples, is found by exactly its rule, at its place."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from compiler.render.findings import findings_json, findings_text
from compiler.render.github import findings_github
from compiler.render.sarif import findings_sarif
from tests.recall.faults import CODES, code_of
from tests.recall.innocent import INNOCENT
from tests.recall.planting_list import PLANTED_SECRETS, PLANTINGS
from tests.recall.plantings import CASTS, place_in, planted
from tests.recall.said import said_of, said_of_all, texts_in
from tests.recall.summary import PAGE, page
from tests.recall.test_in_git import IN_GIT
from tests.support import EXAMPLES, ROOT, compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.recall.plantings import Planting
    from tests.recall.said import Said

NOT_IN_EXAMPLES = {"absolute-path", "check-any-answer", "mount-hides-packages"}
"""Classes beyond those of the issue, labelled in the projects."""
BY_EXAMPLE = [
    pytest.param(planting, example, id=f"{planting.name}-{example}")
    for planting in PLANTINGS
    for example in EXAMPLES
    if example not in planting.without
]
IN_TURNS = [
    pytest.param(planting, fitting[number % len(fitting)], id=f"{planting.name}-{fitting[number % len(fitting)]}")
    for number, planting in enumerate(PLANTINGS)
    for fitting in [[example for example in EXAMPLES if example not in planting.without]]
]


@pytest.mark.parametrize(("planting", "example"), IN_TURNS)
def test_a_planted_fault_is_found_by_its_rule_alone(planting: Planting, example: str) -> None:
    texts = planted(planting, example, texts_of(example))
    assert said_of(texts) == wanted(planting, texts)


@pytest.mark.slow
@pytest.mark.parametrize(("planting", "example"), BY_EXAMPLE)
def test_a_whole_compilation_finds_it_in_every_example(planting: Planting, example: str) -> None:
    texts = planted(planting, example, texts_of(example))
    assert said_of_all(texts) == wanted(planting, texts)


@pytest.mark.parametrize(
    ("planting", "example"),
    [pytest.param(one, EXAMPLES[number % len(EXAMPLES)], id=one.name) for number, one in enumerate(INNOCENT)],
)
def test_nothing_is_said_of_what_only_looks_like_a_fault(planting: Planting, example: str) -> None:
    assert said_of(planted(planting, example, texts_of(example))) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_nothing_is_said_of_an_example_as_it_stands(example: str) -> None:
    assert said_of(texts_of(example)) == []


@pytest.mark.slow
@pytest.mark.parametrize("planting", [one for one in PLANTINGS if one.fault == "secret-text"], ids=lambda one: one.name)
def test_a_planted_secret_is_masked_in_every_format(planting: Planting) -> None:
    texts = planted(planting, EXAMPLES[0], texts_of(EXAMPLES[0]))
    compiled = compile_texts(texts)
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    formats = (
        findings_text(compiled.diagnostics, documents, colour=True),
        findings_json(compiled.diagnostics),
        findings_github(compiled.diagnostics),
        findings_sarif(compiled.diagnostics),
    )
    hidden = [secret for secret in PLANTED_SECRETS if any(secret in text for text in texts.values())]
    assert hidden
    assert all(formats)
    assert not [secret for secret in hidden if any(secret in text for text in formats)]


def test_every_class_is_planted_and_no_name_is_taken_twice() -> None:
    names = [planting.name for planting in PLANTINGS]
    assert sorted(names) == sorted(set(names))
    assert {planting.fault for planting in PLANTINGS} | IN_GIT.keys() | NOT_IN_EXAMPLES == CODES.keys() - set(names)
    assert set(CASTS) == set(EXAMPLES)


def wanted(planting: Planting, texts: Mapping[str, str]) -> Said:
    """The one finding, there where the fault was planted."""
    path, line = place_in(texts)
    return [(code_of(planting.fault, planting.form), path, 0 if planting.of_file else line)]


@cache
def texts_of(example: str) -> Mapping[str, str]:
    """What stands in an example beside its output."""
    return texts_in(ROOT / "examples" / example)


def test_the_page_tells_what_is_planted_and_labelled_now() -> None:
    """Where it does not, `python -m tests.recall.summary` writes it."""
    assert PAGE.read_text() == page(PAGE.read_text())
