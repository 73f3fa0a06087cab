"""Who listens on this machine's TCP ports now: what Linux tells without root, elsewhere whether a port can be had."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.model.host import Listener
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_TABLES = ("net/tcp", "net/tcp6")
_LISTENING = "0A"
_SOCKET = regex(r"socket:\[(\d+)\]")
_WORD = 8
_ANYWHERE = ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"))  # noqa: S104 - tried, nothing is served there
_HERE = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class _Socket(NamedTuple):
    port: int
    address: str
    inode: str


def listeners(ports: Collection[int], proc: Path = Path("/proc")) -> tuple[Listener, ...]:
    """Who listens on the ports, by port and address; a process that several sockets belong to is told for each."""
    if not ports:
        return ()
    tables = [table for table in _TABLES if (proc / table).is_file()]
    if not tables:
        return tuple(_tried(ports))
    sockets = sorted(one for table in tables for one in _sockets(proc / table) if one.port in ports)
    holders = _holders(proc, {one.inode for one in sockets})
    found = (Listener(one.port, one.address, *holders.get(one.inode, ("", 0))) for one in sockets)
    return tuple(dict.fromkeys(found))


def _sockets(table: Path) -> Iterator[_Socket]:
    """The listening sockets of a table: `sl local_address rem_address st … inode` (proc(5), `/proc/net/tcp`)."""
    for line in table.read_text(encoding="ascii", errors="replace").splitlines()[1:]:
        words = line.split()
        if words[3] == _LISTENING:
            address, port = words[1].split(":")
            yield _Socket(int(port, 16), _address(address), words[9])


def _address(written: str) -> str:
    """An address that is written as words in the machine's byte order."""
    words = (written[start : start + _WORD] for start in range(0, len(written), _WORD))
    packed = b"".join(socket.ntohl(int(word, 16)).to_bytes(4, "big") for word in words)
    address = ipaddress.ip_address(packed)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _holders(proc: Path, inodes: Collection[str]) -> dict[str, tuple[str, int]]:
    """Name and number of the process that holds a socket, the oldest of several; others' processes may not tell."""
    found: dict[str, tuple[str, int]] = {}
    pids = sorted((int(entry.name) for entry in proc.iterdir() if entry.name.isdigit()), reverse=True) if inodes else []
    for pid in pids:
        for inode in _held(proc / str(pid) / "fd"):
            if inode in inodes:
                found[inode] = (_name(proc / str(pid)), pid)
    return found


def _held(folder: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):  # gone, or somebody else's
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                match = _SOCKET.fullmatch(os.readlink(entry.path))  # noqa: PTH115 - thousands of them
                if match:
                    yield match[1]


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _tried(ports: Collection[int]) -> Iterator[Listener]:
    """Where a port cannot be had since somebody has it; on BSD a specific address can be had beside a wildcard."""
    for port in sorted(ports):
        for family, address in (*_ANYWHERE, *_HERE):
            if _is_taken(family, address, port):
                yield Listener(port, address)
                break


def _is_taken(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that just ended is nobody's
            if family is socket.AF_INET6:
                trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            trial.bind((address, port))
    except OSError as problem:
        return problem.errno == errno.EADDRINUSE
    return False
