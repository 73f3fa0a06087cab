from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.text.registry import Fault, RegistryError, is_owned_by, read_registry_text

TEXT = """{ "allocations" : {
  "8000": "shop/web" ,
\t"80": {"a": [1, "}"]}
}, "metadata": {"port_ranges": {"shop": "8000-8009", "open": "8000-", "bank": " 1 - 2 "}} }
"""


def test_where_each_entry_stands() -> None:
    read = read_registry_text(TEXT)
    assert [(one.port, one.owner, one.place) for one in read.entries] == [
        (8000, "shop/web", (2, 3)),
        (80, '{"a": [1, "}"]}', (3, 2)),
    ]
    assert [TEXT[one.start : one.end] for one in read.entries] == ['"8000": "shop/web"', '"80": {"a": [1, "}"]}']
    assert [TEXT[one.value : one.end] for one in read.entries] == ['"shop/web"', '{"a": [1, "}"]}']
    assert TEXT[read.key :].startswith('"allocations"')
    assert TEXT[read.inside[0] - 1] + TEXT[read.inside[1]] == "{}"
    assert read.ranges == {"shop": range(8000, 8010), "bank": range(1, 3)}


@pytest.mark.parametrize("metadata", ["1", "{}", '{"port_ranges": []}', '{"port_ranges": {"shop": 8000}}'])
def test_metadata_may_be_anything(metadata: str) -> None:
    assert read_registry_text(f'{{"metadata": {metadata}, "allocations": {{}}}}').ranges == {}


def test_what_is_said_twice_names_both_places() -> None:
    with pytest.raises(RegistryError) as caught:
        read_registry_text('{"allocations": {\n"1": "a",\n"2": "b",\n "1": "c"}}')
    error = caught.value
    assert (error.fault, error.what, error.line, error.column, error.earlier) == (Fault.TWICE, "1", 4, 2, (2, 1))


@pytest.mark.parametrize(
    ("owner", "expected"),
    [("shop", True), ("shop/web", True), ("shopping", False), ("shopping/web", False), ("", False)],
)
def test_whose_an_entry_is(owner: str, expected: bool) -> None:
    assert is_owned_by(owner, "shop") is expected


def keyed(values: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Objects."""
    return st.dictionaries(
        st.text() | st.sampled_from(["allocations", "metadata", "port_ranges", "80", "99999"]), values
    )


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | keyed(inner))


@given(JSON | keyed(JSON), st.sampled_from([None, 1, "\t"]))
def test_any_json_is_a_registry_or_a_fault(value: object, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    try:
        read = read_registry_text(text)
    except RegistryError as error:
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017 - whether it is raised is the question
        return
    assert isinstance(value, dict)
    assert [str(entry.port) for entry in read.entries] == list(value["allocations"])


@given(st.text(st.sampled_from('{}[]",: \n\\a1<=>|\ufeff'), max_size=40))
def test_any_text_is_a_registry_or_a_fault(text: str) -> None:
    try:
        read_registry_text(text)
    except RegistryError:
        return
    assert json.loads(text.removeprefix("\ufeff"))
