"""Configuration comes from the environment only, and what is missing is said at start-up."""

import os
import sys


def required(*names: str) -> list[str]:
    """Give back the values of these environment variables; end the process when one is missing or empty."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        sys.exit(f"cannot start: environment variable not set: {', '.join(missing)}")
    return [os.environ[name] for name in names]
