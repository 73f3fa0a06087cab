"""Properties are tried on the same examples everywhere, and never against the clock."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("periplus", deadline=None, derandomize=True)
settings.load_profile("periplus")
