"""What the Python that Jinja2 makes of our templates calls while it renders: a stand-in for `jinja2.runtime`.

Jinja2 is the authority. Here is only what our templates use, and that does the same or raises; whatever is raised,
Jinja2 renders instead and says what is wrong. What is not here, precompile.py refuses when Periplus is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from compiler.spell.memory import Memory
from compiler.targets.compose.pages import ENCODERS, encoded_only
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Root = Callable[["Context", "Environment"], Iterator[str]]


class Missing:
    """No value, not even an undefined one."""


missing = Missing()


class Unknown:
    """A name that has no value: one can ask whether it is defined, and nothing else."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        """Nothing is kept: it has no attributes, either."""

    def __refuse(self, *_: object) -> NoReturn:
        raise LookupError

    __bool__ = __eq__ = __ne__ = __hash__ = __str__ = __format__ = __refuse


class Environment:
    """The templates by name, with the filters and tests they use; it remembers what was encoded: one a rendering."""

    undefined = Unknown
    concat = "".join
    finalize = staticmethod(encoded_only)

    def __init__(self, roots: Mapping[str, Root]) -> None:
        """With the functions of the templates."""
        self.filters: dict[str, Callable[..., Any]] = dict(FILTERS)
        self.filters |= {name: Memory(encode).__getitem__ for name, encode in ENCODERS.items()}
        self.tests = TESTS
        self._roots = roots

    def get_template(self, name: str, _parent: str = "") -> Template:
        """The template of that name."""
        return Template(self._roots[name], self)


class Template(NamedTuple):
    """One template, ready to be rendered."""

    root: Root
    environment: Environment

    def new_context(self, variables: dict[str, Any], _shared: bool, local: dict[str, Any]) -> Context:  # noqa: FBT001 - Jinja2's
        """What an included template sees: all that the including one does, and where it stands in that."""
        return Context({**variables, **{name: value for name, value in local.items() if value is not missing}})

    def root_render_func(self, context: Context) -> Iterator[str]:
        """The pieces of the text."""
        return self.root(context, self.environment)


class Context:
    """The names a template sees: its parent's, and those it sets itself."""

    eval_ctx = None

    def __init__(self, parent: dict[str, Any]) -> None:
        """It sets none yet."""
        self.parent = parent
        self.vars: dict[str, Any] = {}
        self.exported_vars: set[str] = set()

    def resolve_or_missing(self, name: str) -> Any:  # noqa: ANN401 - a context holds anything
        """What a name stands for."""
        return self.vars.get(name, self.parent.get(name, missing))

    def get_all(self) -> dict[str, Any]:
        """All names."""
        return {**self.parent, **self.vars}


class Loop(NamedTuple):
    """Where a loop stands."""

    last: bool


def LoopContext(values: Iterable[Any], _undefined: object) -> Iterator[tuple[Any, Loop]]:  # noqa: N802 - Jinja2's
    """The values, each with where the loop stands."""
    ahead = iter(values)
    for value in ahead:
        current = value
        break
    else:
        return
    for value in ahead:
        yield current, Loop(last=False)
        current = value
    yield current, Loop(last=True)


def str_join(pieces: Iterable[object]) -> str:
    """The operator `~`."""
    return "".join(map(str, pieces))


def _attribute(value: Any, name: str) -> Any:  # noqa: ANN401 - of any type
    if not name.isidentifier():
        raise ValueError(name)
    try:
        return value[name]
    except (AttributeError, TypeError, LookupError):
        return getattr(value, name)


def _map(_context: Context, values: Iterable[Any], *, attribute: str) -> Iterator[Any]:
    return (_attribute(value, attribute) for value in values)


def _selectattr(_context: Context, values: Iterable[Any], name: str, test: str, other: object) -> Iterator[Any]:
    if test != "equalto":
        raise ValueError(test)
    return (value for value in values if _attribute(value, name) == other)


def _unique(_environment: Environment, values: Iterable[Any]) -> Iterator[Any]:
    found = dict.fromkeys(values)
    if any(isinstance(value, str) for value in found):
        message = "Jinja2 takes texts for equal that differ in case"
        raise TypeError(message)
    return iter(found)


def _join(_evaluation: None, values: Iterable[object], between: str) -> str:
    return str(between).join(map(str, values))


def _indent(text: str, width: int, *, first: bool) -> str:
    indention = " " * width
    head, *lines = f"{text}\n".splitlines()
    rest = "".join(f"\n{indention}{line}" if line else "\n" for line in lines)
    return (indention if first else "") + head + rest


FILTERS: Mapping[str, Callable[..., Any]] = {
    "indent": _indent,
    "join": _join,
    "map": _map,
    "selectattr": _selectattr,
    "unique": _unique,
}
TESTS: Mapping[str, Callable[..., bool]] = {"defined": lambda value: not isinstance(value, Unknown)}
