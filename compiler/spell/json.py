"""JSON: two spaces, keys in the order given, readable letters, a final line break."""

from __future__ import annotations

import json

from compiler.spell.encoded import Encoded


def json_document(value: object) -> Encoded:
    """A document. Raises TypeError for a value that JSON has no word for."""
    return Encoded(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
