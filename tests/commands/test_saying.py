"""What is said without click is byte for byte what click says."""

from __future__ import annotations

import io
import sys
from functools import partial
from typing import TYPE_CHECKING

import click
import pytest

from compiler.commands.saying import say

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = ("", "plain", "two\nlines\n", "größer → 漢", "\x1b[1;31mred\x1b[0m", "\x1b]8;;x\x07", "\udc80", "nul\0")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("nl", [True, False])
@pytest.mark.parametrize("err", [True, False])
@pytest.mark.parametrize("is_coloured", [True, False])
def test_it_says_what_click_says(
    encoding: str, nl: bool, err: bool, is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in TEXTS:
        ours = told(partial(say, text, nl=nl, err=err, is_coloured=is_coloured), encoding, monkeypatch)
        clicks = told(partial(click.echo, text, nl=nl, err=err, color=is_coloured or None), encoding, monkeypatch)
        assert ours == clicks, text


def told(speak: Callable[[], None], encoding: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    """What stands on stdout and on stderr, both of an encoding, as `run` opens them."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding, "backslashreplace") for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        speak()
    out, err = (stream.buffer.getvalue() for stream in streams if isinstance(stream.buffer, io.BytesIO))
    return out, err
