"""The stand-ins keep the contracts their folders list (tests/engine/standins/*/CONTRACT.md).

Where the official images are on the machine under these names, the same tests run against those.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

HERE = Path(__file__).resolve().parent
STANDINS = HERE / "standins"
NAMES = sorted(path.parent.name for path in STANDINS.glob("*/Dockerfile"))

POSTGRES = "postgres:15-alpine"
SLOW = "periplus-test/postgres-slow:15"
REDIS = "redis:7-alpine"
RABBIT = "rabbitmq:4-management-alpine"
NGINX = "nginx:1.28.0-alpine"
PYTHON = "python:3.12-slim"
NODE = "node:22-alpine"
BUSYBOX = "busybox:1.36"


def tags_of(name: str) -> list[str]:
    lines = (STANDINS / name / "images").read_text().splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


ALL_TAGS = [tag for name in NAMES for tag in tags_of(name)]


def run(*command: str, cwd: Path | None = None, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        timeout=timeout,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def docker(*arguments: str) -> str:
    done = run("docker", *arguments)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout}"
    return done.stdout


class Box:
    """A running container."""

    def __init__(self, name: str) -> None:
        self.name = name

    def ask(self, *command: str, user: str = "") -> subprocess.CompletedProcess[str]:
        options = ["--user", user] if user else []
        return run("docker", "exec", *options, self.name, *command)

    def does(self, *command: str, user: str = "") -> bool:
        return self.ask(*command, user=user).returncode == 0

    def says(self, *command: str, user: str = "") -> str:
        done = self.ask(*command, user=user)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{self.log()}"
        return done.stdout.strip()

    def log(self) -> str:
        return run("docker", "logs", self.name).stdout

    def state(self) -> str:
        return docker("inspect", "--format", "{{.State.Status}}", self.name).strip()

    def ends(self) -> int:
        return int(docker("wait", self.name).strip())

    def until(self, what: str, true: Callable[[], bool], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert self.state() == "running", f"ended before {what}:\n{self.log()}"
            assert time.monotonic() < end, f"no {what} within {seconds} s:\n{self.log()}"
            time.sleep(0.1)

    def remove(self) -> None:
        run("docker", "rm", "-f", "-v", self.name)


class World:
    """Makes containers, volumes and a network, and removes them."""

    def __init__(self) -> None:
        self.mark = f"periplus-standin-{uuid.uuid4().hex[:10]}"
        self.boxes: list[Box] = []
        self.volumes: list[str] = []
        self.images: list[str] = []
        self.has_network = False

    def start(self, image: str, *command: str, options: tuple[str, ...] = ()) -> Box:
        box = Box(f"{self.mark}-{len(self.boxes)}")
        self.boxes.append(box)
        docker("run", "-d", "--pull", "never", "--name", box.name, *options, image, *command)
        return box

    def once(self, image: str, *command: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return run("docker", "run", "--rm", "--pull", "never", *options, image, *command)

    def volume(self) -> str:
        name = f"{self.mark}-{len(self.volumes)}"
        self.volumes.append(name)
        docker("volume", "create", name)
        return name

    def network(self) -> str:
        if not self.has_network:
            docker("network", "create", self.mark)
            self.has_network = True
        return self.mark

    def image(self) -> str:
        name = f"{self.mark}:{len(self.images)}"
        self.images.append(name)
        return name

    def clean(self) -> None:
        for box in self.boxes:
            box.remove()
        for volume in self.volumes:
            run("docker", "volume", "rm", "-f", volume)
        if self.has_network:
            run("docker", "network", "rm", self.mark)
        for image in self.images:
            run("docker", "image", "rm", "-f", image)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.clean()


def env(**variables: str) -> tuple[str, ...]:
    return tuple(part for key, value in variables.items() for part in ("-e", f"{key}={value}"))


def is_standin(image: str) -> bool:
    form = '{{index .Config.Labels "periplus.standin"}}'
    return docker("image", "inspect", "--format", form, image).strip() != ""


# ---- every stand-in ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_stand_in_says_what_it_is(name: str) -> None:
    contract = (STANDINS / name / "CONTRACT.md").read_text()
    assert "test fixture" in contract
    for tag in tags_of(name):
        assert f"`{tag}`" in contract


@pytest.mark.parametrize("image", ALL_TAGS)
def test_a_stand_in_says_its_real_version(world: World, image: str) -> None:
    if not is_standin(image):
        pytest.skip("the official image")
    done = world.once(image, "periplus-standin-version", options=("--network", "none"))
    assert done.returncode == 0, done.stdout
    assert any(letter.isdigit() for letter in done.stdout)
    form = '{{index .Config.Labels "periplus.standin.notice"}}'
    assert "test fixture" in docker("image", "inspect", "--format", form, image)


@pytest.mark.parametrize(
    ("image", "present", "absent"),
    [
        (POSTGRES, ("psql", "pg_isready", "bash", "wget", "gosu"), ("curl",)),
        (REDIS, ("redis-cli", "redis-server", "wget", "nc"), ("curl", "bash")),
        (RABBIT, ("rabbitmqctl", "rabbitmq-diagnostics", "bash", "wget"), ("curl",)),
        (NGINX, ("nginx", "wget", "curl"), ("bash",)),
        (PYTHON, ("python", "python3", "pip", "bash"), ("curl", "wget")),
        (NODE, ("node", "npm", "npx", "wget"), ("curl", "bash")),
        ("node:20-slim", ("node", "npm", "npx", "bash"), ("curl", "wget")),
        (BUSYBOX, ("sh", "wget", "httpd", "nc"), ("curl", "bash")),
    ],
)
def test_the_commands_a_probe_may_rely_on(
    world: World, image: str, present: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    """A health check written for a command the real image lacks must fail on the stand-in, too."""
    script = 'for c in "$@"; do if command -v "$c" >/dev/null; then echo "$c"; fi; done'
    done = world.once(image, "sh", "-c", script, "sh", *present, *absent, options=("--network", "none"))
    assert done.returncode == 0, done.stdout
    assert done.stdout.split() == list(present)


# ---- postgres ------------------------------------------------------------------------------------


def serves(box: Box, user: str = "postgres") -> bool:
    return box.does("pg_isready", "-q", "-h", "127.0.0.1", "-U", user)


def sql(box: Box, text: str, user: str = "postgres", database: str = "postgres") -> str:
    return box.says("psql", "-X", "-tA", "-U", user, "-d", database, "-c", text)


def test_postgres_first_boot(world: World, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "10-table.sql").write_text("CREATE TABLE steps (name text, at serial);\n")
    # Bash, and it leaves something behind: it was sourced.
    (tmp_path / "20-sourced.sh").write_text("[[ -n $BASH_VERSION ]] && export STEP=sourced\n")
    runs = tmp_path / "30-run.sh"
    runs.write_text(
        "#!/bin/sh\n"
        'psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB"'
        " -c \"INSERT INTO steps(name) VALUES ('$STEP'), ('run')\"\n"
    )
    runs.chmod(0o755)
    (tmp_path / "35-packed.sql.gz").write_bytes(gzip.compress(b"INSERT INTO steps(name) VALUES ('packed');\n"))
    (tmp_path / "40-ignored.txt").write_text("this is not SQL\n")
    for path in tmp_path.glob("*.s[qh]*"):
        path.chmod(path.stat().st_mode | 0o444)
    network = world.network()
    box = world.start(
        POSTGRES,
        options=(
            *env(POSTGRES_USER="admin", POSTGRES_PASSWORD="s3cret", POSTGRES_DB="shop"),
            *("-v", f"{tmp_path}:/docker-entrypoint-initdb.d:ro"),
            *("--network", network, "--network-alias", "db"),
        ),
    )
    box.until("a server", lambda: serves(box, "admin"))
    assert "PostgreSQL init process complete" in box.log()
    assert "ignoring /docker-entrypoint-initdb.d/40-ignored.txt" in box.log()
    steps = sql(box, "SELECT name FROM steps ORDER BY at", "admin", "shop")
    assert steps.split() == ["sourced", "run", "packed"]
    # It dropped root, to the numbers the Alpine image has.
    assert box.says("stat", "-c", "%u:%g %a", "/proc/1", "/var/lib/postgresql/data").split() == [
        *("70:70", "555"),
        *("70:70", "700"),
    ]

    def over_tcp(password: str) -> subprocess.CompletedProcess[str]:
        return world.once(
            *(POSTGRES, "psql", "-X", "-tA", "-h", "db", "-U", "admin", "-d", "shop"),
            *("-c", "SELECT current_user"),
            options=("--network", network, *env(PGPASSWORD=password)),
        )

    right = over_tcp("s3cret")
    assert (right.returncode, right.stdout.strip()) == (0, "admin")
    wrong = over_tcp("wrong")
    assert wrong.returncode == 2
    assert "password authentication failed" in wrong.stdout
    assert "host all all all scram-sha-256" in box.says("cat", "/var/lib/postgresql/data/pg_hba.conf")
    # SIGINT, as the image says, is PostgreSQL's fast shutdown.
    docker("stop", "-t", "20", box.name)
    assert box.ends() == 0


def test_postgres_reads_secrets_from_files(world: World, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name, text in (("user", "admin"), ("password", "from-file"), ("db", "orders")):
        (tmp_path / name).write_text(text + "\n")
        (tmp_path / name).chmod(0o644)
    box = world.start(
        POSTGRES,
        options=(
            *env(
                POSTGRES_USER_FILE="/secrets/user",
                POSTGRES_PASSWORD_FILE="/secrets/password",
                POSTGRES_DB_FILE="/secrets/db",
            ),
            *("-v", f"{tmp_path}:/secrets:ro"),
        ),
    )
    box.until("a server", lambda: serves(box, "admin"))
    address = box.says("hostname", "-i").split()[0]
    asked = ("psql", "-X", "-tA", "-c", "SELECT current_database()")
    url = f"postgresql://admin:{{}}@{address}/orders"
    assert box.says(*asked, url.format("from-file")) == "orders"
    assert not box.does(*asked, url.format("other"))


def test_postgres_refuses_to_initialise_without_a_password(world: World) -> None:
    done = world.once(POSTGRES)
    assert done.returncode == 1
    assert "superuser password is not specified" in done.stdout
    both = world.once(POSTGRES, options=env(POSTGRES_PASSWORD="a", POSTGRES_PASSWORD_FILE="/b"))
    assert both.returncode == 1
    assert "are set (but are exclusive)" in both.stdout


def test_postgres_initialises_only_for_its_own_command(world: World) -> None:
    for command in (("psql", "--version"), ("postgres", "--version")):
        done = world.once(POSTGRES, *command)
        assert done.returncode == 0, done.stdout
        assert "PostgreSQL" in done.stdout
    empty = world.once(POSTGRES, "bash", "-c", 'ls -A "$PGDATA" | wc -l')
    assert (empty.returncode, empty.stdout.strip()) == (0, "0")
    # Options alone are the server's, and a tmpfs will do for its data.
    box = world.start(
        *(POSTGRES, "-c", "max_connections=17"),
        options=(*env(POSTGRES_PASSWORD="x"), "--tmpfs", "/var/lib/postgresql/data"),
    )
    box.until("a server", lambda: serves(box))
    assert sql(box, "SHOW max_connections") == "17"
    assert sql(box, "SHOW data_directory") == "/var/lib/postgresql/data"


def test_postgres_keeps_its_data_and_initialises_once(world: World, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    options = ("-v", f"{world.volume()}:/var/lib/postgresql/data")
    first = world.start(POSTGRES, options=(*options, *env(POSTGRES_PASSWORD="first")))
    first.until("a server", lambda: serves(first))
    sql(first, "CREATE TABLE kept (n int)")
    docker("stop", "-t", "20", first.name)
    first.remove()

    (tmp_path / "late.sql").write_text("CREATE TABLE late (n int);\n")
    (tmp_path / "late.sql").chmod(0o644)
    second = world.start(
        POSTGRES,
        options=(
            *options,
            *env(POSTGRES_PASSWORD="second", POSTGRES_DB="late"),
            *("-v", f"{tmp_path}:/docker-entrypoint-initdb.d:ro"),
        ),
    )
    second.until("a server", lambda: serves(second))
    assert "Skipping initialization" in second.log()
    assert sql(second, "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'") == "kept"
    assert sql(second, "SELECT count(*) FROM pg_database WHERE datname = 'late'") == "0"
    address = second.says("hostname", "-i").split()[0]
    url = f"postgresql://postgres:{{}}@{address}/postgres"
    assert second.does("psql", "-X", "-c", "SELECT 1", url.format("first"))
    assert not second.does("psql", "-X", "-c", "SELECT 1", url.format("second"))


def test_postgres_17(world: World) -> None:
    box = world.start("postgres:17-alpine", options=env(POSTGRES_PASSWORD="x"))
    box.until("a server", lambda: serves(box))
    assert sql(box, "SHOW server_version").startswith("17.")


def test_the_socket_lies_during_a_slow_first_boot(world: World) -> None:
    """Why every health check asks over TCP: the mutant makes the lie last."""
    box = world.start(SLOW, options=env(POSTGRES_PASSWORD="x", PERIPLUS_SLOW_SECONDS="5"))
    box.until("the slow part", lambda: "initialising slowly" in box.log())
    assert box.does("pg_isready", "-q"), "the lie"
    assert not serves(box), "the truth"
    box.until("a server", lambda: serves(box))
    assert box.does("pg_isready", "-q")
    log = box.log()
    assert log.index("initialising slowly") < log.index("init process complete")
    # It is for the first boot only.
    docker("restart", "-t", "20", box.name)
    box.until("a server again", lambda: serves(box))
    assert box.log().count("initialising slowly") == 1


def test_the_mutant_is_slow_by_itself() -> None:
    form = "{{range .Config.Env}}{{println .}}{{end}}"
    assert "PERIPLUS_SLOW_SECONDS=10" in docker("image", "inspect", "--format", form, SLOW).split()


# ---- redis ---------------------------------------------------------------------------------------


def test_redis(world: World) -> None:
    network, volume = world.network(), world.volume()
    options = (
        *("--network", network, "--network-alias", "cache"),
        *("-v", f"{volume}:/data"),
    )
    box = world.start(REDIS, options=options)
    box.until("a server", lambda: box.does("redis-cli", "-e", "ping"))
    assert box.says("stat", "-c", "%u", "/proc/1") == "999"
    assert box.says("pwd") == "/data"
    # Protected mode is off: another container gets an answer without a password.
    done = world.once(*(REDIS, "redis-cli", "-h", "cache", "set", "kept", "yes"), options=("--network", network))
    assert (done.returncode, done.stdout.strip()) == (0, "OK")
    docker("stop", "-t", "20", box.name)  # saves, on the way out
    assert box.ends() == 0
    box.remove()

    again = world.start(*(REDIS, "redis-server", "--appendonly", "no", "--requirepass", "s3cret"), options=options)
    again.until("a server", lambda: "NOAUTH" in again.ask("redis-cli", "ping").stdout)
    assert again.says("redis-cli", "--no-auth-warning", "-a", "s3cret", "get", "kept") == "yes"
    assert not again.does("redis-cli", "-e", "ping")


def test_redis_command_forms(world: World, tmp_path: Path) -> None:
    """Options alone and a configuration file are the server's; anything else is run as it is."""
    tmp_path.chmod(0o755)
    (tmp_path / "own.conf").write_text("protected-mode yes\nmaxmemory 17mb\n")
    (tmp_path / "own.conf").chmod(0o644)
    box = world.start(*(REDIS, "/etc/own/own.conf"), options=("-v", f"{tmp_path}:/etc/own:ro"))
    box.until("a server", lambda: box.does("redis-cli", "-e", "ping"))
    assert box.says("redis-cli", "config", "get", "protected-mode").split()[1] == "yes"
    assert box.says("redis-cli", "config", "get", "maxmemory").split()[1] == str(17 * 1024 * 1024)
    options = world.start(REDIS, "--maxmemory", "18mb")
    options.until("a server", lambda: options.does("redis-cli", "-e", "ping"))
    assert options.says("redis-cli", "config", "get", "protected-mode").split()[1] == "no"
    assert world.once(REDIS, "redis-cli", "--version").returncode == 0


# ---- rabbitmq ------------------------------------------------------------------------------------


def test_rabbitmq(world: World) -> None:
    volume = world.volume()
    options = (
        *("--hostname", "rabbit", "-v", f"{volume}:/var/lib/rabbitmq"),
        *env(RABBITMQ_DEFAULT_USER="app", RABBITMQ_DEFAULT_PASS="s3cret", RABBITMQ_DEFAULT_VHOST="v"),
    )

    def up(box: Box) -> None:
        # As root and before the server is there, a client writes the cookie the server then may
        # not read: the log is asked first, the client after that.
        box.until("a server", lambda: "Time to start RabbitMQ" in box.log())
        box.until(
            "a healthy server",
            lambda: box.does("rabbitmq-diagnostics", "-q", "check_port_connectivity"),
        )

    box = world.start(RABBIT, options=options)
    up(box)
    # Its numbers: uid 100; the node is named for the host, which is why a stack fixes the name.
    assert box.says("stat", "-c", "%u", "/proc/1") == "100"
    assert box.says("ls", "/var/lib/rabbitmq/mnesia").split()[0] == "rabbit@rabbit"
    overview = box.says("wget", "-q", "-O", "-", "http://app:s3cret@127.0.0.1:15672/api/overview")
    assert json.loads(overview)["node"] == "rabbit@rabbit"
    assert not box.does("wget", "-q", "-O", "-", "http://app:no@127.0.0.1:15672/api/overview")
    assert box.says("rabbitmqctl", "-q", "--no-table-headers", "list_vhosts", "name") == "v"
    box.says("rabbitmqctl", "-q", "add_vhost", "kept")
    docker("stop", "-t", "30", box.name)
    box.remove()

    again = world.start(RABBIT, options=options)
    up(again)
    vhosts = again.says("rabbitmqctl", "-q", "--no-table-headers", "list_vhosts", "name")
    assert sorted(vhosts.split()) == ["kept", "v"]


def test_rabbitmq_refuses_the_variables_it_dropped(world: World) -> None:
    done = world.once(RABBIT, options=env(RABBITMQ_DEFAULT_PASS_FILE="/secret"))
    assert done.returncode == 1
    assert "RABBITMQ_DEFAULT_PASS_FILE is set but deprecated" in done.stdout


# ---- nginx ---------------------------------------------------------------------------------------


def test_nginx(world: World, tmp_path: Path) -> None:
    box = world.start(NGINX)
    page = ("wget", "-q", "-O", "/dev/null", "http://127.0.0.1/")
    box.until("a page", lambda: box.does(*page))
    box.until("a line in the access log", lambda: '"GET / HTTP/1.1" 200' in box.log())
    assert box.says("nginx", "-t").count("successful") == 1

    tmp_path.chmod(0o755)
    conf = tmp_path / "default.conf"
    conf.write_text('server { listen 8080; location / { return 200 "ours"; } }\n')
    conf.chmod(0o644)
    options = ("-v", f"{conf}:/etc/nginx/conf.d/default.conf:ro")
    ours = world.start(NGINX, options=options)
    ours.until("a page", lambda: ours.does("wget", "-q", "-O", "-", "http://127.0.0.1:8080/"))
    assert ours.says("curl", "-s", "http://127.0.0.1:8080/") == "ours"
    conf.write_text("nonsense;\n")
    wrong = world.once(NGINX, options=options)
    assert wrong.returncode == 1
    assert 'unknown directive "nonsense"' in wrong.stdout


# ---- the images applications are built from ------------------------------------------------------


@pytest.mark.parametrize("builder", ["docker", "compose"])
def test_python_applications_build(world: World, tmp_path: Path, builder: str) -> None:
    image = world.image()
    (tmp_path / "requirements.txt").write_text("six==1.16.0\n")
    (tmp_path / "Dockerfile").write_text(
        f"FROM {PYTHON}\nWORKDIR /app\nCOPY requirements.txt .\n"
        "RUN pip install --no-cache-dir -r requirements.txt\n"
        f"RUN echo {image}\n"
        'CMD ["python", "-c", "import six; print(six.__version__)"]\n'
    )
    if builder == "compose":
        document = {
            "name": world.mark,
            "services": {"app": {"image": image, "build": {"context": "."}}},
        }
        (tmp_path / "compose.json").write_text(json.dumps(document))
        done = run("docker", "compose", "-f", "compose.json", "build", cwd=tmp_path)
    else:
        done = run("docker", "build", "-t", image, ".", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert world.once(image).stdout.strip() == "1.16.0"


@pytest.mark.parametrize("base", [NODE, "node:20-slim"])
def test_node_applications_build(world: World, tmp_path: Path, base: str) -> None:
    image = world.image()
    (tmp_path / "package.json").write_text(
        json.dumps({"name": "app", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}})
    )
    (tmp_path / "Dockerfile").write_text(
        f"FROM {base}\nWORKDIR /app\nCOPY package.json .\n"
        "RUN npm install --package-lock-only && npm ci --omit=dev\n"
        f"RUN echo {image}\nUSER node\n"
        'CMD ["node", "-p", "require(\'ms\')(60000)"]\n'
    )
    done = run("docker", "build", "-t", image, ".", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert world.once(image).stdout.strip() == "1m"


def test_busybox_serves_and_asks(world: World) -> None:
    box = world.start(BUSYBOX, "sh", "-c", "echo here >/tmp/index.html; exec httpd -f -p 8080 -h /tmp")
    box.until("a page", lambda: box.does("wget", "-q", "-O", "-", "http://127.0.0.1:8080/"))
    assert box.says("wget", "-q", "-O", "-", "http://127.0.0.1:8080/") == "here"
