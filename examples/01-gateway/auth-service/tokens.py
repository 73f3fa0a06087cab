"""JSON Web Tokens, signed with HMAC-SHA256 (RFC 7519, RFC 7515), by the standard library alone."""

import base64
import hashlib
import hmac
import json
from typing import Any

HEADER = {"alg": "HS256", "typ": "JWT"}


class InvalidTokenError(Exception):
    """The token is malformed, was not signed with this key, or has expired."""


def sign(claims: dict[str, Any], key: str) -> str:
    """Give back the claims as a signed compact token."""
    payload = f"{_encode(_json(HEADER))}.{_encode(_json(claims))}"
    return f"{payload}.{_signature(payload, key)}"


def verify(token: str, key: str, now: float) -> dict[str, Any]:
    """Give back the claims of a token that is genuine at `now` (seconds since 1970), else raise `InvalidTokenError`."""
    payload, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(payload, key).encode()):
        raise InvalidTokenError("the signature does not match")
    header, claims = (_decode(part) for part in payload.split("."))
    if header != HEADER:
        raise InvalidTokenError("only HS256 is accepted")
    if claims["exp"] <= now:
        raise InvalidTokenError("the token has expired")
    return claims


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _signature(payload: str, key: str) -> str:
    return _encode(hmac.digest(key.encode(), payload.encode(), hashlib.sha256))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(part: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value
