"""Kept files: their header, how an emission goes into them, and how often that is clean."""

from __future__ import annotations

import json
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.ownership.kept import Woven, base_path, holds_nothing_else, kept_path, weave
from compiler.ownership.signature import digest_of, judge, kept_form, manifest_of, sign
from compiler.pipeline import Request, compile_manifest
from tests.ownership.test_signature import GENERATED, TEXTS
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ABSENT = Standing("absent")


def emission(body: str, path: str = "a.yml") -> str:
    return sign(path, body, "integration.yaml")


def file(text: str | None) -> Standing:
    return Standing("file", text)


OLD, NEW = emission("a: 1\nb: 2\nc: 3\n"), emission("a: 1\nb: 2\nc: 4\n")
MINE = kept_form(OLD).replace("a: 1", "a: 7")


@pytest.mark.parametrize("path", TEXTS)
def test_the_header_of_a_kept_file_says_so_and_has_no_digest(path: str) -> None:
    kept = kept_form(GENERATED[path])
    assert (judge(kept), digest_of(kept), manifest_of(kept)) == ("none", "", "integration.yaml")
    assert "Periplus merges what integration.yaml changes into this file" in kept
    assert len(kept.split("\n")) == len(GENERATED[path].split("\n"))
    assert kept_form(kept) == kept


@pytest.mark.parametrize("path", TEXTS)
def test_the_header_is_the_same_whatever_the_rest_says(path: str) -> None:
    other = sign(path, TEXTS[path] + "\n", "integration.yaml")
    assert kept_form(other) == kept_form(GENERATED[path]) + "\n"


def test_a_kept_json_file_is_json_still() -> None:
    assert json.loads(kept_form(GENERATED["plan.json"])).keys() == {"generated", "kept", "schema_version"}


def test_a_script_stays_one() -> None:
    assert kept_form(GENERATED["scripts/start.sh"]).startswith("#!/usr/bin/env bash\n")


def test_a_text_of_ones_own_gets_no_header() -> None:
    assert kept_form("a: 1\n") == "a: 1\n"


def test_a_base_stands_below_its_own_folder_at_the_path_of_its_file() -> None:
    assert base_path("scripts/start.sh") == ".periplus/base/scripts/start.sh"
    assert kept_path(base_path("scripts/start.sh")) == "scripts/start.sh"
    assert kept_path("scripts/start.sh") == ""


def test_what_the_manifest_changes_goes_into_the_persons_text() -> None:
    assert weave(NEW, file(MINE), file(OLD)) == Woven(MINE.replace("c: 3", "c: 4"), "clean")


def test_with_nothing_changed_the_persons_text_stays() -> None:
    assert weave(OLD, file(MINE), file(OLD)) == Woven(MINE, "clean")


def test_a_file_that_was_deleted_is_made_again() -> None:
    assert weave(NEW, ABSENT, file(OLD)) == Woven(kept_form(NEW), "clean")


def test_an_edited_file_with_its_old_header_gets_the_lasting_one() -> None:
    assert weave(OLD, file(OLD.replace("a: 1", "a: 7")), file(OLD)) == Woven(MINE, "clean")


@pytest.mark.parametrize("base", [ABSENT, file(OLD.replace("a", "x")), file(OLD)])
def test_an_unedited_file_is_its_own_base(base: Standing) -> None:
    assert weave(NEW, file(OLD), base) == Woven(kept_form(NEW), "clean")


@pytest.mark.parametrize(
    "base",
    [ABSENT, Standing("symlink"), file(None), file(""), file("a: 1\n"), file(OLD + "d: 4\n"), file(kept_form(OLD))],
)
def test_without_its_base_nothing_is_merged(base: Standing) -> None:
    assert weave(NEW, file(MINE), base) == Woven(MINE, "baseless")


def test_what_is_no_text_is_not_merged() -> None:
    assert weave(NEW, file(None), file(OLD)).merging == "none"
    assert weave(NEW, Standing("directory"), file(OLD)).merging == "none"


def test_an_overlap_is_told_with_its_line() -> None:
    woven = weave(NEW, file(MINE.replace("c: 3", "c: 9")), file(OLD))
    assert (woven.merging, woven.lines) == ("conflict", (5,))
    assert woven.text.endswith("<<<<<<< yours\nc: 9\n=======\nc: 4\n>>>>>>> integration.yaml\n")


@pytest.mark.parametrize("mark", ["<<<<<<< yours", "<<<<<<< HEAD", ">>>>>>> theirs", "<<<<<<< HEAD\r"])
def test_while_a_mark_stands_nothing_is_merged(mark: str) -> None:
    marked = MINE.replace("c: 3", mark)
    assert weave(NEW, file(marked), file(OLD)) == Woven(marked, "marked", (5,))


@pytest.mark.parametrize("line", ["=======", "<<<<<<", "  <<<<<<< yours", "<<<<<<<", ">>>>>>>>> x"])
def test_what_is_no_mark_stops_nothing(line: str) -> None:
    assert weave(NEW, file(MINE.replace("a: 7", line)), file(OLD)).merging == "clean"


@pytest.mark.parametrize("base", [OLD, OLD.replace("\n", "\r\n")])
@pytest.mark.parametrize("stands", [MINE, OLD.replace("a: 1", "a: 7")])
def test_a_checkout_that_converts_line_ends_makes_no_overlap(stands: str, base: str) -> None:
    expected = MINE.replace("c: 3", "c: 4").replace("\n", "\r\n")
    assert weave(NEW, file(stands.replace("\n", "\r\n")), file(base)) == Woven(expected, "clean")


@pytest.mark.parametrize("text", [OLD, kept_form(OLD), NEW, kept_form(NEW), kept_form(OLD).replace("\n", "\r\n")])
def test_a_file_with_nothing_of_the_persons_is_known(text: str) -> None:
    assert holds_nothing_else(file(text), OLD, NEW)


@pytest.mark.parametrize("standing", [ABSENT, file(None), file(""), file(MINE), file(OLD + "\n")])
def test_any_other_text_is_the_persons(standing: Standing) -> None:
    assert not holds_nothing_else(standing, OLD, NEW)


class Overlaid(NamedTuple):
    """An example on disk with another manifest."""

    files: DiskFiles
    manifest: str

    @property
    def reach(self) -> int:
        return self.files.reach

    def read(self, path: str) -> bytes | None:
        return self.manifest.encode() if path == "integration.yaml" else self.files.read(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        return self.files.glob(pattern)


MAIL = "  mail:\n    image: example/mail:1\n    port: 8099:80\n    healthcheck:\n      probe: curl\n"
CHANGES: Mapping[str, Sequence[tuple[str, str]]] = {
    "01-gateway": [
        ("port: 8091:8000", "port: 8191:8000"),
        ("  api-gateway:\n    build", f"{MAIL}  api-gateway:\n    build"),
        ("      REDIS_URL: ${redis.url}\n", "      REDIS_URL: ${redis.url}\n      REGION: north\n"),
        ("host: myproject.example.com", "host: ourproject.example.com"),
    ],
    "02-trading": [
        ("port: 3001:3001", "port: 3011:3001"),
        ("LOG_LEVEL: ${LOG_LEVEL:-info}", "LOG_LEVEL: ${LOG_LEVEL:-debug}\n      REGION: north"),
        ("      MARKET_API_KEY: ${secrets.MARKET_API_KEY}\n", "      MARKET_KEY: ${secrets.MARKET_API_KEY}\n"),
        ("  trading:\n    build", f"{MAIL}  trading:\n    build"),
        ("version: 14", "version: 15"),
        ("    migrate: alembic upgrade head\n", "    migrate: alembic upgrade base\n    role: ledger\n"),
    ],
}
KEPT = ("docker-compose.yml", "README.md", "scripts/start.sh", ".env.example", "docker-compose.test.yml")
ROUNDS = 12


@cache
def emitted(example: str, change: tuple[str, str]) -> Mapping[str, str]:
    """What an example's manifest makes with one part of it written otherwise."""
    folder = ROOT / "examples" / example
    manifest = (folder / "integration.yaml").read_text()
    files = Overlaid(DiskFiles(folder, folder), manifest.replace(*change, 1))
    compiled = compile_manifest(Request("integration.yaml", files, shipped_files(), nothing_stands))
    return {path: artifact.text for path, artifact in compiled.tree.items()}


def nothing_stands(output: str, wanted: Iterable[str]) -> Mapping[str, Standing]:
    del output
    return dict.fromkeys(wanted, ABSENT)


def free_lines(before: Sequence[str], after: Sequence[str]) -> list[int]:
    """Where a person may edit without touching what the manifest changes, nor the line beside it."""
    busy: set[int] = set()
    for kind, start, end, *_ in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            busy.update(range(start - 1, end + 1))
    return [number for number in range(3, len(before)) if number not in busy]


def edited(lines: Sequence[str], places: Sequence[int], pick: Random) -> tuple[list[str], list[str]]:
    """A person's hand at some places: the text, and the lines that are new."""
    found, new = list(lines), []
    for place in sorted(places, reverse=True):
        line = f"# mine {pick.random()}"
        how = pick.choice(["add", "change", "remove", "block"])
        new += [line] if how != "remove" else []
        found[place : place + (how in {"change", "remove"})] = {
            "add": [line],
            "change": [line],
            "remove": [],
            "block": [line, "", "    restart: no"],
        }[how]
    return found, new


@pytest.mark.parametrize("example", CHANGES)
def test_edits_in_other_places_merge_cleanly_in_at_least_95_of_100_cases(example: str) -> None:
    """Real files of the examples, and manifests that really change: nothing of either side is missing."""
    pick = Random(example)
    outcomes: Counter[str] = Counter()
    before = emitted(example, ("", ""))
    for change in CHANGES[example]:
        after = emitted(example, change)
        changed = [path for path in KEPT if before[path] != after[path]]
        assert changed, change
        for path in changed:
            old, new = (kept_form(text).split("\n") for text in (before[path], after[path]))
            for _ in range(ROUNDS):
                places = pick.sample(free_lines(old, new), pick.randint(1, 3))
                yours, mine = edited(old, places, pick)
                woven = weave(after[path], file("\n".join(yours)), file(before[path]))
                outcomes[woven.merging] += 1
                if woven.merging == "clean":
                    missing = Counter([*mine, *new]) - Counter([*woven.text.split("\n"), *old])
                    assert not missing, (change, path)
    assert outcomes["clean"] >= 0.95 * outcomes.total(), outcomes
    assert outcomes.total() >= 100
