"""Named tuples in a fifth of the time: no text is compiled for them, neither annotations nor a constructor.

The classes do what those of `typing.NamedTuple` do, but annotations stay as they are written, and a class that
`typing` would refuse (a default before a field without one, a name with an underscore) is not refused.
"""

from __future__ import annotations

from _collections import _tuplegetter  # type: ignore[import-not-found]  # what `collections` itself makes fields of
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType


class _Maker(type):
    """Makes a class of tuples out of the body of a `class X(NamedTuple)`."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _Maker:
        if tuple in bases or any(vars(base).get("_fields") for base in bases):  # the root, or derived from one made
            return super().__new__(cls, name, bases, body)
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body[field] for field in fields if field in body}
        made = {
            "__doc__": f"{name}({', '.join(fields)})",
            **body,
            **{field: _tuplegetter(index, f"Alias for field number {index}") for index, field in enumerate(fields)},
            "__new__": _constructor(name, fields, tuple(defaults.values())),
            "__slots__": (),
            "__match_args__": fields,
            "_fields": fields,
            "_field_defaults": defaults,
        }
        return super().__new__(cls, name, bases, made)


class NamedTuple(tuple[Any, ...], metaclass=_Maker):
    """What every named tuple can do; the methods are those of `collections.namedtuple`."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @classmethod
    def _make(cls, iterable: Iterable[object]) -> Self:
        """One made of its values in their order."""
        made = tuple.__new__(cls, iterable)
        if len(made) != len(cls._fields):
            message = f"Expected {len(cls._fields)} arguments, got {len(made)}"
            raise TypeError(message)
        return made

    def _replace(self, /, **values: object) -> Self:
        """The same with other values for some fields."""
        made = tuple.__new__(type(self), map(values.pop, self._fields, self))
        if values:
            message = f"Got unexpected field names: {list(values)!r}"
            raise ValueError(message)
        return made

    def _asdict(self) -> dict[str, Any]:
        """The values by field."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        """The values with their fields."""
        return f"{type(self).__name__}({', '.join(f'{field}={self[at]!r}' for at, field in enumerate(self._fields))})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        """What `copy` and `pickle` make one of."""
        return tuple(self)


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[object, ...]) -> FunctionType:
    """`__new__` with the fields as its parameters."""
    code = _code(len(fields)).replace(co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__")
    return FunctionType(code, {"_tuple_new": tuple.__new__, "__builtins__": {}}, "__new__", defaults)


@cache
def _code(size: int) -> CodeType:
    """How a tuple of that size is made: only the names of its parameters tell one constructor from another."""
    fields = "".join(f"_{index}, " for index in range(size))
    made: FunctionType = eval(f"lambda _cls, {fields}: _tuple_new(_cls, ({fields}))")  # noqa: S307 - numbers alone
    return made.__code__
