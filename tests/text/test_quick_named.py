"""The fast named tuples are those of `typing`: in all that can be done with them."""

from __future__ import annotations

import copy
import keyword
import pickle
import types
import typing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

quick_named: Any = pytest.importorskip("compiler.text.quick_named")
FIELD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))


class Fast(quick_named.NamedTuple):  # type: ignore[misc]
    """A place."""

    x: int
    y: int = 2
    names: tuple[str, ...] = ()

    @property
    def both(self) -> int:
        return self.x + self.y

    @classmethod
    def at(cls, x: int) -> Fast:
        return cls(x)


class Plain(typing.NamedTuple):
    """A place."""

    x: int
    y: int = 2
    names: tuple[str, ...] = ()

    @property
    def both(self) -> int:
        return self.x + self.y

    @classmethod
    def at(cls, x: int) -> Plain:
        return cls(x)


class Longer(Fast):
    """What is derived from one that is made is no named tuple of its own."""

    more: int


def test_the_house_uses_the_fast_ones() -> None:
    assert NamedTuple is quick_named.NamedTuple


@pytest.mark.parametrize(
    "use",
    [
        lambda made: made(1),
        lambda made: made(1, 2, ("a",)),
        lambda made: made(y=3, x=1),
        lambda made: made(1)._replace(x=5, names=("b",)),
        lambda made: made._make([1, 2, 3]),
        lambda made: made(1)._asdict(),
        lambda made: made(1).both,
        lambda made: made.at(7).x,
        lambda made: (made(1).x, made(1)[1], *made(4)),
        lambda made: made(1) == (1, 2, ()) and made(1) < (1, 3),
        lambda made: hash(made(1)),
        lambda made: copy.deepcopy(made(1)),
        lambda made: copy.copy(made(1)),
        lambda made: pickle.loads(pickle.dumps(made(1))),
        lambda made: made.__doc__,
        lambda made: made._fields,
        lambda made: made._field_defaults,
        lambda made: made.__match_args__,
        lambda made: made.__slots__,
        lambda made: made.x.__doc__,
        lambda made: made(1).__getnewargs__(),
    ],
)
def test_they_do_what_those_of_typing_do(use: Callable[[Any], Any]) -> None:
    assert use(Fast) == use(Plain)


def test_they_say_what_they_hold() -> None:
    assert repr(Fast(1)) == repr(Plain(1)).replace("Plain", "Fast")
    assert repr(Longer(1)) == "Longer(x=1, y=2, names=())"


@pytest.mark.parametrize(
    "misuse",
    [
        lambda made: made(),
        lambda made: made(1, 2, 3, 4),
        lambda made: made(1, z=2),
        lambda made: made(1, x=2),
        lambda made: made._make([1]),
        lambda made: made(1)._replace(z=2),
        lambda made: setattr(made(1), "x", 2),
        lambda made: setattr(made(1), "z", 2),
    ],
)
def test_they_refuse_what_those_of_typing_refuse(misuse: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as plain:
        misuse(Plain)
    with pytest.raises(plain.type) as fast:
        misuse(Fast)
    assert str(fast.value) == str(plain.value).replace("Plain", "Fast")


@given(st.lists(FIELD, unique=True, max_size=30), st.data())
def test_whatever_the_number_of_fields(fields: list[str], data: st.DataObject) -> None:
    defaults = data.draw(st.lists(st.integers(), max_size=len(fields)))
    values = data.draw(st.lists(st.integers(), min_size=len(fields) - len(defaults), max_size=len(fields)))
    body = {
        "__annotations__": dict.fromkeys(fields, "int"),
        **dict(zip(reversed(fields), reversed(defaults), strict=False)),
        "__module__": __name__,
    }
    fast: Any = types.new_class("Made", (quick_named.NamedTuple,), exec_body=lambda namespace: namespace.update(body))
    plain: Any = types.new_class("Made", (typing.NamedTuple,), exec_body=lambda namespace: namespace.update(body))
    assert fast(*values) == plain(*values)
    assert repr(fast(*values)) == repr(plain(*values))
    assert fast(**plain(*values)._asdict()) == plain(*values)
