from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from compiler.hands.guard import alone
from tests.commands.project import (
    COMPOSE,
    LOCK,
    MANIFEST,
    compiled,
    contents,
    edit,
    everything,
    example,
    periplus,
    periplus_apart,
    write,
)
from tests.commands.terminal import END, INTERRUPT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

NETWORKED = MANIFEST.replace("services:", "networks:\n  backend: bridge  # ours\nservices:")
TWO = MANIFEST + "  web:\n    image: example/web:1\n    port: 8001\n"
TOPIC = "Change ports"
WRITE = "Write this, and compile?"


def answered(folder: Path, answers: Any, *arguments: str) -> tuple[int, str, str]:
    (folder / "answers.json").write_text(json.dumps(answers))
    outcome = periplus(folder, "review", "--answers", "answers.json", *arguments)
    (folder / "answers.json").unlink()
    return outcome.code, outcome.out, outcome.err


def test_answers_are_written_where_the_manifest_says_it_and_compiled(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=NETWORKED)
    code, out, err = answered(folder, {"ports": {"api": 9000}, "versions": {"cache": 7}})
    assert (code, err) == (0, "")
    wanted = NETWORKED.replace("port: 8000", "port: 9000:8000").replace("redis", "redis\n    version: 7")
    assert (folder / "integration.yaml").read_text() == wanted
    assert "+    port: 9000:8000\n" in out
    assert "`api` moves from host port `8000` to `9000`" in out
    assert "wrote integration.yaml\n" in out
    assert "API_PORT:-9000}:8000" in (folder / COMPOSE).read_text()
    assert periplus(folder, "compile", "--check").code == 0


def test_the_same_answers_again_change_nothing(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    answers = {"ports": {"api": "9000"}, "health": {"interval": "9s"}, "environments": {"set": {"dev": {}}}}
    assert answered(folder, answers)[0] == 0
    before = everything(folder)
    code, out, _ = answered(folder, answers)
    assert code == 0
    assert "the manifest says so already\n" in out
    after = everything(folder)
    assert {path: state for path, state in after.items() if path != "answers.json"} == before


def test_what_was_added_or_removed_before_is_told_and_stays(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=NETWORKED + "environments:\n  qa:\n  old:\n")
    answers = {"networks": {"remove": ["backend"]}, "environments": {"add": ["staging"], "remove": ["qa"]}}
    assert answered(folder, answers)[0] == 0
    before = everything(folder)
    code, out, err = answered(folder, answers)
    assert code == 0
    assert err == (
        "note: there is no network `backend`, so nothing to remove\n"
        "note: the environment `staging` is there already: it stays as it is\n"
        "note: there is no environment `qa`, so nothing to remove\n"
    )
    assert "the manifest says so already\n" in out
    assert everything(folder) == before


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n---\n", "\ufeff# nothing", "{}"])
def test_no_answers_change_nothing(text: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", answers__yaml=text)
    before = everything(folder)
    outcome = periplus(folder, "review", "--answers", "answers.yaml")
    assert (outcome.code, outcome.err) == (0, "")
    assert "the manifest says so already\n" in outcome.out
    assert everything(folder) == before


@pytest.mark.parametrize(("name", "network"), [("01-gateway", "hercules-network"), ("02-trading", "app-network")])
def test_the_only_network_is_replaced_and_the_blank_line_below_stays(name: str, network: str, tmp_path: Path) -> None:
    folder = example(name, tmp_path)
    lines = (folder / "integration.yaml").read_text().splitlines()
    answers = {"networks": {"declare": {"backend": "bridge"}, "remove": [network]}}
    assert answered(folder, answers)[0] == 0
    place = next(place for place, line in enumerate(lines) if line.startswith(f"  {network}: "))
    lines[place] = "  backend: bridge"
    assert (folder / "integration.yaml").read_text() == "\n".join(lines) + "\n"


def kept(folder: Path) -> Path:
    """A project whose kept file says something of its own about the port of `api`."""
    compiled(folder)
    assert periplus(folder, "keep", COMPOSE).code == 0
    edit(folder / COMPOSE, "API_PORT:-8000", "API_PORT:-8765")
    assert periplus(folder, "compile").code == 0
    return folder


def test_a_change_that_conflicts_in_a_kept_file_is_refused_and_shown(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    before = everything(folder)
    code, _, err = answered(folder, {"ports": {"api": 9000}}, "-q")
    assert code == 3
    assert "error[OWN003]: `integration/docker-compose.yml` is kept" in err
    assert "nothing was written, the manifest included" in err
    assert everything(folder) == before


def test_in_a_session_a_change_that_conflicts_is_told_at_once(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "review") as terminal:
        terminal.answer(TOPIC, "ports")
        terminal.answer("Port of which", "api")
        terminal.answer("Host port of api?", "9000")
        terminal.wait_for("overlaps with what you wrote [OWN003]\nthat is not taken over\n")
        terminal.answer(TOPIC, "")
        assert terminal.end() == 0
    assert everything(folder) == before


def test_a_manifest_that_conflicts_already_is_compiled_first(tmp_path: Path) -> None:
    folder = kept(tmp_path / "shop")
    edit(folder / "integration.yaml", "port: 8000", "port: 9000:8000")
    before = everything(folder)
    code, out, err = answered(folder, {"versions": {"cache": 7}})
    assert (code, out) == (3, "")
    assert "error[OWN003]" in err
    assert "`periplus compile` puts both between marks" in err
    assert everything(folder) == before


def test_answers_in_the_manifests_own_dialect_are_explained_with_their_lines(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", answers__yaml="ports:\n  apo: 9000\nversions:\n  cahce: 7\n")
    before = everything(folder)
    outcome = periplus(folder, "review", "--answers", "answers.yaml", "-q")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "error: answers.yaml:2:3: there is no service or infrastructure `apo`\n  help: did you mean `api`?\n"
        "error: answers.yaml:4:3: there is no infrastructure `cahce`\n  help: did you mean `cache`?\n"
        "nothing was written\n"
    )
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"x": 1, "prots": {}}, "`x` is no key of the answers\n  help: there are `ports`, "),
        ({"x": 1, "prots": {}}, "`prots` is no key of the answers\n  help: did you mean `ports`?"),
        ({"ports": ""}, "`ports` is empty: expected a mapping"),
        ({"ports": {"api": "x"}}, "`ports.api` is `x`: expected a host port such as `8095`, `auto` or `internal`"),
        ({"ports": {"api": 70000}}, "70000"),
        ({"ports": {"api/admin": 9000}}, "there is no port of `api` `admin`"),
        ({"ports": {"web": 8000}}, "host port 8000 belongs to `api`, which would have to move to 8001"),
        ({"versions": {"cache": "new"}}, "`versions.cache` is `new`: expected a version"),
        ({"networks": {"join": {"api": ["backend"]}}}, "declare it, too: `networks.declare.backend: bridge`"),
        ({"networks": {"join": {"api": "none"}}}, "expected a list or `all`"),
        ({"health": {"interval": "5"}}, "expected a duration with its unit"),
        ({"health": {"services": {"web": {"retries": 3}}}}, "`web` has no health check: say its `liveness`"),
        ({"environments": {"set": {"qa": {"x": {}}}}}, "name it under `environments.add`, too"),
        ({"environments": {"set": {"test": {"services": {"api": {"prot": "1"}}}}}}, "`prot`"),
        ([], "the answers are a list: expected a mapping"),
        ({"ports": {"gateway": 80}}, "there is no service or infrastructure `gateway`"),
    ],
)
def test_wrong_answers_are_explained_and_nothing_is_written(answers: Any, words: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=TWO)
    before = everything(folder)
    code, _, err = answered(folder, answers)
    assert code == 2
    assert words in err
    assert "nothing was written\n" in err
    assert everything(folder) == before


def test_a_swap_of_two_allocated_ports_is_no_theft(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=TWO)
    assert answered(folder, {"ports": {"api": 8001, "web": 8000}})[0] == 0
    assert json.loads((folder / LOCK).read_text())["ports"] == {}


def test_an_edited_file_refuses_before_anything_is_asked(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    edit(folder / COMPOSE, "hello", "good day")
    before = everything(folder)
    code, out, err = answered(folder, {"ports": {"api": 9000}})
    assert (code, out) == (3, "")
    assert "was edited by hand" in err
    assert "nothing was written\n" in err
    assert everything(folder) == before


def test_a_fragment_is_changed_where_it_says_so_with_its_mode(tmp_path: Path) -> None:
    fragment = "services:\r\n  web:\r\n    image: example/web:1\r\n    port: 8001 # theirs\r\n"
    manifest = MANIFEST.replace("name: shop", "name: shop\ninclude:\n  - parts/web.yaml")
    folder = tmp_path / "shop"
    write(folder, {"integration.yaml": manifest, "parts/web.yaml": "", ".git/HEAD": ""})
    (folder / "parts/web.yaml").write_bytes(fragment.encode())
    (folder / "parts/web.yaml").chmod(0o600)
    assert periplus(folder, "compile").code == 0
    code, out, _ = answered(folder, {"ports": {"web": 9001}})
    assert code == 0
    assert (folder / "parts/web.yaml").read_bytes() == fragment.replace("8001 ", "9001:8001 ").encode()
    assert stat.S_IMODE((folder / "parts/web.yaml").stat().st_mode) == 0o600
    assert (folder / "integration.yaml").read_text() == manifest
    assert "wrote parts/web.yaml\n" in out


def test_a_shared_default_is_changed_for_all_and_overridden_for_one(tmp_path: Path) -> None:
    folder = example("01-gateway", tmp_path)
    before = (folder / "integration.yaml").read_text()
    answers = {"health": {"interval": "10s", "services": {"user-service": {"retries": "5"}}}}
    code, _, err = answered(folder, answers)
    assert code == 0
    assert "`retries` is now said at the service itself" in err
    after = (folder / "integration.yaml").read_text()
    assert "    readiness: /health/ready\n    interval: 10s\n" in after
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added == ["    interval: 10s", "    healthcheck:", "      retries: 5"]


def test_a_short_check_becomes_a_mapping_and_keeps_its_comment(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("healthcheck:\n", "healthcheck: /health  # always\n").replace(
        "      liveness: /health\n", ""
    )
    manifest = manifest.replace("      probe: curl\n", "").replace("image: example/api:1", "build: ./api")
    folder = tmp_path / "shop"
    write(folder, {"integration.yaml": manifest, "api/Dockerfile": "FROM python:3.12\n", ".git/HEAD": ""})
    assert answered(folder, {"health": {"services": {"api": {"interval": "7s"}}}})[0] == 0
    text = (folder / "integration.yaml").read_text()
    assert "    healthcheck:  # always\n      liveness: /health\n      interval: 7s\n" in text


def test_without_a_terminal_it_says_how(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    outcome = periplus_apart(folder, "review")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--answers FILE" in outcome.err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_with_a_stream_that_was_closed_there_is_no_terminal(closed: str, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "review", redirected=closed) as terminal:
        assert terminal.end() == 2
    assert ("--answers FILE" in terminal.shown) == ("2>&-" not in closed)
    assert everything(folder) == before


def test_a_file_without_answers_is_wrong_usage(tmp_path: Path) -> None:
    outcome = periplus(compiled(tmp_path / "shop"), "review", "--answers", "none.yaml")
    assert outcome.code == 2
    assert "there is no file `none.yaml` with answers" in outcome.err


def test_a_session_on_a_terminal(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop", integration__yaml=TWO)
    with Terminal(folder, "review") as terminal:
        terminal.wait_for("  api     8000 ")
        terminal.answer(TOPIC, "ports")
        terminal.answer("Port of which", "web")
        terminal.answer("Host port of web?", "8000")
        terminal.wait_for("host port 8000 belongs to `api`")
        terminal.answer(TOPIC, "p")
        terminal.answer("Port of which", "web")
        terminal.answer("Host port of web?", "9001")
        terminal.answer(TOPIC, "networks")
        terminal.answer("Networks of which service?", "api")
        terminal.answer("Networks of api", "backend")
        terminal.answer("There is no network backend: declare it?", "bridge")
        terminal.answer(TOPIC, "")
        terminal.wait_for("+    port: 9001:8001\n")
        terminal.wait_for("`web` moves from host port `8001` to `9001`")
        terminal.answer(WRITE, "y")
        assert terminal.end() == 0
    text = (folder / "integration.yaml").read_text()
    assert (
        text
        == TWO.replace("port: 8001", "port: 9001:8001").replace(
            "      GREETING: hello\n", "      GREETING: hello\n    networks:\n      - backend\n"
        )
        + "networks:\n  backend: bridge\n"
    )
    assert periplus(folder, "compile", "--check").code == 0


@pytest.mark.parametrize(("typed", "code"), [("n\n", 1), (INTERRUPT, 130), (END, 130)])
def test_a_no_or_an_interrupt_at_the_end_writes_nothing(typed: str, code: int, tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "review") as terminal:
        terminal.answer(TOPIC, "versions")
        terminal.answer("Version of which?", "cache")
        terminal.answer("Version of cache?", "7")
        terminal.answer(TOPIC, "done")
        terminal.wait_for(WRITE)
        if typed == INTERRUPT:
            assert terminal.interrupted() == code
        else:
            terminal.type(typed)
            assert terminal.end() == code
    assert everything(folder) == before


def test_an_interrupt_between_questions_writes_nothing(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "review") as terminal:
        terminal.wait_for(TOPIC)
        assert terminal.interrupted() == 130
    assert everything(folder) == before


def test_nothing_to_change_is_fine(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = everything(folder)
    with Terminal(folder, "review") as terminal:
        terminal.answer(TOPIC, "")
        terminal.wait_for("nothing to change, nothing was written")
        assert terminal.end() == 0
    assert everything(folder) == before


def test_a_manifest_that_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    with Terminal(folder, "review") as terminal:
        terminal.answer(TOPIC, "versions")
        terminal.answer("Version of which?", "cache")
        terminal.answer("Version of cache?", "7")
        terminal.answer(TOPIC, "")
        terminal.wait_for(WRITE)
        edit(folder / "integration.yaml", "GREETING: hello", "GREETING: servus")
        before = everything(folder)
        terminal.type("y\n")
        terminal.wait_for("changed meanwhile")
        assert terminal.end() == 3
    assert everything(folder) == before


def test_another_run_at_work_is_waited_for_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    monkeypatch.setattr("compiler.hands.guard._STEP_S", 0.01)
    monkeypatch.setattr("compiler.hands.guard.alone.__wrapped__.__defaults__", (0.05,))
    with alone(folder / "integration.yaml"):
        code, _, err = answered(folder, {"ports": {"api": 9000}})
    assert code == 3
    assert "another periplus is at work" in err
    assert contents(folder) == before


def test_where_the_tree_cannot_be_written_the_manifest_stays(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "shop")
    before = contents(folder)
    (folder / "integration/scripts/start.sh").unlink()
    (folder / "integration/scripts/start.sh").mkdir()
    code, _, _ = answered(folder, {"ports": {"api": 9000}})
    assert code == 3
    after = contents(folder)
    assert {path: text for path, text in before.items() if path in after} == after
