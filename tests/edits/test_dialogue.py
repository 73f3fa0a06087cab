from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler.edits.dialogue import Ask, Judged, dialogue, merged
from tests.edits.situations import situation

if TYPE_CHECKING:
    from compiler.edits.dialogue import Judge


def talk(*typed: str, judge: Judge = lambda _answers: Judged()) -> tuple[dict[str, Any], list[str]]:
    """The answers that come of what is typed, and everything that is said; questions are no sayings."""
    steps = dialogue(situation(), judge)
    said: list[str] = []
    waiting = list(typed)
    try:
        step = next(steps)
        while True:
            if isinstance(step, Ask):
                step = steps.send(waiting.pop(0) if waiting else "")
            else:
                said.append(step.text)
                step = next(steps)
    except StopIteration as end:
        assert not waiting
        return end.value, said


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (("ports", "api", "9000"), {"ports": {"api": "9000"}}),
        (("po", "ap", "internal"), {"ports": {"api": "internal"}}),
        (("ports", "range", "9000-9100"), {"port_range": "9000-9100"}),
        (("versions", "cache", "7"), {"versions": {"cache": "7"}}),
        (("networks", "api", "backend"), {"networks": {"join": {"api": ["backend"]}}}),
        (("networks", "api", "all"), {"networks": {"join": {"api": "all"}}}),
        (
            ("networks", "api", "backend, far", "external"),
            {"networks": {"join": {"api": ["backend", "far"]}, "declare": {"far": "external"}}},
        ),
        (("health", "all", "interval", "9s"), {"health": {"interval": "9s"}}),
        (("health", "api", "liveness", "/up"), {"health": {"services": {"api": {"liveness": "/up"}}}}),
        (("environments", "add", "staging"), {"environments": {"add": ["staging"]}}),
        (
            ("environments", "set", "test", "api", "LOG", "x"),
            {"environments": {"set": {"test": {"services": {"api": {"environment": {"LOG": "x"}}}}}}},
        ),
        (("ports", "api", "1", "ports", "api", "2"), {"ports": {"api": "2"}}),
        ((), {}),
        (("done",), {}),
    ],
)
def test_what_is_typed_becomes_answers(typed: tuple[str, ...], answers: dict[str, Any]) -> None:
    assert talk(*typed) == (answers, [])


@pytest.mark.parametrize(
    "typed", [("ports", ""), ("ports", "api", ""), ("networks", "api", ""), ("health", "all", ""), ("versions", "")]
)
def test_an_empty_answer_goes_back(typed: tuple[str, ...]) -> None:
    assert talk(*typed) == ({}, [])


def test_what_cannot_be_is_said_and_not_taken_over() -> None:
    def judge(answers: dict[str, Any]) -> Judged:
        return Judged(("that port is taken",)) if answers.get("ports") else Judged((), ("mind the gap",))

    answers, said = talk("versions", "cache", "7", "ports", "api", "9000", "versions", "cache", "8", judge=judge)
    assert answers == {"versions": {"cache": "8"}}
    assert said == ["note: mind the gap", "that port is taken\nthat is not taken over"]


@pytest.mark.parametrize(
    ("typed", "words"), [(("prots",), "`prots` is none of ports, networks"), (("ports", "x"), "`x` is none of these")]
)
def test_a_choice_that_is_none_is_asked_again(typed: tuple[str, ...], words: str) -> None:
    answers, said = talk(*typed)
    assert answers == {}
    assert len(said) == 1
    assert said[0].startswith(words)


def test_answers_add_up() -> None:
    first = {"ports": {"a": "1"}, "environments": {"add": ["x"]}, "networks": {"join": {"a": ["n"]}}}
    more = {"ports": {"b": "2"}, "environments": {"add": ["x", "y"]}, "networks": {"join": {"a": ["m"]}}}
    assert merged(first, more) == {
        "ports": {"a": "1", "b": "2"},
        "environments": {"add": ["x", "y"]},
        "networks": {"join": {"a": ["m"]}},
    }
