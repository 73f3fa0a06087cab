"""nginx: a tree of directives with one writer, and the paths of routes in its three spellings.

nginx accepts `location /a { return 200; } location /x { … }` from a path that was pasted in, and `nginx -t` is content
with it. So nothing that could end an argument is ever quoted and hoped for: it is refused, and the tests let an
independent parser (crossplane) read the text back into the very tree it was written from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.spell.encoded import Encoded
from compiler.spell.trace import mark
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compiler.spell.trace import RouteText

RESERVED_PATH = "/__gateway/"
"""No route lies below it: the gateway's own answers do."""

_PLAIN = "A-Za-z0-9._~!&'()*+,=:@-"
_PATH = regex(rf"(?:/(?:[{_PLAIN}]|%[0-9A-F]{{2}})+)*/?", re.ASCII)
_ENCODED = regex(r"(?:%[0-9A-F]{2})+")
_BYTE = regex(rb"%([0-9A-F]{2})")
_NEVER_ENCODED = regex(rf"[/?$\\{_PLAIN}]", re.ASCII)
_PIECE = regex(r"%[0-9A-F]{2}|.", re.DOTALL)
_BARE = regex(r"[A-Za-z0-9_$./:=~!*^@-]+", re.ASCII)
_REFUSED = frozenset(";{}#")
_AMBIGUOUS = regex(r"""\\(?:["'\\trn]|\Z)""")


class Directive(NamedTuple):
    """`name arguments;`, or with a block `name arguments { … }`; of an `if` the arguments are its condition.

    `comment` stands above it and starts a paragraph; `route` is the part of the manifest that explains it and all in
    it that has no better explanation.
    """

    name: str
    arguments: tuple[str, ...] = ()
    block: tuple[Directive, ...] | None = None
    comment: str = ""
    route: RouteText = ()


def is_route_path(path: str) -> bool:
    """Whether a route of the gateway may have this path; matched in full, ASCII only.

    Segments of `A-Z a-z 0-9 . _ ~ ! & ' ( ) * + , = : @ -` and of `%XX` (capital hexadecimals) for characters that
    cannot be written plainly; no empty segment, no `.` segment and no `..` anywhere: nginx would never match them.
    What is below `/__gateway/` is the gateway's own.
    """
    if not path.startswith("/") or _PATH.fullmatch(path) is None:
        return False
    if ".." in path or "." in path.split("/") or f"{path}/".startswith(RESERVED_PATH):
        return False
    return all(_needs_percent(run) for run in _ENCODED.findall(path))


def route_location(path: str) -> str:
    """The path as nginx compares it with a `location`: percent-decoded. Raises ValueError for no route path."""
    return _decoded(_route_path(path))


def route_pattern(path: str) -> str:
    """A regular expression (PCRE, unanchored) for the spellings of the path in a request line.

    Letters, digits and `-._~` only as they are; other characters may be percent-encoded, as many clients do.
    Raises ValueError for what is no route path.
    """
    return "".join(_pattern(piece) for piece in _PIECE.findall(_route_path(path)))


def nginx_literal(text: str) -> str:
    """The same text, once it is sure that nginx takes it as it is: without `$`, for which nginx has no escape.

    For every value that a person wrote. Raises ValueError for what cannot be written.
    """
    if "$" in text or "\\" in text:
        message = f"nginx would not take {text!r} literally: without `$` and backslash it would"
        raise ValueError(message)
    nginx_argument(text)
    return text


def nginx_argument(text: str) -> Encoded:
    """One argument, quoted where need be; `$name` is nginx's variable.

    Raises ValueError for `;`, `{`, `}`, `#`, control and other unprintable characters, and for a backslash that
    nginx would swallow (before a quote, a backslash, `t`, `r`, `n` or the end).
    """
    if not _is_writable(text) or _AMBIGUOUS.search(text):
        message = f"{text!r} cannot be an argument in nginx"
        raise ValueError(message)
    if _BARE.fullmatch(text):
        return Encoded(text)
    return Encoded('"' + text.replace('"', '\\"') + '"')


def nginx_configuration(directives: Sequence[Directive], *, traced: bool = False) -> Encoded:
    """The text of the directives, four spaces a level, a blank line around blocks; ends with a line break.

    `traced` marks each line with its route (compiler.spell.trace). Raises ValueError as `nginx_argument` does.
    """
    return Encoded("".join(f"{line}\n" for line in _paragraphs(directives, "", (), traced=traced)))


def _route_path(path: str) -> str:
    if not is_route_path(path):
        message = f"{path!r} cannot be the path of a route"
        raise ValueError(message)
    return path


def _needs_percent(run: str) -> bool:
    try:
        text = _decoded(run)
    except UnicodeDecodeError:
        return False
    return _NEVER_ENCODED.search(text) is None and _is_writable(text)


def _decoded(path: str) -> str:
    return _BYTE.sub(lambda match: bytes.fromhex(match[1].decode()), path.encode()).decode()


def _is_writable(text: str) -> bool:
    return text.isprintable() and _REFUSED.isdisjoint(text)


def _pattern(piece: str) -> str:
    if piece.startswith("%"):
        return _percent(piece[1:])
    if piece.isalnum() or piece in "/-_~":
        return piece
    if piece == ".":
        return "[.]"
    plain = f"[{piece}]" if piece in "()*+" else piece
    return f"(?:{plain}|{_percent(f'{ord(piece):02X}')})"


def _percent(digits: str) -> str:
    return "%" + "".join(f"[{digit}{digit.lower()}]" if digit.isalpha() else digit for digit in digits)


def _paragraphs(directives: Sequence[Directive], indent: str, route: RouteText, *, traced: bool) -> Iterator[str]:
    before: Directive | None = None
    for directive in directives:
        if before is not None and (before.block is not None or directive.block is not None or directive.comment):
            yield ""
        yield from _lines(directive, indent, directive.route or route, traced=traced)
        before = directive


def _lines(directive: Directive, indent: str, route: RouteText, *, traced: bool) -> Iterator[str]:
    trail = mark(route) if traced and route else ""
    for line in directive.comment.splitlines():
        yield f"{indent}# {_comment(line)}"
    head = indent + _head(directive)
    if directive.block is None:
        yield f"{head};{trail}"
        return
    yield f"{head} {{{trail}"
    yield from _paragraphs(directive.block, indent + "    ", route, traced=traced)
    yield f"{indent}}}{trail}"


def _head(directive: Directive) -> str:
    arguments = " ".join(nginx_argument(argument) for argument in directive.arguments)
    if directive.name == "if":
        return f"if ({arguments})"
    return f"{nginx_argument(directive.name)} {arguments}".rstrip()


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
