"""One digest for whatever must be known again; light, for the door to import."""

try:  # `hashlib` brings OpenSSL with it, which takes a third of the start of Python
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SIZE = 32


def digest_of(pieces: "Iterable[bytes | memoryview]") -> str:
    """The digest of some bytes that come in pieces; where one ends makes no difference."""
    state = blake2b(digest_size=_SIZE)
    for piece in pieces:
        state.update(piece)
    return state.hexdigest()
