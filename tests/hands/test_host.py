from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.hands.host import _address, _tried, listeners
from compiler.model.host import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LINUX = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells")


@pytest.fixture
def sockets() -> Iterator[dict[str, int]]:
    """Ports that this process listens on, by address; `idle` is bound, nobody listens there."""
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as here,
        closing(socket.create_server(("", 0))) as anywhere,
        closing(socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)) as both,
        closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as six,
        closing(socket.socket()) as idle,
    ):
        idle.bind(("127.0.0.1", 0))
        every = {"127.0.0.1": here, "0.0.0.0": anywhere, "::": both, "::1": six, "idle": idle}
        yield {address: one.getsockname()[1] for address, one in every.items()}


@LINUX
def test_who_listens_with_name_and_number(sockets: dict[str, int]) -> None:
    name = Path("/proc/self/comm").read_text().strip()
    expected = {Listener(port, at, name, os.getpid()) for at, port in sockets.items() if at != "idle"}
    assert set(listeners(set(sockets.values()))) == expected


def test_where_nobody_tells_it_is_tried(sockets: dict[str, int], tmp_path: Path) -> None:
    found = {one.port: one.address for one in listeners(set(sockets.values()), tmp_path)}
    assert all(port in found for at, port in sockets.items() if at != "idle")
    assert not {one.pid for one in _tried(sockets.values())} - {0}


def test_no_port_is_asked_for() -> None:
    assert listeners(()) == ()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1", "::"])
def test_an_address_as_the_table_has_it(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    packed = socket.inet_pton(family, address)
    words = (int.from_bytes(packed[start : start + 4], "big") for start in range(0, len(packed), 4))
    assert _address("".join(f"{socket.htonl(word):08X}" for word in words)) == address


def row(address: str, port: int, state: str, inode: int) -> str:
    """A line of the table, as proc(5) has it."""
    word = f"{socket.htonl(int.from_bytes(socket.inet_aton(address), 'big')):08X}"
    return (
        f"   0: {word}:{port:04X} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000  0 {inode} 1 0\n"
    )


def test_of_many_processes_the_oldest_is_told_and_what_is_secret_is_not(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    rows = row("127.0.0.1", 8000, "0A", 77) + row("127.0.0.1", 8001, "0A", 78) + row("127.0.0.1", 8002, "01", 79)
    (tmp_path / "net" / "tcp").write_text(HEAD + rows)
    for pid, name in ((30, "worker\n"), (7, "master\n"), (9, None)):
        (tmp_path / str(pid) / "fd").mkdir(parents=True)
        (tmp_path / str(pid) / "fd" / "3").symlink_to("socket:[77]" if name else "/dev/null")
        if name:
            (tmp_path / str(pid) / "comm").write_text(name)
    (tmp_path / "self").mkdir()
    (tmp_path / "11").mkdir()
    assert listeners(range(8000, 8003), tmp_path) == (
        Listener(8000, "127.0.0.1", "master", 7),
        Listener(8001, "127.0.0.1"),
    )
