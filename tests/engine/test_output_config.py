"""What Docker Compose, nginx and shellcheck themselves say of every emitted file, each as it is used."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.engine.tree import ROOT, docker, run
from tests.support import EXAMPLES
from tests.test_output import MANIFESTS, SHELLCHECKED

pytestmark = pytest.mark.engine

NGINX = "nginx:1.28.0-alpine"
NEWER = (2, 30)
"""The first Compose that reads `format` in an env_file."""
SYSTEM = ("docker-compose.yml", "docker-compose.override.yml", "docker-compose.local.yml")


class Output(NamedTuple):
    """A compiled tree with a filled `.env`."""

    name: str
    folder: Path

    def config(self, *files: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """The system that Compose reads from these files, or from those `.env` names; it must not even warn."""
        named = [word for file in files for word in ("--file", file)]
        command = ["docker", "compose", *named, *options, "config"]
        quiet = run([*command, "--quiet"], self.folder)
        assert (quiet.code, quiet.text) == (0, ""), f"{self.name}: {quiet}"
        whole = run([*command, "--format", "json"], self.folder)
        assert whole.code == 0, str(whole)
        system: dict[str, Any] = json.loads(whole.out)
        return system

    @property
    def others(self) -> list[str]:
        """The files of environments other than dev."""
        return sorted(file.name for file in self.folder.glob("docker-compose.*.yml") if file.name not in SYSTEM)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Output]:
    made = {}
    sources = [ROOT / "examples" / name for name in EXAMPLES]
    for source in (*sources, *(ROOT / "tests" / "manifests" / name for name in MANIFESTS)):
        copy = tmp_path_factory.mktemp("output") / source.name
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("integration", ".env"))
        (copy / ".git").mkdir()
        done = run([sys.executable, "-m", "compiler", "compile"], copy, {"PYTHONPATH": str(ROOT)})
        assert done.code == 0, str(done)
        (folder,) = (file.parent for file in copy.rglob("docker-compose.yml"))
        example = (folder / ".env.example").read_text(encoding="utf-8")
        (folder / ".env").write_text(re.sub(r"(?m)^([A-Z_0-9]+)=$", r"\1=filled-in", example), encoding="utf-8")
        made[source.name] = Output(source.name, folder)
    return made


@pytest.fixture(params=[*EXAMPLES, *MANIFESTS])
def output(request: pytest.FixtureRequest, outputs: dict[str, Output]) -> Output:
    if request.param == "newer" and compose_version() < NEWER:
        pytest.skip(f"needs Docker Compose {'.'.join(map(str, NEWER))}")
    return outputs[request.param]


def compose_version() -> tuple[int, ...]:
    said = docker("compose", "version", "--short").removeprefix("v")
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def test_compose_accepts_every_file_as_it_is_used(output: Output) -> None:
    base = output.config(SYSTEM[0])
    whole = output.config(*SYSTEM)
    assert output.config() == whole, "plain `docker compose` sees what the scripts see"
    assert output.others
    for file in output.others:
        alone = output.config(file)
        assert alone["name"] == f"{base['name']}-{file.split('.')[1]}"
        assert set(alone["services"]) == set(base["services"])
    assert set(whole["services"]) == set(base["services"])


def test_compose_accepts_every_profile(output: Output) -> None:
    written = json.loads((output.folder / "plan.json").read_text(encoding="utf-8"))
    profiles = sorted({name for unit in written["plan"]["units"].values() for name in unit.get("profiles", ())})
    always = set(output.config()["services"])
    for profile in (*profiles, "*"):
        option = ("--profile", profile)
        assert always <= set(output.config(options=option)["services"])
        for file in output.others:
            output.config(file, options=option)
    if output.name == "everything":
        assert profiles == ["nightly", "reports"]
        assert set(output.config(options=("--profile", "*"))["services"]) - always == {"reporter", "deeper"}


def test_the_base_needs_no_other_file(output: Output) -> None:
    """Whoever deploys the base alone finds none of the overlay's means of development in it."""
    for service in output.config(SYSTEM[0])["services"].values():
        assert "develop" not in service
        assert not [port for port in service.get("ports", ()) if port["target"] in (5678, 9229)]


def test_compose_reads_the_values_that_were_meant(outputs: dict[str, Output]) -> None:
    everything = outputs["everything"].config()
    api = everything["services"]["api"]
    assert api["environment"]["PRICE"].replace("$$", "$") == (
        """$5 "double" 'single' \\back # hash `tick` & é : {x} [y] *z ! % <b> | x"""
    )
    assert api["environment"]["NUMBER"] == "010"
    assert api["environment"]["ANSWER"] == "no"
    assert api["environment"]["GREETING"] == "hello", "from the file that env_file names"
    assert api["labels"]["price"].replace("$$", "$") == "$5"
    assert api["init"] is True
    assert api["ulimits"] == {"nofile": {"soft": 1024, "hard": 2048}}
    assert (api["cpus"], api["mem_limit"], api["shm_size"]) == (0.5, str(512 << 20), str(64 << 20))
    assert api["command"] == ["python", "-u", "main.py", "--reload", "with space"], "the overlay's"
    assert everything["services"]["worker"]["deploy"]["replicas"] == 2


def test_each_published_port_is_published_once(outputs: dict[str, Output]) -> None:
    for output in outputs.values():
        if output.name != "newer":
            ports = [port["published"] for port in published(output.config())]
            assert sorted(ports) == sorted(set(ports)), output.name
            for file in output.others:
                copied = {port.get("published", "0") for port in published(output.config(file))}
                assert copied <= {"0"}, f"{file}: beside the system itself"


def published(system: dict[str, Any]) -> list[dict[str, str]]:
    """Every port that a system publishes."""
    return [port for service in system["services"].values() for port in service.get("ports", ())]


def test_nginx_accepts_every_configuration(outputs: dict[str, Output], tmp_path: Path) -> None:
    confs = [conf for output in outputs.values() for conf in sorted((output.folder / "nginx").glob("*.conf"))]
    assert len(confs) >= 6
    for conf in confs:
        shutil.copy(conf, tmp_path)
    written = "".join(conf.read_text(encoding="utf-8") for conf in confs)
    made = set(re.findall(r"^ +ssl_certificate(?:_key)? (\S+);$", written, re.MULTILINE))
    assert len(made) == 6, "01 and two manifests speak TLS"
    certificate = ("-subj", "/CN=test", "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "both.pem"))
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate]
    subprocess.run(command, check=True, capture_output=True)
    both = (tmp_path / "key.pem").read_text() + (tmp_path / "both.pem").read_text()
    (tmp_path / "both.pem").write_text(both)
    mounts = [f"--volume={tmp_path}:/given:ro", *(f"--volume={tmp_path}/both.pem:{path}:ro" for path in sorted(made))]
    program = 'for conf in /given/*.conf; do cp "$conf" /etc/nginx/conf.d/default.conf; nginx -t -q || exit; done'
    done = run(["docker", "run", "--rm", *mounts, NGINX, "sh", "-c", program])
    warned = [line for line in done.text.splitlines() if '"listen ... http2" directive is deprecated' not in line]
    assert (done.code, warned) == (0, [])


def test_every_other_script_passes_shellcheck(outputs: dict[str, Output]) -> None:
    rest = [output for name, output in outputs.items() if name not in SHELLCHECKED]
    scripts = [script for output in rest for script in sorted(output.folder.rglob("*.sh"))]
    assert len(scripts) == 9 * len(rest)
    done = run([str(Path(sys.executable).parent / "shellcheck"), *map(str, scripts)])
    assert done.text == ""


def test_every_script_explains_itself_without_an_engine(outputs: dict[str, Output]) -> None:
    for output in outputs.values():
        for script in sorted(output.folder.rglob("*.sh")):
            done = run(
                ["/bin/bash", str(script), "--help"], output.folder, {"PATH": "/usr/bin:/bin", "DOCKER_HOST": "x"}
            )
            assert done.code == 0, str(done)
            assert done.out.startswith("usage: "), str(done)
            assert "pwned" not in "".join(str(path) for path in output.folder.iterdir())
