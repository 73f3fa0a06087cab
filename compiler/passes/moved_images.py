"""Images that are no longer where everybody's examples have them: data, each with when that was last looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compiler.text.image import ImageReference

_NUMBERS = regex(r"v?(\d+)(?:\.(\d+))?(?:[.-].*)?")


class Moved(NamedTuple):
    """`repository` is one of a registry (empty: Docker's Hub), or with `/` at its end all below that name.

    Only tags above `newest_free` (major and minor) are meant, and those that are no number, where that is given; not
    where the variable `unless` is set for the container.
    """

    registry: str
    repository: str
    happened: str
    remedy: str
    verified_on: str
    newest_free: tuple[int, int] | None = None
    unless: str = ""


_MOVED = (
    Moved(
        "",
        "bitnami/",
        "its tags moved to `bitnamilegacy` in 2025, where they get no updates",
        "use the official image of the program, or `bitnamilegacy` until then",
        "2026-11",
    ),
    Moved(
        "",
        "minio/minio",
        "it was deleted from Docker's Hub in September 2026",
        "use another object store (rustfs, garage, seaweedfs); `quay.io/minio/minio` is a last copy without updates",
        "2026-11",
    ),
    Moved(
        "quay.io",
        "minio/minio",
        "it gets no updates since the project was archived in 2026",
        "use another object store (rustfs, garage, seaweedfs)",
        "2026-11",
    ),
    Moved(
        "",
        "localstack/localstack",
        "what is newer than 4.12 does not start without an account's `LOCALSTACK_AUTH_TOKEN` since March 2026",
        "write `localstack/localstack:4.12`, or set `LOCALSTACK_AUTH_TOKEN` from a secret",
        "2026-11",
        newest_free=(4, 12),
        unless="LOCALSTACK_AUTH_TOKEN",
    ),
)


_NAMES = tuple(moved.repository for moved in _MOVED)


def moved_image(image: ImageReference, environment: Mapping[str, object]) -> Moved | None:
    """What became of an image, None where nothing did that matters to a container with this environment."""
    for moved in _MOVED if image.repository.startswith(_NAMES) else ():
        is_there = image.is_on_hub if not moved.registry else image.registry == moved.registry
        is_meant = f"{image.repository}/".startswith(f"{moved.repository.rstrip('/')}/")
        if is_there and is_meant and moved.unless not in environment and not _is_free(image.tag, moved.newest_free):
            return moved
    return None


def _is_free(tag: str, newest: tuple[int, int] | None) -> bool:
    numbers = _NUMBERS.fullmatch(tag)
    if newest is None or numbers is None:
        return False
    major, minor = numbers.groups(default="")
    return (int(major), int(minor)) <= newest if minor else int(major) < newest[0]
