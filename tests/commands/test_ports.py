from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.project import (
    Outcome,
    command_line,
    contents,
    edit,
    everything,
    periplus,
    periplus_apart,
    project,
    surroundings,
    write,
)
from tests.commands.test_cli import no_special_powers

if TYPE_CHECKING:
    from pathlib import Path

REGISTRY = "PORT_REGISTRY.json"
SHOP = """\
version: 1
name: shop
ports:
  range: 21000-21019
  registry: PORT_REGISTRY.json
services:
  api:
    image: example/api:1
    port: 21001:8000
  web:
    image: example/web:1
    port: 3000
    ports:
      admin: 3001
    develop:
      debug_port: 21015
"""
OTHERS = """\
{
  "metadata": {
    "port_ranges": {
      "shop": "21004-21009",
      "bank": "21016-21017"
    }
  },
  "allocations": {
    "21004": "bank/web",
    "21018": "shop/gone",
    "5432": "shared/postgres"
  }
}
"""


@pytest.fixture(autouse=True)
def _no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def shop(folder: Path, manifest: str = SHOP, registry: str | None = OTHERS) -> Path:
    """A repository with the manifest and, where there is a text, the registry."""
    project(folder, integration__yaml=manifest)
    if registry is not None:
        (folder / REGISTRY).write_bytes(registry.encode())
    return folder


def listed(folder: Path, *arguments: str) -> Any:
    """The list as a program reads it."""
    outcome = periplus(folder, "ports", "--format", "json", *arguments)
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def allocations(file: Path) -> dict[str, str]:
    """Who has which port."""
    return dict(json.loads(file.read_bytes())["allocations"])


def test_the_list_says_who_has_what_and_what_is_free(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    before = everything(folder)
    outcome = periplus(folder, "ports")
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == """\
shop: 21000-21019 on 127.0.0.1
  PORT   SERVICE          FROM     REGISTRY  LISTENING NOW
  21001  api              written  -         -
  21005  web              new      -         -
  21006  web/admin        new      -         -
  21015  web/debug (dev)  written  -         -
also in PORT_REGISTRY.json:
  21004  bank/web
  21018  shop/gone  not published: `periplus ports claim` gives it back
meant for others: 21016-21017 bank
free: 21000, 21002-21003, 21007-21014, 21018-21019
"""
    )
    assert everything(folder) == before
    assert periplus(folder, "ports", "integration.yaml") == outcome
    assert periplus(folder, "ports", "list", "integration.yaml") == outcome


def test_where_each_port_comes_from(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    assert {one["port"]: one["source"] for one in listed(folder)["ports"]} == {
        21001: "written",
        21005: "new",
        21006: "new",
        21015: "written",
    }
    assert periplus(folder, "ports", "claim").code == 0
    assert {one["source"] for one in listed(folder)["ports"]} == {"written", "registry"}
    assert periplus(folder, "compile").code == 0
    assert {one["port"]: (one["source"], one["owner"], one["only_dev"]) for one in listed(folder)["ports"]} == {
        21001: ("written", "shop/api", False),
        21005: ("lock", "shop/web", False),
        21006: ("lock", "shop/web/admin", False),
        21015: ("written", "shop/web/debug", True),
    }


def test_the_list_for_a_program(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    document = listed(folder)
    assert document == {
        "schema_version": 1,
        "project": "shop",
        "bind": "127.0.0.1",
        "range": {"first": 21000, "last": 21019},
        "registry": {"path": REGISTRY, "range": {"first": 21004, "last": 21009}},
        "ports": document["ports"],
        "others": [
            {"port": 21004, "owner": "bank/web", "is_ours": False, "listeners": []},
            {"port": 21018, "owner": "shop/gone", "is_ours": True, "listeners": []},
        ],
        "strangers": [],
        "reserved": [{"name": "bank", "first": 21016, "last": 21017}],
        "free": [
            {"first": 21000, "last": 21000},
            {"first": 21002, "last": 21003},
            {"first": 21007, "last": 21014},
            {"first": 21018, "last": 21019},
        ],
    }
    assert document["ports"][2] == {
        "port": 21006,
        "service": "web",
        "name": "admin",
        "variable": "WEB_ADMIN_PORT",
        "only_dev": False,
        "source": "new",
        "owner": None,
        "listeners": [],
    }
    assert listed(folder, "integration.yaml") == document
    assert json.loads(periplus(folder, "ports", "integration.yaml", "--format", "json").out) == document


def test_it_works_without_a_registry(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", SHOP.replace("  registry: PORT_REGISTRY.json\n", ""), None)
    outcome = periplus(folder, "ports")
    assert (outcome.code, outcome.err) == (0, "")
    assert "REGISTRY" not in outcome.out
    assert listed(folder)["registry"] is None
    for action in ("claim", "release"):
        refused = periplus(folder, "ports", action)
        assert (refused.code, refused.out) == (2, "")
        assert "`integration.yaml` names no registry" in refused.err


def test_a_project_without_ports(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", "version: 1\nname: shop\nservices:\n  api:\n    image: x:1\n", None)
    assert (
        periplus(folder, "ports").out
        == """\
shop: 8000-8999 on 127.0.0.1
  no host port is published
free: 8000-8999
"""
    )


def test_who_listens_now(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as ours, closing(socket.create_server(("", 0))) as stranger:
        taken, other = ours.getsockname()[1], stranger.getsockname()[1]
        manifest = SHOP.replace("21001:", f"{taken}:").replace("21000-21019", f"{other}-{other}")
        folder = shop(tmp_path / "shop", manifest.replace("    port: 3000\n    ports:\n      admin: 3001\n", ""), None)
        edit(folder / "integration.yaml", "  registry: PORT_REGISTRY.json\n", "")
        document, text = listed(folder), periplus(folder, "ports").out
    (row,) = (one for one in document["ports"] if one["port"] == taken)
    (listener,) = row["listeners"]
    assert (listener["address"], listener["pid"]) == ("127.0.0.1", os.getpid())
    assert [one["port"] for one in document["strangers"]] == [other]
    assert document["free"] == []
    assert f"{listener['process']}, process {os.getpid()}\n" in text
    assert (
        f"in use, though nobody has them:\n  {other}  {listener['process']}, process {os.getpid()}, at 0.0.0.0\n"
        in text
    )
    assert "free: none\n" in text


def test_containers_are_told_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\nprintf '%s\\t%s\\t%s\\n' shop-api-1 shop '127.0.0.1:21001->8000/tcp, 9000/tcp' "
        "bank-web-1 bank '0.0.0.0:21002-21003->80-81/tcp, [::]:21002-21003->80-81/tcp' mine '' '0.0.0.0:21007->1/tcp'\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    out = periplus(shop(tmp_path / "shop"), "ports").out
    assert "  21001  api              written  -         container shop-api-1 (ours)\n" in out
    assert "  21002  container bank-web-1 of project bank\n" in out
    assert "  21007  container mine\n" in out
    assert "free: 21000, 21008-21014, 21018-21019\n" in out


def test_claim_writes_ours_and_gives_back_what_is_gone(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    outcome = periplus(folder, "ports", "claim")
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == """\
  + 21001  shop/api
  + 21005  shop/web
  + 21006  shop/web/admin
  + 21015  shop/web/debug
  - 21018  shop/gone
PORT_REGISTRY.json: 4 claimed, 1 released, 0 unchanged
"""
    )
    assert (folder / REGISTRY).read_text() == OTHERS.replace(
        '    "21018": "shop/gone",\n    "5432": "shared/postgres"\n',
        '    "5432": "shared/postgres",\n    "21001": "shop/api",\n    "21005": "shop/web",\n'
        '    "21006": "shop/web/admin",\n    "21015": "shop/web/debug"\n',
    )
    assert set(contents(folder)) == {"integration.yaml", REGISTRY}


def test_claiming_again_changes_nothing(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    periplus(folder, "ports", "claim")
    before = everything(folder)
    assert periplus(folder, "ports", "claim") == (0, "PORT_REGISTRY.json: 4 unchanged\n", "")
    assert periplus(folder, "ports", "claim", "--check") == (0, "PORT_REGISTRY.json: 4 unchanged\n", "")
    assert periplus(folder, "ports", "claim", "--quiet") == (0, "", "")
    assert everything(folder) == before


def test_check_writes_nothing_and_fails(tmp_path: Path) -> None:
    for registry in (OTHERS, None):
        folder = shop(tmp_path / f"shop-{registry is None}", registry=registry)
        before = everything(folder)
        outcome = periplus(folder, "ports", "claim", "--check")
        assert outcome.code == 1
        assert "PORT_REGISTRY.json: would be 4 claimed" in outcome.out
        assert everything(folder) == before


def test_a_registry_that_is_missing_is_made(tmp_path: Path) -> None:
    manifest = SHOP.replace("registry: PORT_REGISTRY.json", "registry: machine/ports/PORTS.json")
    folder = shop(tmp_path / "shop", manifest, None)
    assert periplus(folder, "ports").code == 2
    assert periplus(folder, "ports", "release").code == 2
    assert periplus(folder, "ports", "claim").code == 0
    assert (
        (folder / "machine/ports/PORTS.json").read_text()
        == """\
{
  "allocations": {
    "21000": "shop/web",
    "21001": "shop/api",
    "21002": "shop/web/admin",
    "21015": "shop/web/debug"
  }
}
"""
    )
    assert stat.S_IMODE((folder / "machine/ports/PORTS.json").stat().st_mode) == 0o644
    assert periplus(folder, "compile").code == 0


def test_a_lost_lock_brings_the_claimed_ports_back(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    assert periplus(folder, "compile").code == 0
    assert periplus(folder, "ports", "claim").code == 0
    lock = (folder / "integration.lock.json").read_text()
    tree = contents(folder / "integration")
    edit(folder / REGISTRY, '"bank/web"', '"shop"')
    (folder / "integration.lock.json").unlink()
    assert periplus(folder, "compile").code == 0
    assert (folder / "integration.lock.json").read_text() == lock
    assert contents(folder / "integration") == tree


def test_a_port_of_somebody_else_is_refused_with_both_places_and_a_free_port(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", SHOP.replace("21001:", "21004:"))
    before = everything(folder)
    outcome = periplus(folder, "ports", "claim")
    assert (outcome.code, outcome.out) == (3, "")
    assert "`api` publishes host port 21004, which the registry gives to `bank/web`" in outcome.err
    assert "integration.yaml:9:5" in outcome.err
    assert "PORT_REGISTRY.json:9:5" in outcome.err
    assert "21007 is the next free port in 21000-21019" in outcome.err
    assert everything(folder) == before
    assert periplus(folder, "ports").code == 2, "for the list it is a mistake in the manifest"
    edit(folder / "integration.yaml", "image: example/web:1", "image: example/web:1\n    none: 1")
    assert periplus(folder, "ports", "claim").code == 2


def test_a_port_of_the_lock_that_somebody_claimed_first_moves_and_it_is_told(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    assert periplus(folder, "compile").code == 0
    edit(folder / REGISTRY, '"21004"', '"21005"')
    told = "`web` moves from host port 21005 to 21004 with the next `periplus compile`: the registry gives 21005 to `bank/web`\n"
    assert periplus(folder, "ports").err == told
    outcome = periplus(folder, "ports", "claim")
    assert (outcome.code, outcome.err) == (0, told)
    assert allocations(folder / REGISTRY)["21004"] == "shop/web"
    assert periplus(folder, "compile").code == 0
    assert periplus(folder, "ports", "claim").err == ""
    assert json.loads((folder / "integration.lock.json").read_text())["ports"] == {"web": 21004, "web/admin": 21006}


def test_release_removes_ours_and_no_other(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    periplus(folder, "ports", "claim")
    one = periplus(folder, "ports", "release", "web/admin")
    assert one == (0, "  - 21006  shop/web/admin\nPORT_REGISTRY.json: 1 released, 3 unchanged\n", "")
    assert periplus(folder, "ports", "release", "web/admin").out == "PORT_REGISTRY.json: 3 unchanged\n"
    two = periplus(folder, "ports", "release", "./integration.yaml", "web")
    assert two.out.endswith("PORT_REGISTRY.json: 2 released, 1 unchanged\n")
    assert periplus(folder, "ports", "release", "--quiet") == (0, "", "")
    assert (folder / REGISTRY).read_text() == OTHERS.replace('    "21018": "shop/gone",\n', "")


def test_a_name_to_release_that_is_none(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    before = everything(folder)
    for word, advice in (("wbe", "did you mean `web`?"), ("gnoe", "did you mean `gone`?"), ("xyz", "there are `api`")):
        outcome = periplus(folder, "ports", "release", word)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"`{word}` is no service and has no entry in the registry: {advice}" in outcome.err
    assert everything(folder) == before
    assert periplus(folder, "ports", "release", "gone").code == 0


def test_release_needs_no_manifest_without_mistakes(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    periplus(folder, "ports", "claim")
    edit(folder / "integration.yaml", "3000", "3000\n    depends_on:\n      none:")
    edit(folder / REGISTRY, '"21001": "shop/api"', '"21001": "bank/api"')
    assert periplus(folder, "ports", "claim").code == 2
    assert periplus(folder, "ports", "release").code == 0
    assert set(allocations(folder / REGISTRY).values()) == {"bank/web", "bank/api", "shared/postgres"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["calim"], "did you mean `periplus ports claim`?"),
        (["none.yaml"], "there is no manifest `none.yaml`"),
        (["integration.yaml", "b.yaml"], "`b.yaml` is one too many"),
        (["claim", "integration.yaml", "b.yaml"], "`b.yaml` is one too many"),
        (["--format", "json", "claim"], "`--format` is for the list"),
        (["claim", "--format", "json"], "No such option"),
        (["release", "none.yaml"], "there is no manifest `none.yaml`"),
    ],
)
def test_wrong_usage(words: list[str], told: str, tmp_path: Path) -> None:
    outcome = periplus(shop(tmp_path / "shop"), "ports", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Usage: periplus ports" in outcome.err
    assert told in outcome.err


ACTIONS = pytest.mark.parametrize("action", ["claim", "release"])


@ACTIONS
@pytest.mark.parametrize(
    ("registry", "told"),
    [
        ("", "is no JSON with `allocations`"),
        ("{", "is no JSON with `allocations`"),
        ('{"allocations": []}', "is no JSON with `allocations`"),
        (OTHERS.replace('"21018"', '"21004"'), "`PORT_REGISTRY.json` has `21004` twice"),
        (OTHERS.replace('"21018"', '"port"'), "has an entry for `port`, which is no port"),
        (f"<<<<<<< HEAD\n{OTHERS}=======\n{OTHERS}>>>>>>> b\n", "has the marks of a merge conflict"),
    ],
)
def test_a_registry_that_cannot_be_read_is_left_as_it_is(action: str, registry: str, told: str, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", registry=registry)
    before = everything(folder)
    outcome = periplus(folder, "ports", action)
    assert (outcome.code, outcome.out) == (2, "")
    assert "error[PORT007]" in outcome.err
    assert told in outcome.err
    assert everything(folder) == before


@ACTIONS
def test_a_registry_outside_the_repository_is_refused(action: str, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", registry=None)
    (tmp_path / "ports.json").write_text(OTHERS)
    (folder / REGISTRY).symlink_to("../ports.json")
    before = everything(tmp_path)
    outcome = periplus(folder, "ports", action)
    assert (outcome.code, outcome.out) == (3, "")
    assert "`PORT_REGISTRY.json` leads out of the repository" in outcome.err
    edit(folder / "integration.yaml", "registry: PORT_REGISTRY.json", "registry: ../ports.json")
    outside = periplus(folder, "ports", action)
    assert (outside.code, outside.out) == (2, "")
    assert "error[PATH001]" in outside.err
    edit(folder / "integration.yaml", "registry: ../ports.json", "registry: PORT_REGISTRY.json")
    after = everything(tmp_path)
    assert after.keys() == before.keys()
    assert after["ports.json"] == before["ports.json"]


def test_a_link_within_the_repository_is_followed_and_stays(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", registry=None)
    write(folder, {"machine/ports.json": OTHERS})
    (folder / REGISTRY).symlink_to("machine/ports.json")
    assert periplus(folder, "ports", "claim").code == 0
    assert (folder / REGISTRY).is_symlink()
    assert allocations(folder / "machine/ports.json")["21001"] == "shop/api"


@ACTIONS
def test_what_is_no_file_is_left_alone(action: str, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", registry=None)
    (folder / REGISTRY).mkdir()
    assert periplus(folder, "ports", action).code == 3
    (folder / REGISTRY).rmdir()
    (folder / REGISTRY).symlink_to("none.json")
    outcome = periplus(folder, "ports", action)
    assert (outcome.code, outcome.out) == (3, "")
    assert "`PORT_REGISTRY.json` is no regular file" in outcome.err
    assert (folder / REGISTRY).is_symlink()


def without_powers(folder: Path, *arguments: str) -> Outcome:
    """The command line as a process that minds the modes of files even as root."""
    done = subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env=surroundings(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_special_powers,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(("path", "mode"), [(REGISTRY, 0o000), (REGISTRY, 0o444), ("machine", 0o555)])
def test_what_may_not_be_written_is_the_machines_fault(path: str, mode: int, tmp_path: Path) -> None:
    name = f"machine/{REGISTRY}"
    folder = shop(tmp_path / "shop", SHOP.replace(REGISTRY, name), None)
    write(folder, {name: OTHERS})
    before = contents(folder)
    closed = folder / name if path == REGISTRY else folder / path
    closed.chmod(mode)
    outcome = without_powers(folder, "ports", "claim")
    closed.chmod(0o755)
    assert (outcome.code, outcome.out) == (4, "")
    assert "Permission denied" in outcome.err
    assert "Traceback" not in outcome.err
    assert contents(folder) == before


def test_the_mode_of_the_registry_and_every_byte_of_others_stay(tmp_path: Path) -> None:
    registry = "\ufeff" + OTHERS.replace("\n", "\r\n").replace("    ", "\t\t").replace("shared", "größe")
    folder = shop(tmp_path / "shop", registry=registry)
    (folder / REGISTRY).chmod(0o600)
    assert periplus(folder, "ports", "claim").code == 0
    assert periplus(folder, "ports", "release").code == 0
    after = (folder / REGISTRY).read_bytes().decode()
    assert after == registry.replace('\t\t"21018": "shop/gone",\r\n', "")
    assert stat.S_IMODE((folder / REGISTRY).stat().st_mode) == 0o600


def test_projects_of_one_repository_share_the_registry_above_them(tmp_path: Path) -> None:
    repository = tmp_path / "all"
    (repository / ".git").mkdir(parents=True)
    names = ("bank", "shop", "mill")
    for name in names:
        manifest = SHOP.replace("name: shop", f"name: {name}").replace(REGISTRY, f"../../{REGISTRY}")
        write(repository, {f"systems/{name}/integration.yaml": manifest.replace("21001:", "").replace("21015", "9229")})
    for name in names:
        folder = repository / "systems" / name
        edit(folder / "integration.yaml", "9229", str(21019 - names.index(name)))
        outcome = periplus(folder, "ports", "claim")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.endswith("../../PORT_REGISTRY.json: 4 claimed, 0 unchanged\n")
        assert periplus(folder, "compile").code == 0
    owners = allocations(repository / REGISTRY)
    assert list(owners) == [*map(str, range(21000, 21009)), "21017", "21018", "21019"]
    assert {owner.partition("/")[0] for owner in owners.values()} == set(names)
    assert "also in PORT_REGISTRY.json:\n" in periplus(repository, "ports", "systems/bank/integration.yaml").out
    shown = periplus(repository, "ports", "release", "systems/bank/integration.yaml")
    assert shown.out.endswith("PORT_REGISTRY.json: 4 released, 0 unchanged\n")
    assert len(allocations(repository / REGISTRY)) == 8


def test_it_is_a_process_like_any_other(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    assert periplus_apart(folder, "ports", "claim").code == 0
    assert periplus_apart(folder, "ports").out.count("shop/") == 4
