"""The plainest command lines understood without click, whose import takes three times as long as Python's start.

`[-C DIR] [-q] compile [-C DIR] [-q] [--check] [MANIFEST]...` and `[-C DIR] [-q] diff [-C DIR] [-q] [--raw] [MANIFEST]`:
whatever else is said, and all that is wrong, is click's.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_QUIET = ("-q", "--quiet")
_FLAGS = {"compile": {"--check": "check"}, "diff": {"--raw": "raw"}}
"""Command -> what it alone may be told."""
_DIRECTORY = ("-C", "--directory")
_COMPLETING = "_PERIPLUS_COMPLETE"


class Asked:
    """Which command is asked what: where it runs as if started there, which manifests, and the flags."""

    def __init__(self, words: "Sequence[str]") -> None:
        """What these words ask for. Raises ValueError where it is anything else, OSError where there is no folder."""
        self.command = ""
        self.flags: set[str] = set()
        self.directory = os.getcwd()
        self.manifests: list[str] = []
        given = iter(words)
        for word in given:
            if word in _QUIET:
                self.flags.add("quiet")
            elif word in _DIRECTORY:
                self.directory = os.path.join(self.directory, _plain(next(given, "")))
                _insist(os.path.isdir(self.directory))
            elif self.command and word in _FLAGS[self.command]:
                self.flags.add(_FLAGS[self.command][word])
            elif self.command:
                self.manifests.append(_plain(word))
            else:
                _insist(word in _FLAGS)
                self.command = word
        _insist(bool(self.command) and _COMPLETING not in os.environ)
        _insist(self.command == "compile" or len(self.manifests) <= 1)


def understood(words: "Sequence[str]") -> Asked | None:
    """What these words ask for, None where click must tell."""
    try:
        return Asked(words)
    except (OSError, ValueError):
        return None


def _plain(word: str) -> str:
    _insist(bool(word) and not word.startswith("-"))
    return word


def _insist(is_plain: bool) -> None:  # noqa: FBT001 - reads like a sentence
    if not is_plain:
        message = "click must read this"
        raise ValueError(message)
