from __future__ import annotations

from compiler.model.value import SecretOf, Variable
from compiler.passes.recall import Recall, is_same


def test_the_same_inputs_have_the_very_same_result() -> None:
    recall = Recall({})
    first: dict[str, int] = recall(dict, {"a": 1})
    assert first == {"a": 1}
    assert recall(dict, {"a": 1}) is first
    assert recall(dict, {"a": 2}) == {"a": 2}
    assert recall(dict, {"a": 1}) is first


def test_other_work_and_other_things_have_results_of_their_own() -> None:
    recall = Recall({})
    assert recall(list, "ab") == ["a", "b"]
    assert recall(tuple, "ab") == ("a", "b")
    assert recall(list, "ab", of="x") is not recall(list, "ab", of="y")
    assert recall(list, "ab", of="x") is recall(list, "ab", of="x")


def test_what_is_yielded_can_be_read_again() -> None:
    recall = Recall({})
    assert recall.every(reversed, "ab") == recall.every(reversed, "ab") == ("b", "a")


def test_equal_values_become_one() -> None:
    recall = Recall({})
    (first,) = recall.one(["x"], of="it")
    (other,) = recall.one(["x"], of="it")
    assert first is other
    assert recall.of_names("a", "b") is recall.of_names("a", "b") == {"a", "b"}


def test_what_can_be_told_apart_is_not_the_same() -> None:
    assert is_same({"a": (1, ["x"])}, {"a": (1, ["x"])})
    assert not is_same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not is_same({"a": 1}, {"a": 2})
    assert not is_same((1,), (1, 1))
    assert not is_same((1,), [1])
    assert not is_same(1, True)
    assert not is_same(("x",), SecretOf("x"))
    assert not is_same(Variable("A"), Variable("A", ""))
