"""`lint --fix`: what is surely misspelt is spelt right, what changes nothing goes, and no other byte moves."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from compiler.commands.manifests import Run
from compiler.commands.mending import Mended, mended_run
from compiler.hands.guard import alone
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.pipeline import Request, compile_manifest
from compiler.text.splice import Splice, spliced
from tests.commands.project import MANIFEST, edit, everything, periplus, periplus_apart, project, write
from tests.rules.typos import FOLDERS, Site, sites, texts_of, typo
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "integration.yaml"
BAD = MANIFEST.replace("cache.url", "cahce.url").replace("redis", "reddis  # the store")
SUPPRESSED = (
    MANIFEST + "lint:\n  suppressions:\n    # above\n    - code: DATA002\n      reason: old\n    # between\n"
    "    - code: DATA001\n      subject: '*'\n      reason: new  # here\n"
)


def mended(texts: Mapping[str, bytes]) -> Mended:
    """What would be made of a manifest in memory."""
    request = Request(
        NAME, MappingFiles(texts), shipped_files(), lambda _, wanted: {path: Standing("absent") for path in wanted}
    )
    return mended_run(Run(Path("/nowhere"), request, compile_manifest(request), ""))


def mended_text(text: str, **fragments: str) -> str:
    """The manifest, mended."""
    texts = {NAME: text.encode(), **{f"{name}.yaml": other.encode() for name, other in fragments.items()}}
    return mended(texts).after.get(NAME, text.encode()).decode()


SERVICE = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"


ORDERS = "  orders:\n    image: a:1\n    port: 80\n"
BACKEND = "networks:\n  backend: bridge\n"
KEY = "secrets:\n  SESSION_KEY: generated\n"


@pytest.mark.parametrize(
    ("bad", "good", "rest"),
    [
        ("    enviroment: # e\n      A: b", "    environment: # e\n      A: b", ""),
        ('    "enviroment":\n      A: b', '    "environment":\n      A: b', ""),
        ("    'enviroment':\n      A: b", "    'environment':\n      A: b", ""),
        ("    healthCheck:\n      comand: x # p", "    healthcheck:\n      command: x # p", ""),
        ("    healthcheck:\n      probe: pyhton # pyhton", "    healthcheck:\n      probe: python # pyhton", ""),
        ("    networks:\n      - backedn # backedn", "    networks:\n      - backend # backedn", BACKEND),
        ("    environment:\n      A: ${orderz.url} # ${orderz.url}", "    environment:\n      A: ${orders.url} # ${orderz.url}", ORDERS),
        ("    environment:\n      A: '${orders.urll}${orders.urll}'", "    environment:\n      A: '${orders.url}${orders.url}'", ORDERS),
        ("    environment:\n      A: a${Orders.url}b", "    environment:\n      A: a${orders.url}b", ORDERS),
        ("    environment:\n      A: ${orders.uri}", "    environment:\n      A: ${orders.url}", ORDERS),
        ("    environment:\n      A: ${secrets.SESION_KEY}", "    environment:\n      A: ${secrets.SESSION_KEY}", KEY),
        ("    environment:\n      A: |\n        ${orderz.host}\n        y", "    environment:\n      A: |\n        ${orders.host}\n        y", ORDERS),
        ("    command: run ${orderz.host} # x", "    command: run ${orders.host} # x", ORDERS),
        ("    command:\n      - run # ${orderz.host}\n      - ${orderz.host}", "    command:\n      - run # ${orderz.host}\n      - ${orders.host}", ORDERS),
        ("    depends_on:\n      orderz: # o\n        condition: startd", "    depends_on:\n      orders: # o\n        condition: started", ORDERS),
        ("    port: 80", "    port: 80", "tests:\n  api:\n    - GET web /wbe # wbe\n"),
    ],
)  # fmt: skip
def test_what_is_mended(bad: str, good: str, rest: str) -> None:
    assert mended_text(f"{SERVICE}{bad}\n{rest}") == f"{SERVICE}{good}\n{rest}"


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("tests:\n  api:\n    - GET wbe /wbe # wbe\n", "tests:\n  api:\n    - GET web /wbe # wbe\n"),
        (
            "gateway:\n  routes:\n    - path: /wbe\n      service: wbe\n",
            "gateway:\n  routes:\n    - path: /wbe\n      service: web\n",
        ),
    ],
)
def test_names_elsewhere_are_mended(bad: str, good: str) -> None:
    assert mended_text(f"{SERVICE}    port: 80\n{bad}") == f"{SERVICE}    port: 80\n{good}"


@pytest.mark.parametrize(
    "text",
    [
        "    environment:\n      A: ${orders-2.host}\n" + ORDERS.replace("orders", "orders-1"),
        "    enviroment:\n      A: b\n    envrionment:\n      A: c\n",
        "    depends_on:\n      orders:\n      orderz:\n" + ORDERS,
        "    command: run ${or.host}\n  orx:\n    image: a:1\n  ory:\n    image: a:1\n",
        "    environment:\n      A: ${billing.host}\n" + ORDERS,
        "    port: 8000:80\n  api:\n    image: a:1\n    port: 8000:80\n",
        "    links: x\n",
    ],
)
def test_what_a_person_has_to_say_stays(text: str) -> None:
    assert mended_text(SERVICE + text) == SERVICE + text


@pytest.mark.parametrize(
    ("lint", "left"),
    [
        ("  suppressions:\n    - code: DATA002\n      reason: old\n", ""),
        ("  suppressions:\n    - code: data-2\n      reason: old\n", ""),
        (
            (
                "  severities:\n    SECRET001:\n      severity: warning # w\n      reason: old\n    DATA002:\n"
                "      severity: error\n      reason: new\n"
            ),
            "  severities:\n    DATA002:\n      severity: error\n      reason: new\n",
        ),
        (
            (
                "  severities:\n    DATA002:\n      severity: error\n      reason: new\n  suppressions:\n"
                "    - code: SECRET001\n      reason: old\n"
            ),
            "  severities:\n    DATA002:\n      severity: error\n      reason: new\n",
        ),
        (
            "  suppressions:\n    - code: DATA002\n      subject: cahce # c\n      reason: new\n",
            "  suppressions:\n    - code: DATA002\n      subject: cache # c\n      reason: new\n",
        ),
        (
            (
                "  suppressions:\n    - code: DATA002\n      subject: cache\n      reason: new\n"
                "    - code: DATA002\n      subject: cache\n      reason: again\n"
            ),
            "  suppressions:\n    - code: DATA002\n      subject: cache\n      reason: new\n",
        ),
        (
            "  suppressions:\n    - code: DATA002\n      subject: mail\n      reason: new\n",
            "  suppressions:\n    - code: DATA002\n      subject: mail\n      reason: new\n",
        ),
    ],
)
def test_suppressions_that_change_nothing_go(lint: str, left: str) -> None:
    unused = "infrastructure:\n  cache:\n    type: redis\n" if "subject" in lint else ""
    text = mended_text(f"{SERVICE}{unused}lint:\n{lint}")
    assert text.rstrip("\n") == f"{SERVICE}{unused}{f'lint:{chr(10)}{left}' if left else ''}".rstrip("\n")


def test_what_shows_when_something_is_mended_is_mended_as_well() -> None:
    bad = SERVICE.replace("services", "servics") + "    enviroment:\n      A: ${wbe.host}\n      B: ${api.hots}\n"
    bad += "  api:\n    image: nginx:1.27\n"
    text = mended_text(bad)
    assert "services:" in text
    assert "environment:" in text
    assert "${api.host}" in text


def test_a_mistake_that_shows_is_no_reason_to_leave_another() -> None:
    bad = SERVICE + "    enviroment:\n      A: ${nobody.host}\n      B: ${nothing.host}\n"
    assert mended_text(bad) == bad.replace("enviroment", "environment")


def test_what_cannot_be_mended_holds_nothing_up() -> None:
    bad = SERVICE + "    enviroment:\n      A: b\n    environment:\n      A: c\n    profils:\n      - debug\n"
    assert mended_text(bad) == bad.replace("profils", "profiles")


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_line_ends_and_marks_stay(bom: bytes, newline: bytes, end: bytes, tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    content = bom + (BAD.rstrip("\n").encode() + end).replace(b"\n", newline)
    (folder / NAME).write_bytes(content)
    assert periplus(folder, "lint", "--fix").code == 0
    assert (folder / NAME).read_bytes() == content.replace(b"cahce", b"cache").replace(b"reddis", b"redis")


def test_it_shows_what_it_changes_and_what_is_left(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=BAD + "  web:\n    image: a\n    links: x\n")
    before = everything(folder)
    assert periplus(folder, "lint", "--fix").code == 2
    assert everything(folder) == before
    edit(folder / NAME, "    links: x\n", "    environment:\n      A: ${nobody.url}\n")
    outcome = periplus(folder, "lint", "--fix")
    assert outcome.code == 2
    assert "-    type: reddis  # the store\n+    type: redis  # the store\n" in outcome.out
    assert "fixed KIND001: there is no kind of infrastructure `reddis`\n" in outcome.out
    assert "fixed REF001: `${cahce.url}` refers to `cahce`" in outcome.out
    assert "error[REF001]: `${nobody.url}`" in outcome.err
    assert set(everything(folder)) == set(before)
    left = everything(folder)
    assert periplus(folder, "lint", "--fix").out == ""
    assert everything(folder) == left


def test_a_format_for_programs_has_stdout_for_itself(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=BAD)
    outcome = periplus(folder, "lint", "--fix", "--format", "json")
    assert (outcome.code, json.loads(outcome.out)["diagnostics"]) == (0, [])
    assert "fixed KIND001" in outcome.err


def test_warnings_are_mended_and_counted_as_they_are_left(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=SUPPRESSED)
    assert periplus(folder, "lint", "--strict").code == 1
    assert periplus(folder, "lint", "--fix", "--strict", "--quiet") == (0, "", "")
    assert (folder / NAME).read_text() == f"{MANIFEST}    # above\n    # between\n"


def test_a_fragment_and_what_a_link_leads_to_are_mended_at_their_places(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    write(folder, {"parts/web.yaml": "services:\n  web:\n    image: a:1\n    rolee: x\n", "real/one.yaml": ""})
    (folder / "real/one.yaml").write_text(BAD.replace("services:", "include:\n  - parts/*.yaml\nservices:"))
    (folder / "real/one.yaml").chmod(0o640)
    (folder / NAME).unlink()
    (folder / NAME).symlink_to("real/one.yaml")
    outcome = periplus(folder, "lint", "--fix")
    assert outcome.code == 0, outcome.err
    assert (folder / NAME).is_symlink()
    assert "cache.url" in (folder / "real/one.yaml").read_text()
    assert (folder / "real/one.yaml").stat().st_mode & 0o777 == 0o640
    assert "    role: x\n" in (folder / "parts/web.yaml").read_text()


def test_nothing_is_written_while_another_is_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compiler.hands.guard._PATIENCE_S", 0.0)
    folder = project(tmp_path / "shop", integration__yaml=BAD)
    monkeypatch.setattr("compiler.commands.writing.alone", lambda path: alone(path, 0.0))
    with alone(folder / NAME):
        outcome = periplus(folder, "lint", "--fix")
    assert outcome.code == 3
    assert (folder / NAME).read_text() == BAD


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path / "shop", integration__yaml=BAD)

    def meanwhile(run: Run) -> Mended:
        found = mended_run(run)
        (folder / NAME).write_text(MANIFEST)
        return found

    monkeypatch.setattr("compiler.commands.mending.mended_run", meanwhile)
    outcome = periplus(folder, "lint", "--fix")
    assert outcome.code == 3
    assert (folder / NAME).read_text() == MANIFEST


def test_a_secret_is_not_shown_by_what_is_mended_beside_it(tmp_path: Path) -> None:
    secret = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"
    text = BAD.replace("      GREETING", f"      API_TOKEN: {secret}\n      GREETING")
    outcome = periplus(project(tmp_path / "shop", integration__yaml=text), "lint", "--fix")
    assert outcome.code == 2
    assert "fixed REF001" in outcome.out
    assert secret not in outcome.out + outcome.err


@pytest.mark.slow
def test_it_is_the_same_as_a_process(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop", integration__yaml=BAD)
    outcome = periplus_apart(folder, "lint", "--fix", "--format", "sarif")
    assert outcome.code == 0
    assert json.loads(outcome.out)["version"] == "2.1.0"


def slips(folder: Path, count: int, random: Random) -> list[tuple[Site, str]]:
    """Slips at as many lines of a manifest."""
    drawn = {site.line: site for site in random.sample(sites(folder), k=min(count, len(sites(folder))))}
    return [(site, typo(site.word, random)) for site in drawn.values()]


def insist_that_only_words_are_mended(folder: Path, count: int, seed: int) -> int:
    """Each slip is mended or left, and nothing else changes, then or a second time; how many were mended."""
    made = sorted(slips(folder, count, Random(seed)), key=lambda each: each[0].start)
    texts = texts_of(folder)
    wrong = spliced(texts[NAME], [Splice(site.start, site.start + len(site.word), other) for site, other in made])
    contents = {path: text.encode() for path, text in texts.items()} | {NAME: wrong.encode()}
    first = mended(contents)
    after = first.after.get(NAME, wrong.encode()).decode()
    assert set(first.after) <= {NAME}
    position, count_mended, at = 0, 0, 0
    for site, other in made:
        between = texts[NAME][position : site.start]
        assert after.startswith(between, at), after[at : at + 200]
        at += len(between)
        is_mended = after.startswith(site.word, at) and not (
            after.startswith(other, at) and len(other) > len(site.word)
        )
        assert is_mended or after.startswith(other, at), (site, other, after[at : at + 60])
        count_mended += is_mended and other != site.word
        at += len(site.word if is_mended else other)
        position = site.start + len(site.word)
    assert after[at:] == texts[NAME][position:]
    second = mended({**contents, NAME: after.encode()})
    assert dict(second.after) == {}
    return count_mended


def test_only_words_are_mended_and_only_once() -> None:
    assert sum(insist_that_only_words_are_mended(folder, 6, 2) for folder in FOLDERS) > len(FOLDERS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_many_words_are_mended_right(seed: int) -> None:
    assert sum(insist_that_only_words_are_mended(folder, 6, seed) for folder in FOLDERS) > 0
