"""Which host ports Docker's containers publish; without Docker, or where it does not answer at once, none."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from compiler.model.host import Listener
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_PATIENCE_S = 3
_FIELDS = '{{.Names}}\t{{.Label "com.docker.compose.project"}}\t{{.Ports}}'
_PUBLISHED = regex(r"(?P<address>\S+):(?P<first>\d+)(?:-(?P<last>\d+))?->\S+/tcp")


def published(ports: Collection[int]) -> tuple[Listener, ...]:
    """The running containers that publish one of the ports, as listeners."""
    docker = shutil.which("docker")
    if not ports or docker is None:
        return ()
    command = [docker, "ps", "--no-trunc", "--format", _FIELDS]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=True)  # noqa: S603 - our words
    except (OSError, subprocess.SubprocessError):
        return ()
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return tuple(dict.fromkeys(one for line in lines for one in _told(line) if one.port in ports))


def _told(line: str) -> Iterator[Listener]:
    """`shop-web-1<tab>shop<tab>0.0.0.0:8000->80/tcp, [::]:8000->80/tcp, 9000/tcp`."""
    name, project, told = (*line.split("\t"), "", "")[:3]
    for match in _PUBLISHED.finditer(told):
        for port in range(int(match["first"]), int(match["last"] or match["first"]) + 1):
            yield Listener(port, match["address"].strip("[]"), container=name, project=project)
