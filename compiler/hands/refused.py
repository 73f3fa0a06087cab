"""What is refused for a person's sake; apart, so that the door of the command line knows it and nothing else."""

from __future__ import annotations


class RefusedError(Exception):
    """To go on would lose what a person wrote, or leave the output directory."""
