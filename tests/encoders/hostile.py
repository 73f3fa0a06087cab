"""A manifest that carries every text of the corpus in every field where a person may write freely."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml  # type: ignore[import-untyped]

from tests.encoders.corpus import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS: tuple[str, ...] = tuple(text for text in TEXTS if "\0" not in text)
"""All that a manifest may say: it refuses NUL."""


class Hostile(NamedTuple):
    """The texts that a manifest carries, and those of them that may stand in some places only."""

    words: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """What is not left out for being empty."""
        return [text for text in self.words if text]

    @property
    def defaults(self) -> list[str]:
        """What Compose can take for the default or the message of a variable."""
        return [text for text in self.words if not re.search(r"[{}$\n]", text)]

    @property
    def paths(self) -> list[str]:
        """What a file or folder below the manifest's may be called, where it is a volume's source."""
        return [text for text in self.words if re.fullmatch(r"(?![./~\s])[^:$\x00-\x1f\x7f]+(?<!/)", text)]

    @property
    def sent(self) -> list[str]:
        """What is no saved value of a test."""
        return [text for text in self.words if "${uri}" not in text]

    @property
    def lines(self) -> list[str]:
        """What is sent, and stands on one line."""
        return [text for text in self.sent if text and not re.search(r"[\r\n]", text)]


def hostile_manifest(hostile: Hostile) -> str:
    """The text of the manifest: a service, a secret, a variable and a request for each text."""
    return "\n".join(_lines(hostile)) + "\n"


def quoted(text: str) -> str:
    """A text as PyYAML writes it, in double quotes on one line."""
    written: str = yaml.dump(text, default_style='"', width=10**9, allow_unicode=True)
    return written.strip()


def _lines(hostile: Hostile) -> Iterator[str]:
    words, told = hostile.words, hostile.told
    yield from ("version: 1", "name: hostile", "ports:", "  range: 20000-21999", "secrets:")
    for number, text in enumerate(told):
        how = ("generated", "required")[number % 2]
        yield from (f"  S{number}:", f"    value: {how}", f"    description: {quoted(text)}")
    yield from ("infrastructure:", "  cache:", "    type: redis", "    config:", *_entries("      k", words))
    yield from ("    environment:", *_entries("      K", words), "services:")
    for number, text in enumerate(told):
        yield from _service(number, text)
    yield from ("  all:", "    build:", "      context: .", "      args:", *_entries("        A", words))
    yield from ("    port: 8000", "    healthcheck:", "      command:", "        - ask")
    yield from (f"        - {_value(text)}" for text in words)
    yield from ("    command:", "      - run", *(f"      - {_value(text)}" for text in words))
    yield from ("    environment:", "      CACHE: ${cache.url}", *_entries("      E", words))
    yield from (f"      SECRET{number}: ${{secrets.S{number}}}" for number in range(len(told)))
    yield from (f"      D{number}: {quoted(f'${{D{number}:-{text}}}')}" for number, text in enumerate(hostile.defaults))
    yield from (f"      M{number}: {quoted(f'${{M{number}:?{text}}}')}" for number, text in enumerate(hostile.defaults))
    yield from ("    compose:", "      labels:", *_entries("        l", words), "    volumes:")
    yield from (f"      - {quoted(f'./{text}:/{number}/{text}')}" for number, text in enumerate(hostile.paths))
    yield from _tests(hostile)


def _entries(name: str, words: Sequence[str]) -> Iterator[str]:
    return (f"{name}{number}: {_value(text)}" for number, text in enumerate(words))


def _service(number: int, text: str) -> Iterator[str]:
    yield from (f"  s{number}:", "    image: nginx:1.27", f"    role: {quoted(text)}")
    if number:
        yield from (
            "    depends_on:",
            f"      s{number - 1}:",
            f"        purpose: {quoted(text)}",
            "        condition: none",
        )


def _tests(hostile: Hostile) -> Iterator[str]:
    yield from ("tests:", "  api:", "    - request: GET all /", "      headers:")
    yield from (f"        X-{number}: {quoted(text)}" for number, text in enumerate(hostile.sent))
    for text in hostile.sent:
        if text:
            yield from ("    - request: POST all /", f"      json: {quoted(text)}", f"      contains: {quoted(text)}")
    yield from (f"    - {quoted(f'GET all /{text}')}" for text in hostile.sent if not re.search(r"\s", text))
    yield "  smoke:"
    for text in hostile.lines:
        yield from (f"    - name: {quoted(text)}", "      steps:", "        - request: GET all /", "          save:")
        yield from (f"            saved: {quoted(f'.{text}')}", "        - request: GET all /${saved}")


def _value(text: str) -> str:
    """A text of which no part is a reference or a variable."""
    return quoted(text.replace("$", "$$"))
