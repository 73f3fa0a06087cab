"""Periplus: a declarative manifest compiler for integration environments."""

__version__ = "0.1.0"
