"""The generated scripts, rendered from facts as a plan gives them: no engine is needed, only bash and a stub of docker.

What a real engine does with them stands in tests/engine/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.hands.shipped import shipped_files
from compiler.targets.compose.pages import page_names, render_pages
from compiler.targets.compose.scripts import (
    EdgeFacts,
    EnvironmentFacts,
    FlowFacts,
    PortFacts,
    RequestFacts,
    SecretFacts,
    UnitFacts,
    VariableFacts,
)

SCRIPTS = tuple(
    f"{folder}.sh"
    for folder in (
        "scripts/health-check",
        "scripts/logs",
        "scripts/reset",
        "scripts/start",
        "scripts/stop",
        "scripts/test",
        "tests/api-tests",
        "tests/health-checks",
        "tests/smoke-tests",
    )
)
NASTY = 'it\'s `id` $(id) ${HOME} "x" \\ | & ; é\nsecond line'
DOCKER = """#!/bin/sh
case "$*" in
  "compose version"*) echo "${FAKE_COMPOSE:-2.26.1}" ;;
  "version"*) if [ -n "$FAKE_DOWN" ]; then echo "cannot connect" >&2; exit 1; fi ;;
  "volume ls"*) printf '%s' "$FAKE_VOLUMES" ;;
  "ps --all --filter"*) printf '%s' "$FAKE_FOLDER" ;;
esac
"""


def unit(name: str, kind: str = "service", **more: Any) -> UnitFacts:
    empty = UnitFacts(name, kind, port=0, readiness="", probe=(), profiles=(), dependents=())
    return empty._replace(**more)


def request(method: str, target: str, path: str, **more: Any) -> RequestFacts:
    plain = RequestFacts(method, target, 8000, path, headers=(), body="", expect=200, contains="", save=())
    return plain._replace(**more)


def environment(name: str = "dev", **more: Any) -> EnvironmentFacts:
    empty = EnvironmentFacts(
        name=name,
        project=f"shop-{name}",
        files=("docker-compose.yml",),
        isolated=name != "dev",
        units=(),
        ports=(),
        secrets=(),
        required_variables=(),
        external_networks=(),
        edges=(),
        longest_start_s=120,
    )
    return empty._replace(**more)


def secret(name: str, how: str = "generated", **more: Any) -> SecretFacts:
    return SecretFacts(name, how, 32, in_url=False, description="", users=("orders",), stored_in=())._replace(**more)


def context(*environments: EnvironmentFacts, **more: Any) -> dict[str, Any]:
    empty = {"api_tests": (), "smoke_tests": (), "uses_jq": False, "gateway_host": "", "gateway_url": ""}
    return {"environments": environments, "bind": "127.0.0.1", **empty, **more}


MINIMAL = context(environment())
FULL_ENVIRONMENT = environment(
    units=(
        unit("postgres", "infrastructure", dependents=("postgres-orders", "orders")),
        unit("postgres-orders", "job", dependents=("orders",)),
        unit("orders", port=8000, readiness="/ready?it's=1"),
        unit("payments", readiness="/ready", probe=("sh", "-c", "wget -q 'http://127.0.0.1:8080/ready'")),
        unit("debugger", profiles=("debug",)),
        unit("gateway", "gateway", port=80, readiness="/__gateway/health"),
    ),
    ports=(PortFacts("ORDERS_PORT", 8091, "orders"),),
    secrets=(
        secret("DB_PASSWORD", in_url=True, description=NASTY, stored_in=("postgres-data",)),
        secret("API_KEY", "required", description=NASTY),
    ),
    required_variables=(VariableFacts("REGION", NASTY, ("orders",)),),
    external_networks=("shared",),
    edges=(
        EdgeFacts("orders", "postgres", 0, "", (), (), optional=False),
        EdgeFacts("orders", "payments", 8080, "/live", ("curl", NASTY), (), optional=False),
        EdgeFacts("debugger", "payments", 8080, "/live", (), ("curl", NASTY), optional=True),
    ),
)
FULL = context(
    FULL_ENVIRONMENT,
    FULL_ENVIRONMENT._replace(name="test", project="shop-test", isolated=True, ports=()),
    api_tests=(request("GET", "orders", "/orders", headers=(("X-Nasty", NASTY),), contains="${unique}"),),
    smoke_tests=(
        FlowFacts(
            NASTY,
            (
                request("POST", "orders", "/orders", body=NASTY, expect=201, save=(("order", ".id"),)),
                request("GET", "gateway", "/orders/${order}", contains=NASTY),
            ),
        ),
    ),
    uses_jq=True,
    gateway_host="shop.localhost",
)
HOST_GATEWAY = FULL | {"gateway_host": "", "gateway_url": "https://shop.example", "uses_jq": False}


RENDERED: dict[str, dict[str, str]] = {}


def rendered(facts: dict[str, Any]) -> dict[str, str]:
    key = repr(facts)
    if key not in RENDERED:
        RENDERED[key] = render_pages(SCRIPTS, facts, shipped_files())
    return RENDERED[key]


def tree(folder: Path, facts: dict[str, Any]) -> Path:
    for name, text in rendered(facts).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / ".env.example").write_text("COMPOSE_PATH_SEPARATOR=:\n# password\nDB_PASSWORD=\nAPI_KEY=\n")
    (folder / "docker").write_text(DOCKER)
    (folder / "docker").chmod(0o755)
    return folder


def run(folder: Path, script: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C", **variables}
    return subprocess.run(
        ["bash", folder / script, *options], env=surroundings, capture_output=True, text=True, check=False, timeout=20
    )


def values_of(folder: Path) -> dict[str, str]:
    """The last value of each key of the generated kind of line."""
    return dict(re.findall(r"^([A-Z_]+)=(.+)$", (folder / ".env").read_text(), re.MULTILINE))


def test_the_tree_holds_exactly_these_scripts() -> None:
    assert tuple(sorted(name for name in page_names(shipped_files()) if name.endswith(".sh"))) == SCRIPTS


@pytest.mark.parametrize(
    ("facts", "scripts"),
    [(MINIMAL, SCRIPTS), (FULL, SCRIPTS), (HOST_GATEWAY, SCRIPTS[-1:])],
    ids=["minimal", "full", "host gateway"],
)
def test_bash_and_shellcheck_find_nothing(tmp_path: Path, facts: dict[str, Any], scripts: tuple[str, ...]) -> None:
    folder = tree(tmp_path, facts)
    paths = [str(folder / name) for name in scripts]
    shellcheck = shutil.which("shellcheck") or str(Path(sys.prefix) / "bin" / "shellcheck")
    found = subprocess.run([shellcheck, "--format=gcc", *paths], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    for path in paths:
        assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


def test_the_scripts_keep_to_what_bash_3_and_bsd_know() -> None:
    newer = (
        r"declare -A|local -A|local -n|mapfile|readarray|\$\{\w+(?:,,|\^\^)|\|&|&>>|\beval\b|\bsource \.env"
        r"|sed -i|sed -r|grep -P|readlink -f|date -d|xargs -r|\bseq\b|\btac\b|(?<![-\w])timeout [0-9]"
    )
    for name, text in rendered(FULL).items():
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        assert re.findall(newer, code) == [], name
        bare = re.sub(r'\[@\]\+"\$\{\w+\[@\]\}"', "", code)
        guarded = {"ids", "files", "flags", "names", "missing", "unsafe", "taken", "options", "wanted_texts"}
        assert set(re.findall(r'"\$\{(\w+)\[@\]\}"', bare)) <= guarded, f"{name}: may be empty under set -u"


def test_a_service_more_is_a_line_more_in_each_table() -> None:
    more = environment(units=(*FULL_ENVIRONMENT.units, unit("stock", port=8000, readiness="/ready")))
    before = rendered(context(environment(units=FULL_ENVIRONMENT.units)))
    after = rendered(context(more))
    for name in SCRIPTS:
        added = set(after[name].splitlines()) - set(before[name].splitlines())
        assert len(added) <= 1
        assert len(after[name].splitlines()) - len(before[name].splitlines()) == len(added)


# ---- the reader of .env ----

LINES = {
    "plain": ("A=abc", "abc"),
    "an empty value": ("A=", ""),
    "blanks around": ("  A =  a b  ", "a b"),
    "a comment behind": ("A=a #b", "a"),
    "no comment": ("A=a#b", "a#b"),
    "export": ("export A=1", "1"),
    "colon": ("A: 1", "1"),
    "nothing is run": ("A=`id`$(id)", "`id`$(id)"),
    "single quotes": ("A='pa$word'", "pa$word"),
    "a quote inside": (r"A='it\'s'", "it's"),
    "double quotes": ('A="a \\" b" # c', 'a " b'),
    "an escaped line end": ('A="a\\nb"', "a\nb"),
    "not an escape": (r"A='a\nb'", r"a\nb"),
    "several lines": ('A="one\ntwo"\nB=2', "one\ntwo"),
    "a hidden key": ('B="\nA=wrong\n"\nA=right', "right"),
    "windows": ("A=abc\r", "abc"),
    "a mark in front": ("\ufeffA=1", "1"),
    "the last wins": ("A=1\nA=2", "2"),
    "also when empty": ("A=1\nA=", ""),
    "commented out": ("A=1\n# A=2", "1"),
    "a longer name": ("AA=2\nA=1\nAAA=3", "1"),
    "equals in the value": ("A=b=c", "b=c"),
    "a bare name": ("A=1\nA\nB=2", "1"),
    "absent": ("B=1", ""),
}


def read(folder: Path, text: str) -> str:
    (folder / "file.env").write_bytes(text.encode())
    part = render_pages(("_dotenv.sh",), {}, shipped_files())["_dotenv.sh"]
    script = f'set -euo pipefail\n{part}\nread_env_file "$1"\nvalue_of A\nprintf "%s." "$value"'
    found = subprocess.run(
        ["bash", "-c", script, "-", folder / "file.env"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    return found.stdout.decode().removesuffix(".")


@pytest.mark.parametrize(("text", "value"), LINES.values(), ids=LINES)
def test_env_is_read_as_compose_reads_it(tmp_path: Path, text: str, value: str) -> None:
    assert read(tmp_path, text) == value


@pytest.mark.engine
@pytest.mark.parametrize("text", [text for text, _ in LINES.values() if "$" not in text], ids=repr)
def test_compose_agrees(tmp_path: Path, text: str) -> None:
    ours = read(tmp_path, text)
    (tmp_path / "c.yml").write_text('services: {a: {image: x, environment: {A: "${A-}"}}}')
    command = ["docker", "compose", "--env-file", "file.env", "-f", "c.yml", "config", "--format", "json"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(found.stdout)["services"]["a"]["environment"]["A"] == ours


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=30))
def test_reading_env_always_ends_and_runs_nothing(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    assert not read(folder, f"B={text}\n$(touch {folder}/ran)`touch {folder}/ran`").startswith("\0")
    assert not (folder / "ran").exists()


# ---- start.sh up to the first container ----

PREPARED = context(environment(secrets=(secret("DB_PASSWORD", in_url=True), secret("JWT_SECRET", length=64))))


def test_env_is_made_for_its_owner_alone_and_then_only_grows(tmp_path: Path) -> None:
    folder = tree(tmp_path, PREPARED)
    first = run(folder, "scripts/start.sh", "--prepare")
    assert first.returncode == 0, first.stderr
    text = (folder / ".env").read_text()
    assert text.startswith((folder / ".env.example").read_text())
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    values = values_of(folder)
    assert re.fullmatch("[A-Za-z0-9]{32}", values["DB_PASSWORD"])
    assert re.fullmatch("[A-Za-z0-9]{64}", values["JWT_SECRET"])
    assert values["DB_PASSWORD"] not in first.stdout + first.stderr
    assert run(folder, "scripts/start.sh", "--prepare").returncode == 0
    assert (folder / ".env").read_text() == text


def test_what_a_person_wrote_into_env_stays(tmp_path: Path) -> None:
    folder = tree(tmp_path, PREPARED)
    own = "# mine\r\nDB_PASSWORD='secret'\nOTHER=no line end"
    (folder / ".env").write_bytes(own.encode())
    assert run(folder, "scripts/start.sh", "--prepare").returncode == 0
    written = (folder / ".env").read_bytes().decode()
    assert re.fullmatch(re.escape(own) + "\nJWT_SECRET=[A-Za-z0-9]{64}\n", written)


def test_an_empty_value_is_none_and_an_exported_one_counts(tmp_path: Path) -> None:
    folder = tree(tmp_path, PREPARED)
    (folder / ".env").write_text("DB_PASSWORD=\n")
    assert run(folder, "scripts/start.sh", "--prepare", DB_PASSWORD="given", JWT_SECRET="").returncode == 0
    assert set(values_of(folder)) == {"JWT_SECRET"}


def test_lost_passwords_are_not_replaced_while_their_data_lives(tmp_path: Path) -> None:
    folder = tree(tmp_path, PREPARED)
    refused = run(folder, "scripts/start.sh", "--prepare", FAKE_VOLUMES="shop-dev_postgres-data\n")
    assert refused.returncode == 3
    assert not (folder / ".env").exists()
    for way_out in ("restore .env", "--env-file", "scripts/reset.sh --yes"):
        assert way_out in refused.stderr
    given_all = {"DB_PASSWORD": "a", "JWT_SECRET": "b"}
    assert run(folder, "scripts/start.sh", "--prepare", FAKE_VOLUMES="v\n", **given_all).returncode == 0
    assert not (folder / ".env").exists()


def test_a_new_secret_is_made_beside_data_unless_that_data_was_made_with_it(tmp_path: Path) -> None:
    stored = secret("DB_PASSWORD", stored_in=("postgres-data",))
    folder = tree(tmp_path, context(environment(secrets=(stored, secret("JWT_SECRET")))))
    volumes = "shop-dev_other\nshop-dev_postgres-data\n"
    (folder / ".env").write_text("DB_PASSWORD=x\n")
    assert run(folder, "scripts/start.sh", "--prepare", FAKE_VOLUMES=volumes).returncode == 0
    (folder / ".env").write_text("JWT_SECRET=x\n")
    refused = run(folder, "scripts/start.sh", "--prepare", FAKE_VOLUMES=volumes)
    assert refused.returncode == 3
    assert "without a value: DB_PASSWORD" in refused.stderr


def test_all_that_is_to_be_filled_in_is_said_at_once(tmp_path: Path) -> None:
    folder = tree(tmp_path, context(FULL_ENVIRONMENT._replace(ports=(), external_networks=())))
    asked = run(folder, "scripts/start.sh", "--prepare")
    assert asked.returncode == 2
    for text in ("API_KEY: it's `id` $(id)", "REGION: it's", "(needed by orders)"):
        assert text in asked.stderr
    (folder / "more.env").write_text("API_KEY=k\nexport REGION='eu'\n")
    assert run(folder, "scripts/start.sh", "--prepare", "--env-file", str(folder / "more.env")).returncode == 0


@pytest.mark.parametrize("value", ["a@b", "a/b", "a b", "a%40b", "é", "a$b"])
def test_a_value_that_breaks_its_url_is_refused_unseen(tmp_path: Path, value: str) -> None:
    folder = tree(tmp_path, PREPARED)
    refused = run(folder, "scripts/start.sh", "--prepare", DB_PASSWORD=value)
    assert refused.returncode == 2
    assert "DB_PASSWORD (in a URL of orders)" in refused.stderr
    assert value not in refused.stderr.replace("these hold a character", "")


def test_a_copy_for_tests_leaves_env_alone(tmp_path: Path) -> None:
    folder = tree(tmp_path, context(environment(), environment("test", secrets=(secret("DB_PASSWORD"),))))
    assert run(folder, "scripts/start.sh", "--prepare", "--env", "test").returncode == 0
    assert not (folder / ".env").exists()


def test_a_taken_port_is_said_with_its_variable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        number = busy.getsockname()[1]
        folder = tree(tmp_path, context(environment(ports=(PortFacts("ORDERS_PORT", number, "orders"),))))
        refused = run(folder, "scripts/start.sh", "--prepare")
        assert refused.returncode == 4
        assert f"{number} for orders: " in refused.stderr
        assert "set ORDERS_PORT in .env" in refused.stderr
    assert run(folder, "scripts/start.sh", "--prepare").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as busy:
        other = run(folder, "scripts/start.sh", "--prepare", ORDERS_PORT=str(busy.getsockname()[1]))
        assert other.returncode == 4


@pytest.mark.parametrize("script", ["scripts/start.sh", "scripts/reset.sh"])
def test_another_checkouts_system_is_left_alone(tmp_path: Path, script: str) -> None:
    (tmp_path / "tree").mkdir()
    folder = tree(tmp_path / "tree", MINIMAL)
    refused = run(folder, script, FAKE_FOLDER="/elsewhere/integration\n")
    assert refused.returncode == 3
    assert "/elsewhere/integration" in refused.stderr
    (tmp_path / "link").symlink_to(folder)
    same = run(folder, "scripts/start.sh", "--prepare", FAKE_FOLDER=f"{tmp_path}/link\n")
    assert same.returncode == 0, same.stderr


@pytest.mark.parametrize("version", ["1.29.2", "2.19.9", "v2.3.3"])
def test_an_old_compose_is_refused(tmp_path: Path, version: str) -> None:
    refused = run(tree(tmp_path, MINIMAL), "scripts/start.sh", FAKE_COMPOSE=version)
    assert (refused.returncode, "too old" in refused.stderr) == (4, True)


@pytest.mark.parametrize("version", ["2.20.0", "v2.26.1-4", "5.5.0", "3.0"])
def test_a_newer_compose_is_taken(tmp_path: Path, version: str) -> None:
    assert run(tree(tmp_path, MINIMAL), "scripts/start.sh", "--prepare", FAKE_COMPOSE=version).returncode == 0


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "tests/smoke-tests.sh"])
def test_without_an_engine_the_cause_is_said(tmp_path: Path, script: str) -> None:
    found = run(tree(tmp_path, MINIMAL), script, FAKE_DOWN="yes")
    assert (found.returncode, "cannot connect" in found.stderr) == (4, True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_options_are_the_same_everywhere(tmp_path: Path, script: str) -> None:
    folder = tree(tmp_path, FULL)
    assert "(dev, test)" in run(folder, script, "--help").stdout
    assert "there are: dev, test" in run(folder, script, "--env=prod").stderr
    for wrong in (["--nope"], ["--env"], ["--project=A b"]):
        found = run(folder, script, *wrong)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr


def test_reset_destroys_nothing_unasked(tmp_path: Path) -> None:
    refused = run(tree(tmp_path, MINIMAL), "scripts/reset.sh", FAKE_VOLUMES="shop-dev_postgres-data\n")
    assert refused.returncode == 2
    assert "shop-dev_postgres-data" in refused.stdout
    assert "--yes" in refused.stderr


# ---- requests ----


def filled(text: str, saved: dict[str, str]) -> str:
    part = render_pages(("_requests.sh",), {**FULL, "uses_jq": False}, shipped_files())["_requests.sh"]
    names, values = list(saved), list(saved.values())
    script = (
        f"set -euo pipefail\n{part}\nsaved_names=() saved_values=() count=$2; text=$1; shift 2\n"
        'while [ "$count" -gt 0 ]; do saved_names+=("$1") saved_values+=("$2"); shift 2; count=$((count - 1)); done\n'
        'fill "$text"; printf "%s." "$filled"'
    )
    pairs = [word for pair in zip(names, values, strict=True) for word in pair]
    found = subprocess.run(["bash", "-c", script, "-", text, str(len(names)), *pairs], capture_output=True, check=True)
    return found.stdout.decode().removesuffix(".")


def expected(text: str, saved: dict[str, str]) -> str:
    return re.sub(r"\$\{([a-z]+)\}", lambda found: saved.get(found[1], found[0]), text)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["${a}", "${b}", "${c}", "${", "}", "$", "a", "&", "\\", "'", "`id`", " ", "\n", "é", "*"])
    )
)
def test_saved_values_are_put_in_as_they_are(pieces: list[str]) -> None:
    saved = {"a": "& \\1 '`id`' $(id)", "b": "${a}"}
    assert filled("".join(pieces), saved) == expected("".join(pieces), saved)


@settings(max_examples=12, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_a_description_is_always_text(text: str) -> None:
    facts = context(environment(secrets=(secret("A", "required", description=text),)))
    script = render_pages(("scripts/start.sh",), facts, shipped_files())["scripts/start.sh"]
    table = script[script.index("each_value() {") : script.index("# Calls $1 with variable, default")]
    show = "show() { printf '%s.' \"$6\"; }; environment=dev; each_value show"
    found = subprocess.run(["bash", "-c", f"{table}\n{show}"], capture_output=True, check=True)
    assert found.stdout.decode().removesuffix(".") == text
