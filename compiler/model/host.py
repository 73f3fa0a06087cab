"""What runs on this machine now, as far as it can be known."""

from __future__ import annotations

from compiler.text.named import NamedTuple


class Listener(NamedTuple):
    """Who listens on a host port at an address of this machine.

    `process` and `pid` are empty and 0 where the machine does not tell, and for a port that a container publishes;
    `container` is then its name and `project` its Compose project, empty without one.
    """

    port: int
    address: str
    process: str = ""
    pid: int = 0
    container: str = ""
    project: str = ""
