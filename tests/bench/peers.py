"""The peers that could be run: each with the chain's services, in the way that is its own.

`peers.sh` sets up what `docker compose` is not; a peer that is not there is told, never guessed.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.manifests import MANIFEST, chain
from tests.bench.measure import Work

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
_HERE = Path(__file__).parent
_SET_UP = ROOT / ".bench"
_BIN = _SET_UP / "venv" / "bin"
_MODULES = _SET_UP / "node" / "node_modules"
COMPOSE, CDK8S, COPIER, PROJEN, YAMLLINT = "docker compose", "cdk8s", "copier", "projen", "yamllint"


class Peer(NamedTuple):
    """A program to be compared with: what it does with the services, its version ("" where it is not there), its work.

    The work is asked for with a number of services and a folder of its own.
    """

    name: str
    does: str
    version: str
    work: Callable[[int, Path], Work]


def peers() -> tuple[Peer, ...]:
    """All peers, also those that are not there."""
    return (
        Peer(COMPOSE, "`config -q`: reads and resolves the Compose file", _compose_version(), _compose),
        Peer(CDK8S, "a program: a Deployment and a Service each", _node_version("cdk8s"), _cdk8s),
        Peer(PROJEN, "a program: one Compose file, nothing after it", _node_version("projen"), _projen),
        Peer(COPIER, "`copy`: five templates over the services", _python_version("copier"), _copier),
        Peer(YAMLLINT, "reads the manifest, and writes nothing", _python_version("yamllint"), _yamllint),
    )


def _compose(size: int, folder: Path) -> Work:
    """On the committed Compose file of `compose/`."""
    kept = _HERE / "compose" / f"{size}.yaml"
    packed = kept.with_suffix(".yaml.gz")
    file = folder / "compose.yaml"
    file.write_bytes(gzip.decompress(packed.read_bytes()) if packed.exists() else kept.read_bytes())
    return Work((_which("docker"), "compose", "-f", str(file), "config", "-q"), folder)


def _cdk8s(size: int, folder: Path) -> Work:
    return _program("cdk8s.js", size, folder)


def _projen(size: int, folder: Path) -> Work:
    return _program("projen.js", size, folder)


def _program(file: str, size: int, folder: Path) -> Work:
    surroundings = {"NODE_PATH": str(_MODULES), "PROJEN_DISABLE_POST": "1"}
    command = (_which("node"), str(_HERE / "peers" / file), str(size))
    return Work(command, folder, lambda: _empty(folder), surroundings=surroundings)


def _copier(size: int, folder: Path) -> Work:
    answers = folder.with_name(f"{folder.name}.answers.yaml")
    answers.write_text(_answers(size), encoding="utf-8")
    command = (str(_BIN / "copier"), "copy", "--quiet", "--defaults", "--data-file", str(answers))
    return Work((*command, str(_HERE / "peers" / "copier"), "."), folder, lambda: _empty(folder))


def _yamllint(size: int, folder: Path) -> Work:
    (folder / MANIFEST).write_text(chain(size), encoding="utf-8")
    return Work((str(_BIN / "yamllint"), MANIFEST), folder)


def _answers(size: int) -> str:
    """The services of the chain as copier's template asks for them."""
    lines = ["services:"]
    for index in range(size):
        lines += [f"  - name: s{index}", "    image: registry.example/service:1", "    port: 8000"]
        lines += [f"    host_port: {20000 + index}", "    liveness: /health"]
        lines += [f"    before: s{index - 1}"] if index else []
        lines += ["    environment:", f"      NAME: s{index}"]
        lines += [] if index % 10 else [f"      DATABASE_URL: postgresql://d{index}:secret@db:5432/d{index}"]
        lines += [f"      BEFORE_URL: http://s{index - 1}:8000"] if index else []
    return "".join(f"{line}\n" for line in lines)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _which(name: str) -> str:
    return shutil.which(name) or name


def _compose_version() -> str:
    return _said(_which("docker"), "compose", "version", "--short")


def _python_version(name: str) -> str:
    return _said(str(_BIN / name), "--version").split(" ")[-1]


def _node_version(name: str) -> str:
    return _said(_which("node"), "-p", f"require('{_MODULES / name}/package.json').version")


def _said(*command: str) -> str:
    """The first line of what a command says; nothing where it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0]
