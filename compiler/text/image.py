"""References of images: `registry.example:5000/shop/web:1.4@sha256:…`, taken apart as container engines do.

The grammar is that of github.com/distribution/reference, which Docker, Podman and containerd share; matched in full,
ASCII only.
"""

from __future__ import annotations

import re

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

_DOMAIN = regex(
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])"
    r"(?::[0-9]+)?",
    re.ASCII,
)
_PATH = regex(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*", re.ASCII)
_TAG = regex(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = regex(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}", re.ASCII)
_HEXADECIMAL = regex(r"[a-f0-9]{64}", re.ASCII)
_LONGEST = 255
_HUB = frozenset({"", "docker.io", "index.docker.io", "registry-1.docker.io"})


class ImageReference(NamedTuple):
    """`registry` and `tag` are empty where none is written; `repository` is without `library/` on Docker's Hub."""

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def is_on_hub(self) -> bool:
        """Whether Docker's Hub is asked for it."""
        return self.registry in _HUB


def image_reference(text: str) -> ImageReference | None:
    """The parts of a reference; None for what no engine accepts."""
    rest, has_digest, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, has_tag, tag = last.partition(":")
    registry, path = _registry(f"{head}{slash}{last}")
    is_short = len(f"{registry}/{path}") <= _LONGEST
    if (
        not is_short
        or not _PATH.fullmatch(path)
        or _HEXADECIMAL.fullmatch(path)
        or (registry and not _DOMAIN.fullmatch(registry))
    ):
        return None
    if (has_tag and not _TAG.fullmatch(tag)) or (has_digest and not _DIGEST.fullmatch(digest)):
        return None
    return ImageReference(registry, path.removeprefix("library/") if registry in _HUB else path, tag, digest)


def _registry(name: str) -> tuple[str, str]:
    """A first part with a dot, a port or a capital letter, or `localhost`, is the registry's."""
    first, slash, path = name.partition("/")
    is_registry = bool(slash) and (first == "localhost" or first != first.lower() or not {".", ":"}.isdisjoint(first))
    return (first, path) if is_registry else ("", name)
