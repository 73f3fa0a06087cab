"""Which documents are read quickly, and that the others are left to strictyaml."""

from __future__ import annotations

import subprocess
import sys

import pytest

from compiler.text.reading import quickly_read, usual
from tests.support import ROOT

pytest.importorskip("compiler.text.quick_lines")
pytest.importorskip("compiler.text.quick_events")


def value(content: bytes) -> object:
    reading = quickly_read(content)
    return reading and reading.value


def test_windows_line_ends_and_a_byte_order_mark_are_usual() -> None:
    reading = quickly_read(b"\xef\xbb\xbfa: b\r\nc:\r\n  - d\r\n")
    assert reading
    assert (reading.value, reading.text) == ({"a": "b", "c": ["d"]}, "a: b\r\nc:\r\n  - d\r\n")


def test_what_has_no_plain_lines_is_left_to_libyaml() -> None:
    assert value(b'a: "\\x41"\nb: c\n  d\n') == {"a": "A", "b": "c d"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a\n",
        b"- a\n",
        b"a: {b: c}\n",
        b"a: &b c\n",
        b"a: !b c\n",
        b"a: 1\na: 2\n",
        b"a:\tb\n",
        b"a: b\rc: d\n",
        b"a:\n  -\n  - b\n",
        b"a: 1\n=======\n",
        b"a: \x00\n",
        b"\xff",
        "a: x\u2028y\n".encode(),
        b"<<: a\n",
    ],
)
def test_what_is_wrong_or_doubtful_is_left_to_strictyaml(content: bytes) -> None:
    assert value(content) is None


def test_unusual_letters_are_usual() -> None:
    assert value("a: é\u00a0\u200d\U0001f600\n".encode()) == {"a": "é\u00a0\u200d\U0001f600"}


def test_a_text_is_usual_up_to_the_first_doubt() -> None:
    assert usual("a: b\n") == "a: b\n"
    assert usual("a: b\nc:\n  -\nd: |||||||\te\n") == "a: b\nc:\n"


def test_a_plain_document_imports_no_parser() -> None:
    program = (
        "import sys; from compiler.passes.parse import parse;"
        "assert parse(b'a: b\\n', 'm').document.values['a',].line == 1;"
        "assert not {'yaml', 'strictyaml', 'compiler.passes.strict'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
