"""The templates as Python, to be rendered without Jinja2: what quick_pages.py renders, written when Periplus is built.

Jinja2 itself makes the Python. It is then made more direct: an attribute is an attribute, and what an encoder gives is
not checked again. The detours matter only for values that are missing, and there Jinja2 renders (quick_pages.py).
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from compiler.targets.compose import page_runtime
from compiler.targets.compose.pages import ENCODERS, OPTIONS, ROOT, page_environment, template_names
from compiler.text.digest import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Environment

    from compiler.model.source import Files

_HEAD = '''"""Generated from templates/compose by compiler/targets/compose/precompile.py: change those."""
# mypy: ignore-errors

'''
_KNOWN = {
    *dir(page_runtime.Environment({})),
    *dir(page_runtime.Context({})),
    *dir(page_runtime.Template),
    *("getattr", "getitem"),  # which are made direct
    *("add", "append", "close"),  # of Python's own sets, lists and generators
}
_CALLED = {"filters": page_runtime.FILTERS.keys() | ENCODERS.keys(), "tests": page_runtime.TESTS.keys()}


class PrecompileError(ValueError):
    """A template uses what page_runtime.py does not have: give it that, or write the template otherwise."""


def precompiled(shipped: Files) -> str:
    """The module `quick_templates`: the same bytes for the same templates. Raises PrecompileError."""
    environment = page_environment(shipped)
    sources = {name: (shipped.read(ROOT + name) or b"").decode("utf-8") for name in template_names(shipped)}
    included = {name: _included(name, source, environment) for name, source in sources.items()}
    roots = [_root(f"root_{at}", name, sources[name], environment) for at, name in enumerate(sources)]
    used = {word for root in roots for word in _free(root)} & vars(page_runtime).keys()
    tables = {
        "DIGESTS": {name: digest_of([source.encode()]) for name, source in sources.items()},
        "INCLUDES": {name: tuple(_closure(name, included)) for name in sources},
        "OPTIONS": dict(OPTIONS),
    }
    parts = [
        f"from {page_runtime.__name__} import {', '.join(sorted(used))}\n" if used else "",
        *(ast.unparse(root) for root in roots),
        *(f"{name} = {table!r}" for name, table in tables.items()),
        f"ROOTS = {{{', '.join(f'{name!r}: root_{at}' for at, name in enumerate(sources))}}}",
    ]
    return _HEAD + "\n".join(parts) + "\n"


def _included(name: str, source: str, environment: Environment) -> tuple[str, ...]:
    from jinja2.meta import find_referenced_templates  # noqa: PLC0415 - only who builds has it

    found = tuple(dict.fromkeys(find_referenced_templates(environment.parse(source))))
    if None in found:
        raise _refused(name, "an include whose name is not known beforehand")
    return tuple(part for part in found if part is not None)


def _closure(name: str, included: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    seen: dict[str, None] = {}
    waiting = list(included[name])
    while waiting:
        part = waiting.pop(0)
        if part not in seen:
            seen[part] = None
            waiting += included[part]
    return iter(seen)


def _root(function: str, name: str, source: str, environment: Environment) -> ast.FunctionDef:
    """The function that renders a template."""
    module = ast.parse(environment.compile(source, name, name, raw=True))
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise _refused(name, "blocks")
    root = functions[0]
    root.name = function
    root.args = ast.arguments([], [ast.arg("context"), ast.arg("environment")], None, [], [], None, [])
    bare = _Bare(name, root)
    bare.visit(root)
    _insist_known(name, root)
    _Direct(bare.encoders).visit(root)
    return ast.fix_missing_locations(root)


class _Bare(ast.NodeTransformer):
    """The same function without Jinja2's preparations for what the template does not do."""

    def __init__(self, template: str, root: ast.FunctionDef) -> None:
        names = (node for node in ast.walk(root) if isinstance(node, ast.Name))
        self._read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        self._template = template
        self.encoders: set[str] = set()

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """Nothing for a name that is never read."""
        match node:
            case ast.Assign([ast.Name(name)], ast.Attribute() | ast.Name() | ast.Dict([])) if name not in self._read:
                return None
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST | list[ast.stmt]:
        """A filter or test without the words for one that is missing, it must be there; an include as Python has it."""
        match node.body:
            case [ast.Assign([ast.Name(local)], ast.Subscript(ast.Attribute(_, kind), ast.Constant(str(name))))]:
                if name not in _CALLED[kind]:
                    raise _refused(self._template, f"{name} of the {kind}")
                if name in ENCODERS:
                    self.encoders.add(local)
                return node.body
            case [ast.For(ast.Name("event"), pieces, [ast.Expr(ast.Yield(ast.Name("event")))])]:
                return ast.Expr(ast.YieldFrom(pieces))
        return node


class _Direct(ast.NodeTransformer):
    """The same function with attributes and items as Python has them, and no check of what an encoder gives."""

    def __init__(self, encoders: set[str]) -> None:
        self._encoders = encoders

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Nothing but the call where it is another one."""
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(_, "getattr"), [of, ast.Constant(str(name))]):
                return ast.Attribute(of, name, ast.Load())
            case ast.Call(ast.Attribute(_, "getitem"), [of, item]):
                return ast.Subscript(of, item, ast.Load())
            case ast.Call(
                ast.Name("str"), [ast.Call(ast.Attribute(_, "finalize"), [ast.Call(ast.Name(local)) as given])]
            ) if local in self._encoders:
                return given
        return node


def _insist_known(name: str, root: ast.FunctionDef) -> None:
    """Raise PrecompileError for whatever the runtime does not have; the attributes of values are calls still."""
    attributes = {node.attr for node in ast.walk(root) if isinstance(node, ast.Attribute)}
    words = {word for word in _free(root) if not hasattr(page_runtime, word) and not hasattr(builtins, word)}
    for what in sorted(attributes - _KNOWN | words):
        raise _refused(name, what)


def _free(root: ast.FunctionDef) -> set[str]:
    """The names that a function takes from its module."""
    names = [node for node in ast.walk(root) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(root) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(root) if isinstance(node, ast.FunctionDef)}
    return {node.id for node in names} - bound


def _refused(template: str, what: str) -> PrecompileError:
    return PrecompileError(f"{template}: {what} is not in compiler/targets/compose/page_runtime.py")
