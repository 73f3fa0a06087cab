"""The jobs of the kind `postgres`, as its kind.yaml has them, against real servers."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from compiler.catalog.load import load_kind
from compiler.model.kind import KindJob, PartFamily

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
KIND_FILES = ROOT / "templates/kinds/postgres"
SUPERUSER_PASSWORD = "super@/#'\"\\$x"
OWNER_PASSWORD = "own er@/#'\"\\$x`y`:z%{}&é"
OTHER_PASSWORD = "an'other"


class Repository:
    """The files of this repository."""

    reach = 0

    def read(self, path: str) -> bytes | None:
        file = ROOT / path
        return file.read_bytes() if file.is_file() else None

    def glob(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)))


class Server(NamedTuple):
    """A server on a network of its own."""

    container: str
    network: str
    image: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False, timeout=300
    )


def databases(version: str) -> PartFamily:
    kind = load_kind("postgres", Repository(), Repository(), version, frozenset())
    assert kind is not None
    return kind.parts["databases"]


def filled(text: str, database: str, owner: str, password: str) -> str:
    values = {
        "name": "db",
        "user": "postgres",
        "password": SUPERUSER_PASSWORD,
        "port": "5432",
        "part": database,
        "owner": owner,
        "owner_password": password,
    }
    return re.sub(r"\{([a-z][a-z_.]*)\}", lambda match: values[match[1]], text)


@pytest.fixture(scope="module", params=["15", "17"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    image = f"postgres:{request.param}-alpine"
    if run(["docker", "image", "inspect", image]).returncode:
        run([str(ROOT / "tests/engine/setup/images.sh"), "postgres"])
    name = f"periplus-sql-{secrets.token_hex(4)}"
    assert run(["docker", "network", "create", name]).returncode == 0
    try:
        command = ["docker", "run", "--detach", "--name", name, "--network", name, "--network-alias", "db"]
        command += [
            "--tmpfs",
            "/var/lib/postgresql/data",
            "--env",
            "POSTGRES_PASSWORD",
            "--env",
            "POSTGRES_USER=postgres",
        ]
        settings = ["-c", "log_statement=all", "-c", "log_min_duration_statement=0", "-c", "fsync=off"]
        started = run([*command, image, "postgres", *settings], {"POSTGRES_PASSWORD": SUPERUSER_PASSWORD})
        assert started.returncode == 0, started.stderr
        wait_until_healthy(name)
        yield Server(name, name, image)
    finally:
        run(["docker", "rm", "--force", "--volumes", name])
        run(["docker", "network", "rm", name])


def wait_until_healthy(container: str) -> None:
    for _ in range(240):
        if is_healthy(container):
            return
        time.sleep(0.5)
    pytest.fail(run(["docker", "logs", container]).stderr)


def is_healthy(container: str) -> bool:
    kind = load_kind("postgres", Repository(), Repository(), "", frozenset())
    assert kind is not None
    assert kind.health_shell
    return run(["docker", "exec", container, "sh", "-c", kind.health[0]]).returncode == 0


def job(
    server: Server,
    wanted: KindJob,
    names: tuple[str, str, str],
    mounts: Mapping[str, Path] | None = None,
    times: int = 1,
) -> subprocess.Popen[str]:
    """Start the job, `times` at the same moment; `names` are database, owner and the owner's password."""
    environment = {key: filled(value, *names) for key, value in wanted.environment.items()}
    command = ["docker", "run", "--rm", "--network", server.network]
    command += ["--volume", f"{KIND_FILES}:/periplus:ro"]
    for target, file in (mounts or {}).items():
        command += ["--volume", f"{file}:{target}:ro"]
    for key in environment:
        command += ["--env", key]
    command += [server.image, "sh", "-c", SEVERAL, str(times), *(filled(word, *names) for word in wanted.command)]
    return subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


SEVERAL = """
pids= status=0
while [ "$0" -gt "${started:=0}" ]; do "$@" & pids="$pids $!"; started=$((started + 1)); done
for pid in $pids; do wait "$pid" || status=$?; done
exit "$status"
"""


def ended(started: subprocess.Popen[str]) -> tuple[int, str]:
    output = started.communicate(timeout=300)[0]
    return started.returncode, output


def provision(server: Server, database: str, owner: str, password: str) -> tuple[int, str]:
    wanted = databases("17").job
    assert wanted is not None
    return ended(job(server, wanted, (database, owner, password)))


def ask(server: Server, login: tuple[str, str, str], statement: str) -> subprocess.CompletedProcess[str]:
    """Ask as a service would: `login` is database, user and password, over TCP from another container."""
    database, user, password = login
    command = ["docker", "run", "--rm", "--network", server.network, "--env", "PGPASSWORD", server.image]
    command += ["psql", "-X", "-w", "-h", "db", "-U", user, "-d", database, "-tA", "-v", "ON_ERROR_STOP=1"]
    return run([*command, "-c", statement], {"PGPASSWORD": password})


def answer(server: Server, login: tuple[str, str, str], statement: str) -> str:
    asked = ask(server, login, statement)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def test_jobs_of_one_owner_can_run_at_once_and_again(server: Server) -> None:
    wanted = databases("17").job
    assert wanted is not None
    pairs = [("shop", "staff"), ("stock", "staff"), ("mail", "mail"), ("shop", "staff")]
    for _ in range(2):
        started = [job(server, wanted, (database, owner, OWNER_PASSWORD), times=6) for database, owner in pairs]
        assert [ended(one) for one in started] == [(0, "")] * len(pairs)

    owners = (
        "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname IN ('shop', 'stock', 'mail') ORDER BY 1"
    )
    assert answer(server, ("shop", "staff", OWNER_PASSWORD), owners) == "mail|mail\nshop|staff\nstock|staff"
    schema = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'"
    assert answer(server, ("stock", "staff", OWNER_PASSWORD), schema) == "staff"
    assert answer(server, ("shop", "staff", OWNER_PASSWORD), "CREATE TABLE made (a int)") == "CREATE TABLE"


def test_an_owner_is_refused_by_another_database(server: Server) -> None:
    assert provision(server, "first", "first", OWNER_PASSWORD) == (0, "")
    assert provision(server, "second", "second", OTHER_PASSWORD) == (0, "")
    assert answer(server, ("first", "first", OWNER_PASSWORD), "SELECT 1") == "1"

    refused = ask(server, ("second", "first", OWNER_PASSWORD), "SELECT 1")
    assert refused.returncode != 0
    assert "permission denied for database" in refused.stderr
    assert ask(server, ("first", "first", OTHER_PASSWORD), "SELECT 1").returncode != 0


def test_the_password_is_set_again_and_what_the_database_holds_stays(server: Server) -> None:
    assert provision(server, "moved", "moved", OWNER_PASSWORD) == (0, "")
    answer(server, ("moved", "moved", OWNER_PASSWORD), "CREATE TABLE kept AS SELECT 7 AS a")
    assert provision(server, "moved", "moved", OTHER_PASSWORD) == (0, "")
    assert ask(server, ("moved", "moved", OWNER_PASSWORD), "SELECT 1").returncode != 0
    assert answer(server, ("moved", "moved", OTHER_PASSWORD), "SELECT a FROM kept") == "7"


def test_a_superuser_keeps_its_password(server: Server) -> None:
    status, output = provision(server, "stolen", "postgres", OWNER_PASSWORD)
    assert status != 0
    assert "a superuser cannot be the owner" in output
    assert answer(server, ("postgres", "postgres", SUPERUSER_PASSWORD), "SELECT 1") == "1"


def test_a_job_without_a_password_fails(server: Server) -> None:
    status, output = provision(server, "bare", "bare", "")
    assert status != 0, output


def test_no_password_reaches_the_log_of_the_server(server: Server) -> None:
    assert provision(server, "logged", "logged", "never-in-the-log") == (0, "")
    log = run(["docker", "logs", server.container])
    assert "logged" in log.stderr, "the log must hold the statements for this test to mean anything"
    assert "never-in-the-log" not in log.stdout + log.stderr


def test_a_schema_is_applied_once_by_the_owner(server: Server, tmp_path: Path) -> None:
    wanted = databases("17").schema_job
    assert wanted is not None
    file = readable(tmp_path / "schema.sql", DUMP)
    for _ in range(2):
        started = job(server, wanted, ("made", "made", OWNER_PASSWORD), {"/periplus-schema.sql": file}, times=3)
        assert ended(started)[0] == 0

    login = ("made", "made", OWNER_PASSWORD)
    assert answer(server, login, "SELECT tableowner FROM pg_tables WHERE tablename = 'thing'") == "made"
    assert answer(server, login, "SELECT count(*) FROM thing") == "2"
    assert answer(server, login, "SELECT name FROM periplus_applied") == "schema"


def test_a_schema_sees_no_password(server: Server, tmp_path: Path) -> None:
    wanted = databases("17").schema_job
    assert wanted is not None
    file = readable(tmp_path / "schema.sql", "SELECT array['a'] [1 :owner_password];\n")
    status, output = ended(job(server, wanted, ("nosy", "nosy", OTHER_PASSWORD), {"/periplus-schema.sql": file}))
    assert status != 0
    assert OTHER_PASSWORD not in output


def test_a_seed_is_applied_once_and_a_failed_one_leaves_nothing(server: Server, tmp_path: Path) -> None:
    wanted = databases("17").seed_job
    assert wanted is not None
    names = ("sown", "farmer", OWNER_PASSWORD)
    assert provision(server, *names) == (0, "")
    answer(server, names, "CREATE TABLE field (a int)")

    broken = readable(tmp_path / "broken.sql", "INSERT INTO field VALUES (1);\nSELECT 1/0;\n")
    status, output = ended(job(server, wanted, names, {"/periplus-seed.sql": broken}))
    assert status != 0
    assert "division by zero" in output
    assert answer(server, names, "SELECT count(*) FROM field") == "0"
    assert answer(server, names, "SELECT to_regclass('periplus_applied') IS NULL") == "t"

    right = readable(tmp_path / "right.sql", "INSERT INTO field VALUES (1);\nSELECT pg_sleep(0.5);\n")
    assert ended(job(server, wanted, names, {"/periplus-seed.sql": right}, times=5))[0] == 0
    assert answer(server, names, "SELECT count(*) FROM field") == "1"


def test_a_seed_that_ignores_its_errors_is_not_taken_for_applied(server: Server, tmp_path: Path) -> None:
    wanted = databases("17").seed_job
    assert wanted is not None
    names = ("careless", "careless", OWNER_PASSWORD)
    assert provision(server, *names) == (0, "")
    file = readable(tmp_path / "seed.sql", "\\set ON_ERROR_STOP 0\nSELECT 1/0;\n")
    assert ended(job(server, wanted, names, {"/periplus-seed.sql": file}))[0] != 0


def test_the_health_check_is_false_until_the_first_boot_is_over() -> None:
    image = "periplus-test/postgres-slow:15"
    if run(["docker", "image", "inspect", image]).returncode:
        run([str(ROOT / "tests/engine/setup/images.sh"), "postgres-slow"])
    name = f"periplus-sql-{secrets.token_hex(4)}"
    arguments = ["--env", "POSTGRES_PASSWORD=x", "--env", "POSTGRES_USER=postgres", "--env", "PERIPLUS_SLOW_SECONDS=6"]
    try:
        assert run(["docker", "run", "--detach", "--name", name, *arguments, image]).returncode == 0
        for _ in range(120):
            if run(["docker", "exec", name, "pg_isready"]).returncode == 0:
                break
            time.sleep(0.1)
        assert not is_healthy(name), "the socket answers, but the server is still initialising"
        wait_until_healthy(name)
    finally:
        run(["docker", "rm", "--force", "--volumes", name])


DUMP = """\
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.thing (a int);
SELECT pg_catalog.pg_sleep(0.5);
COPY public.thing (a) FROM stdin;
1
2
\\.
"""
"""What pg_dump writes: it leaves the search path empty, and feeds data through the client."""


def readable(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    for folder in path.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o055)
    return path
