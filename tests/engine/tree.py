"""A project of its own on the real engine: a copy of an example, or a small manifest, under a name nobody else has.

Every copy has its own project name, networks and host ports, so copies, leftovers and the person's own examples never
meet. Whatever a project left on the engine is found by its name and removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300
"""No command of these tests may take longer: far more than a busy machine needs, so that only what hangs ends here."""
PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
PORTS = 120
"""As many host ports in a row belong to each copy: more than any example's range holds."""

_blocks = iter(random.sample(range(20_000, 32_000, PORTS), 100))
"""Below the ports that Linux and macOS hand out by themselves, also for Docker."""
_signs: list[socket.socket] = []

_Answer = TypeVar("_Answer")


class Ran(NamedTuple):
    """A command that has ended."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        """What it said, on both streams."""
        return self.out + self.err

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\nended with {self.code} after {self.seconds:.1f} s\n{self.text}"


class Container(NamedTuple):
    """A container as the engine sees it; `health` is empty without a check, times are seconds since 1970 or 0."""

    id: str
    name: str
    status: str
    health: str
    exit_code: int
    started: float
    finished: float


def run(
    command: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = PATIENCE_S,
    feed: str = "",
) -> Ran:
    """Run a command to its end, with `feed` on its standard input; past `seconds` it is killed, children and all."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(feed, timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        message = f"{' '.join(command)}: not ended after {seconds} s, and killed\n{out}{err}"
        raise AssertionError(message) from None
    return Ran(tuple(command), process.returncode, out, err, time.monotonic() - began)


def docker(*arguments: str, seconds: float = PATIENCE_S, feed: str = "") -> str:
    """What a docker command says; fails where it fails."""
    done = run(["docker", *arguments], seconds=seconds, feed=feed)
    assert done.code == 0, str(done)
    return done.out.strip()


def eventually(question: Callable[[], _Answer], seconds: float, what: str) -> _Answer:
    """The first answer that is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return answer


def is_listening(port: int) -> bool:
    """Whether somebody takes connections on this machine's port."""
    with contextlib.closing(socket.socket()) as asked:
        asked.settimeout(2)
        return asked.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, path: str) -> tuple[int, str]:
    """Status and text of a GET to this machine's port; status 0 where nobody answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def free_ports() -> int:
    """The first of PORTS ports in a row that are free now, and ours as long as this process lives.

    A copy that is down holds none of its ports, so that a port is free does not say that nobody will want it: no block
    is given twice, here or by another run on this machine. Its last port, which no copy uses, is the sign: we bind it.
    """
    for first in _blocks:
        if all(map(_is_free, range(first, first + PORTS - 1))):
            sign = socket.socket()
            with contextlib.suppress(OSError):
                sign.bind(("127.0.0.1", first + PORTS - 1))
                _signs.append(sign)
                return first
    message = f"no {PORTS} free ports in a row"
    raise AssertionError(message)


def _is_free(port: int) -> bool:
    with contextlib.closing(socket.socket()) as asked:
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Tree:
    """A manifest with its sources in a folder of its own, compiled by the real command.

    `project` is its name, `output` the generated tree, `environment` what every command is given beside this
    process's own variables (the host ports that a manifest cannot move are in it).
    """

    def __init__(self, folder: Path, project: str) -> None:
        self.folder = folder
        self.project = project
        self.output = folder / "integration"
        self.environment: dict[str, str] = {"TMPDIR": str(folder.parent)}

    # ---- making it ----

    @classmethod
    def of_example(cls, example: str, within: Path) -> Tree:
        """A copy of an example, as a fresh clone has it, renamed, moved to free ports and compiled."""
        kept_out = shutil.ignore_patterns(".env", "unchanged", "__pycache__", "node_modules")
        folder = within / secrets.token_hex(3) / example
        shutil.copytree(ROOT / "examples" / example, folder, ignore=kept_out)
        return cls._settled(folder)

    @classmethod
    def of_files(cls, files: Mapping[str, str], within: Path) -> Tree:
        """A small project from its files; its manifest is `integration.yaml`, renamed and moved like an example's."""
        folder = within / secrets.token_hex(3) / "project"
        for path, text in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return cls._settled(folder)

    @classmethod
    def _settled(cls, folder: Path) -> Tree:
        (folder / ".git").mkdir()  # the repository ends here
        manifest = (folder / "integration.yaml").read_text(encoding="utf-8")
        written = re.search(r"^name: (\S+)$", manifest, re.MULTILINE)
        assert written, "the manifest has no name"
        tree = cls(folder, f"{written[1]}-{secrets.token_hex(3)}")
        ports = re.search(r"^  range: (\d+)-\d+$", manifest, re.MULTILINE)
        shift = free_ports() - int(ports[1]) if ports else 0
        for path in ("integration.yaml", "PORT_REGISTRY.json", "integration.lock.json"):
            file = folder / path
            if file.is_file():
                text = file.read_text(encoding="utf-8").replace(written[1], tree.project)
                file.write_text(_moved(text, shift, path), encoding="utf-8")
        tree.recompile()
        for text in (file.read_text(encoding="utf-8") for file in tree.output.glob("docker-compose*.yml")):
            for variable in re.findall(r"\$\{([A-Z_]+_DEBUG_PORT):-", text):
                tree.environment[variable] = str(free_ports())
        return tree

    def periplus(self, *arguments: str) -> Ran:
        """Run a command of Periplus in the folder of the manifest; fails where it fails."""
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        done = run([sys.executable, "-m", "compiler", *arguments], self.folder, environment)
        assert done.code == 0, str(done)
        return done

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the folder."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def recompile(self) -> None:
        """Compile the manifest as it now stands; fails where the compiler does."""
        self.periplus("compile")

    @property
    def plan(self) -> dict[str, Any]:
        """What `plan.json` says of the environment `dev`."""
        plan: dict[str, Any] = json.loads((self.output / "plan.json").read_text(encoding="utf-8"))["plan"]
        return plan

    def planned(self) -> dict[str, Any]:
        """What `periplus plan` says of the manifest as it now stands."""
        plan: dict[str, Any] = json.loads(self.periplus("plan", "--format", "json").out)["plan"]
        return plan

    # ---- running it ----

    def script(self, name: str, *arguments: str, seconds: float = PATIENCE_S, **variables: str) -> Ran:
        """Run `scripts/NAME.sh` as a person would, from another folder."""
        command = [str(self.output / "scripts" / f"{name}.sh"), *arguments]
        return run(command, self.folder, {**self.environment, **variables}, seconds)

    def start(self, *arguments: str, seconds: float = PATIENCE_S, **variables: str) -> Ran:
        """Run `scripts/start.sh`; fails where it fails."""
        done = self.script("start", *arguments, seconds=seconds, **variables)
        assert done.code == 0, str(done)
        return done

    def compose(self, *arguments: str, seconds: float = PATIENCE_S) -> Ran:
        """Run plain `docker compose` in the output, as a person would; fails where it fails."""
        done = run(["docker", "compose", *arguments], self.output, self.environment, seconds)
        assert done.code == 0, str(done)
        return done

    # ---- looking at it ----

    def values(self) -> dict[str, str]:
        """What `.env` holds, of the plain form that the scripts write."""
        lines = (self.output / ".env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))

    def containers(self) -> dict[str, Container]:
        """The project's containers by service."""
        mine = (f"--filter=label={PROJECT}={self.project}", "--filter=label=com.docker.compose.oneoff=False")
        found = docker("ps", "--all", "--quiet", "--no-trunc", *mine).split()
        inspected = json.loads(docker("inspect", *found)) if found else []
        return {each["Config"]["Labels"][SERVICE]: _container(each) for each in inspected}

    def ids(self, *without: str) -> dict[str, str]:
        """The ids of the containers by service, jobs and those named left out."""
        left_out = {*without, *(name for name, unit in self.plan["units"].items() if unit["kind"] == "job")}
        return {name: each.id for name, each in self.containers().items() if name not in left_out}

    def port(self, service: str, inside: int) -> int:
        """The host port at which a container's port is published."""
        published = docker("port", self.containers()[service].id, f"{inside}/tcp")
        return int(published.splitlines()[0].rpartition(":")[2])

    def inside(self, service: str, *command: str, **variables: str) -> Ran:
        """Run a command in a service's container."""
        options = [word for name in variables for word in ("--env", name)]
        container = self.containers()[service].id
        return run(["docker", "exec", *options, container, *command], environment=variables)

    def sql(self, statement: str, user: str, password: str, database: str, service: str = "postgres") -> Ran:
        """What psql says to a statement, over the network: 127.0.0.1 is trusted by the image, whatever the password."""
        options = ("-X", "-w", "-qtA", "-v", "ON_ERROR_STOP=1")
        where = ("-h", service, "-U", user, "-d", database)
        return self.inside(
            service, "psql", *options, *where, "-c", statement, PGPASSWORD=password, PGCONNECT_TIMEOUT="5"
        )

    def ready_at(self, service: str, sign: str) -> float:
        """When a service's log last held a sign of readiness, in seconds since 1970."""
        logs = run(["docker", "logs", "--timestamps", self.containers()[service].id]).text
        moments = [moment(line.partition(" ")[0]) for line in logs.splitlines() if re.search(sign, line)]
        assert moments, f"`{sign}` is not in the log of {service}:\n{logs}"
        return max(moments)

    def asking_s(self, service: str) -> float:
        """How long the slowest of the last health checks took, in seconds; 0 without a check."""
        health = docker("inspect", "--format", "{{json .State.Health}}", self.containers()[service].id)
        log = (json.loads(health) or {"Log": []})["Log"]
        return max((moment(each["End"]) - moment(each["Start"]) for each in log), default=0.0)

    def volumes(self) -> set[str]:
        """The volumes that bear the project's label."""
        return set(docker("volume", "ls", "--quiet", f"--filter=label={PROJECT}={self.project}").split())

    def report(self) -> str:
        """The state and the last log lines of every container, for whoever reads a failure."""
        parts = []
        for service, each in self.containers().items():
            logs = run(["docker", "logs", "--tail", "15", each.id]).text
            state = f"{each.status} {each.health or '(no check)'}, exit code {each.exit_code}"
            parts.append(f"-- {service}: {state}\n{logs}")
        return "\n".join(parts) or "no container"

    # ---- leaving nothing ----

    def remove(self) -> None:
        """Remove every container, volume, network and image of this project and of its test copies, and the files."""
        for what, remove in _REMOVALS.items():
            if found := self._left(what):
                run(["docker", *remove, *found])
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        left = {what: found for what in _REMOVALS if (found := self._left(what))}
        assert not left, f"{self.project} left on the engine: {left}"

    def _left(self, what: str) -> list[str]:
        """The first words of a listing's lines whose second word is the project's name, or begins with it."""
        lines = (line.split() for line in docker(*_LISTINGS[what]).splitlines())
        owned = re.compile(rf"{re.escape(self.project)}([_-].*)?")
        return sorted({line[0] for line in lines if len(line) > 1 and owned.fullmatch(line[1])})


_LISTINGS = {
    "containers": ("ps", "--all", f'--format={{{{.ID}}}} {{{{.Label "{PROJECT}"}}}}'),
    "volumes": ("volume", "ls", f'--format={{{{.Name}}}} {{{{.Label "{PROJECT}"}}}}'),
    "networks": ("network", "ls", "--format={{.ID}} {{.Name}}"),
    "images": ("images", "--format={{.Repository}}:{{.Tag}} {{.Repository}}"),
}
_REMOVALS = {
    "containers": ("rm", "--force", "--volumes"),
    "volumes": ("volume", "rm", "--force"),
    "networks": ("network", "rm"),
    "images": ("image", "rm", "--force"),
}


class Events:
    """What the engine says of a project's containers while the block runs: the first moment of each event."""

    def __init__(self, project: str) -> None:
        self._command = ["docker", "events", "--since", f"{time.time():.3f}", f"--filter=label={PROJECT}={project}"]
        self._command += ["--filter=event=start", "--filter=event=health_status"]
        self._command += [f'--format={{{{.TimeNano}}}} {{{{index .Actor.Attributes "{SERVICE}"}}}} {{{{.Action}}}}']
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)

    def _read(self) -> None:
        assert self._process.stdout
        self._lines.extend(self._process.stdout)

    def first(self, action: str) -> dict[str, float]:
        """By service, when `action` (`start`, `health_status: healthy`) first happened, in seconds since 1970."""
        found: dict[str, float] = {}
        for line in self._lines:
            nanoseconds, service, what = line.strip().split(" ", 2)
            if what == action:
                found.setdefault(service, int(nanoseconds) / 1e9)
        return found


def _moved(text: str, shift: int, path: str) -> str:
    """The text with the host ports of `range:`, `port:` and a registry's ranges moved."""
    if path.endswith(".json"):
        return re.sub(r"(\d+)-(\d+)(?=\")", lambda it: f"{int(it[1]) + shift}-{int(it[2]) + shift}", text)
    text = re.sub(r"(?m)^(  range: )(\d+)-(\d+)$", lambda it: f"{it[1]}{int(it[2]) + shift}-{int(it[3]) + shift}", text)
    return re.sub(r"(?m)^(\s+port: )(\d+):(?=\d+$)", lambda it: f"{it[1]}{int(it[2]) + shift}:", text)


def _container(inspected: Mapping[str, Any]) -> Container:
    state = inspected["State"]
    return Container(
        inspected["Id"],
        inspected["Name"].removeprefix("/"),
        state["Status"],
        state.get("Health", {}).get("Status", ""),
        state["ExitCode"],
        moment(state["StartedAt"]),
        moment(state["FinishedAt"]),
    )


def moment(text: str) -> float:
    """A time of the engine (RFC 3339 with nanoseconds), in seconds since 1970; 0 for its year 1."""
    found = re.fullmatch(r"([^.]+?)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    assert found, text
    if text.startswith("0001-"):
        return 0.0
    return datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00")).timestamp() + float(found[2] or 0)
