"""Compiling starts no process and opens no connection, whatever the manifest holds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.commands.project import surroundings, write

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      shop:
    environment:
      LABEL: "{{ self.__init__.__globals__ }}"
services:
  web:
    build:
      context: ./web
      args:
        NAME: "$(touch owned) `touch owned` {{ 7 * 7 }} {% raw %}"
    role: "'; touch owned; #"
    port: 8000
    command: sh -c "touch owned"
    migrate: touch owned
    environment:
      DB: ${postgres.shop.url}
      EVIL: "'; DROP TABLE users; --\\n$(touch owned)\\u0060touch owned\\u0060"
    healthcheck:
      command: touch owned
gateway:
  type: nginx
  routes:
    - path: /
      service: web
tests:
  api:
    - request: POST web /
      json: '{"x": "$(touch owned)"}'
"""
WATCHED = """\
import sys
RUNNING = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.", "socket.", "urllib.", "ctypes.")
told = []
def watch(event, arguments):
    if event.startswith(RUNNING):
        told.append(event)
sys.addaudithook(watch)
from compiler.cli import run
code = run(["compile"])
print("left with", code, "after", told)
"""


def test_compiling_starts_no_process_and_asks_no_network(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"integration.yaml": MANIFEST, "web/Dockerfile": "FROM python:3.12\nRUN touch owned\n"})
    command = [sys.executable, "-c", WATCHED]
    done = subprocess.run(
        command, cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert "left with 0 after []" in done.stdout, done.stderr
    assert not list(tmp_path.rglob("owned"))
