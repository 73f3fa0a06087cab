"""Faults that no text file can hold: bytes that are no text, sizes, depths; each with its code and place."""

from __future__ import annotations

from functools import cache

from tests.hostile.corpus import MANIFEST, At, Case

HEAD = b"version: 1\nname: shop\n"
WEB = HEAD + b"services:\n  web:\n    image: nginx:1.27\n"
PART = "part.yaml"
LARGEST = 2 * 1024 * 1024


@cache
def made() -> tuple[Case, ...]:
    """Every case that code makes."""
    return (
        *(_case("bytes", name, {MANIFEST: each}, (code, At(MANIFEST, *at))) for name, each, code, *at in _BYTES),
        *(
            _case("bytes", f"{name} in a fragment", {MANIFEST: _INCLUDING, PART: each}, (code, At(PART, *at)))
            for name, each, code, *at in _BYTES
        ),
        *(_case("sizes", name, {MANIFEST: each}, (code, At(MANIFEST, *at))) for name, each, code, *at in _sizes()),
        *_beside(),
    )


_INCLUDING = WEB + b"include:\n  - part.yaml\n"
_ROLE = WEB + b"    role: "
_BYTES: tuple[tuple[str, bytes, str, int, int], ...] = (
    ("an empty file", b"", "YAML006", 0, 0),
    ("a byte order mark alone", b"\xef\xbb\xbf", "YAML006", 0, 0),
    ("blank lines", b"\n\n  \n", "YAML006", 0, 0),
    ("a byte that is no UTF-8", _ROLE + b"caf\xe9\n", "YAML005", 6, 14),
    ("a byte after wide characters", _ROLE + "日本 ".encode() + b"\xff\n", "YAML005", 6, 14),
    ("an overlong slash", _ROLE + b"\xc0\xaf\n", "YAML005", 6, 11),
    ("a surrogate in UTF-8", _ROLE + b"a\xed\xa0\x80\n", "YAML005", 6, 12),
    ("a text cut in a character", _ROLE + b"caf\xc3", "YAML005", 6, 14),
    ("UTF-16, little end first", b"\xff\xfe" + WEB.decode().encode("utf-16-le"), "YAML005", 1, 1),
    ("UTF-16, big end first", b"\xfe\xff" + WEB.decode().encode("utf-16-be"), "YAML005", 1, 1),
    ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "YAML005", 1, 2),
    ("an ELF program", b"\x7fELF", "YAML005", 1, 1),
    ("a NUL", _ROLE + b"a\x00b\n", "YAML005", 6, 12),
    ("an escape of the terminal", _ROLE + b"\x1b[2J\n", "YAML005", 6, 11),
    ("a bell", _ROLE + b"ring \x07\n", "YAML005", 6, 16),
    ("a form feed", _ROLE + b"a\x0cb\n", "YAML005", 6, 12),
    ("a delete", _ROLE + b"a\x7fb\n", "YAML005", 6, 12),
    ("a next line", _ROLE + "a\u0085b\n".encode(), "YAML005", 6, 12),
    ("a line separator", _ROLE + "a\u2028b\n".encode(), "YAML005", 6, 12),
    ("a paragraph separator in a comment", WEB + "# a\u2029b: c\n".encode(), "YAML005", 6, 4),
    ("a byte order mark in the middle", _ROLE + "a\ufeffb\n".encode(), "YAML005", 6, 12),
    ("a non-character", _ROLE + "a\uffffb\n".encode(), "YAML005", 6, 12),
    ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + WEB, "YAML005", 1, 1),
    ("a tab after a key", WEB + b"    role:\tshop\n", "YAML005", 6, 10),
)
"""A name, the bytes, and the code and place; a fragment with the same bytes has the same fault."""


def _sizes() -> tuple[tuple[str, bytes, str, int, int], ...]:
    """What is too large or too deep; most of it would take a parser seconds, or its stack."""
    deep = b"".join(b" " * depth + b"a:\n" for depth in range(100))
    return (
        ("one byte too large", WEB + b"#" * (LARGEST + 1 - len(WEB)), "YAML004", 0, 0),
        ("far too large", WEB + b"#" * LARGEST * 10, "YAML004", 0, 0),
        ("too large in one line", HEAD + b"role: " + b"x" * LARGEST, "YAML004", 0, 0),
        ("nothing but brackets", HEAD + b"a: " + b"[" * (LARGEST - len(HEAD) - 3), "YAML003", 3, 4),
        ("nothing but braces", HEAD + b"a: " + b"{" * (LARGEST - len(HEAD) - 3), "YAML003", 3, 4),
        ("nothing but dashes", HEAD + b"a:\n  " + b"- " * 1_000_000, "YAML004", 4, 121),
        ("nothing but keys in one line", HEAD + b"a: " * 500_000, "YAML001", 3, 5),
        ("nothing but question marks", HEAD + b"a:\n  " + b"? " * 500_000, "YAML004", 4, 121),
        ("a staircase of keys", HEAD + deep, "YAML004", 63, 61),
        ("an open quote of many words", HEAD + b'a: "' + b"x " * 200_000, "YAML001", 3, 4),
        ("an open single quote of many lines", HEAD + b"a: '" + b"x\n" * 200_000, "YAML001", 3, 4),
        ("anchors without end", HEAD + b"".join(b"a%d: &x%d b\n" % (n, n) for n in range(30_000)), "YAML003", 3, 5),
        ("tags without end", HEAD + b"a: " + b"!x" * 500_000, "YAML003", 3, 4),
        ("aliases without end", HEAD + b"a: *b\n" * 60_000, "YAML003", 3, 4),
    )


def _beside() -> tuple[Case, ...]:
    """Large, deep or binary files that a manifest leads to, and a lock and a kind that nobody can read."""
    deep, size = b"[" * 100_000, b"#" * (LARGEST + 1)
    registry = WEB + b"ports:\n  registry: PORTS.json\n"
    kind = WEB + b"    environment:\n      Q: ${queue.host}\ninfrastructure:\n  queue:\n    type: nats\n"
    lock, ports, nats = "integration.lock.json", "PORTS.json", "kinds/nats/kind.yaml"
    table = (
        ("a lock of many brackets", WEB, lock, deep, "LOCK001", 1, 1),
        ("a lock that is no text", WEB, lock, b"\xff\xfe\x00", "LOCK001", 1, 1),
        ("a lock of a number with a million digits", WEB, lock, b"1" * 1_000_000, "LOCK001", 1, 1),
        ("a registry of many brackets", registry, ports, deep, "PORT007", 1, 1),
        ("a registry that is no text", registry, ports, b"\xff\xfe\x00", "PORT007", 1, 1),
        ("a registry of a number with a million digits", registry, ports, b"1" * 1_000_000, "PORT007", 1, 1),
        ("a kind that is too large", kind, nats, size, "KIND003", 1, 1),
        ("a kind that is no text", kind, nats, b"title: \xff\n", "KIND003", 1, 1),
        ("a kind of many brackets", kind, nats, b"title: " + deep, "KIND003", 1, 1),
        ("a fragment that is too large", _INCLUDING, "part.yaml", size, "YAML004", 0, 0),
    )
    return tuple(
        _case("sizes", name, {MANIFEST: text, path: content}, (code, At(path, line, column)))
        for name, text, path, content, code, line, column in table
    )


def _case(area: str, name: str, texts: dict[str, bytes], finding: tuple[str, At]) -> Case:
    return Case(area, name, texts, (finding,), (), 2)
