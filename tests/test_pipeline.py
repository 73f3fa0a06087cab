from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.hands.shipped import shipped_files
from compiler.model.finding import Severity
from compiler.model.tree import Action, Owner, Standing
from compiler.ownership.settle import Words
from compiler.ownership.signature import judge
from compiler.passes.versions import version_key
from compiler.pipeline import (
    Request,
    compile_manifest,
    has_errors,
    lock_text,
    plan_manifest,
)
from compiler.spell.trace import strip
from tests.commands.project import MANIFEST
from tests.support import MappingFiles, codes, compile_text, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WRONG = MANIFEST.replace("cache.url", "cahce.url")


def nothing_stands(output: str, wanted: Iterable[str]) -> Mapping[str, Standing]:
    del output
    return {path: Standing("absent") for path in wanted}


def request(manifest: str, **texts: str) -> Request:
    contents = {"integration.yaml": manifest, **texts}
    files = MappingFiles({path: text.encode() for path, text in contents.items()})
    return Request("integration.yaml", files, shipped_files(), nothing_stands)


def test_a_first_compile_creates_everything() -> None:
    compiled = compile_text(MANIFEST)
    assert not compiled.diagnostics
    assert not compiled.refused
    assert {decision.action for decision in compiled.decisions} == {Action.CREATE}
    assert [decision.path for decision in compiled.decisions] == list(compiled.tree)


def test_generated_files_are_signed_and_those_written_once_are_not() -> None:
    for path, artifact in compile_text(MANIFEST).tree.items():
        assert judge(artifact.text) == ("valid" if artifact.owner is Owner.GENERATED else "none"), path


def test_every_text_ends_with_one_line_end_and_has_no_other_than_lf() -> None:
    for path, artifact in compile_text(MANIFEST).tree.items():
        assert artifact.text.endswith("\n"), path
        assert not artifact.text.endswith("\n\n"), path
        assert "\r" not in artifact.text, path


def test_what_was_written_is_unchanged_the_next_time() -> None:
    first = compile_text(MANIFEST)
    tree = {f"integration/{path}": artifact.text for path, artifact in first.tree.items()}
    lock = {"integration.lock.json": lock_text(first.planned)}
    again = compile_texts({"integration.yaml": MANIFEST, **tree, **lock})
    assert again.tree == first.tree
    assert lock_text(again.planned) == lock_text(first.planned)
    plain = [one for one in again.decisions if not again.tree[one.path].executable]
    assert {decision.action for decision in plain} == {Action.UNCHANGED}


def test_an_error_leaves_no_tree_and_no_decision() -> None:
    compiled = compile_text(WRONG)
    assert has_errors(compiled.diagnostics)
    assert (compiled.tree, compiled.standing, compiled.decisions) == ({}, {}, ())


def test_a_warning_leaves_the_tree() -> None:
    compiled = compile_text(MANIFEST.replace("services:", "secrets:\n  NEVER_USED: generated\nservices:"))
    assert [one.severity for one in compiled.diagnostics] == [Severity.WARNING]
    assert compiled.tree


def test_a_syntax_error_comes_alone() -> None:
    assert len(compile_text(WRONG.replace("services:", "services: {}\nservices:")).diagnostics) == 1


def test_all_mistakes_in_the_meaning_come_at_once_and_each_once() -> None:
    second = "  web:\n    image: web:1\n    environment:\n      A: ${nobody.url}\n    depends_on:\n      missing:\n"
    compiled = compile_text(WRONG + second)
    subjects = [(one.code, one.subject) for one in compiled.diagnostics]
    assert len(subjects) == len(set(subjects)) == 3
    assert {code.rstrip("0123456789") for code in codes(compiled)} == {"REF", "DEP"}


def test_a_refused_path_is_a_finding_and_a_refusal() -> None:
    compiled = compile_texts({"integration.yaml": MANIFEST, "integration/docker-compose.yml": "services: {}\n"})
    assert [(one.path, one.action) for one in compiled.refused] == [("docker-compose.yml", Action.FOREIGN)]
    assert codes(compiled) == ["OWN002"]
    assert compiled.tree


def test_the_persons_word_lets_a_path_be_replaced() -> None:
    def foreign(output: str, wanted: Iterable[str]) -> Mapping[str, Standing]:
        return {**nothing_stands(output, wanted), "plan.json": Standing("file", "{}\n")}

    compiled = compile_manifest(request(MANIFEST)._replace(look=foreign, words=Words(frozenset({"plan.json"}))))
    assert not compiled.refused
    assert not compiled.diagnostics
    assert [one.path for one in compiled.decisions if one.action is Action.REPLACE] == ["plan.json"]


def test_the_lock_holds_ports_and_versions() -> None:
    lock = json.dumps({"format": 1, "periplus": "0.1.0", "ports": {"api": 8123}, "versions": {"cache/redis": "7.2.1"}})
    compiled = compile_texts({"integration.yaml": MANIFEST, "integration.lock.json": lock})
    compose = compiled.tree["docker-compose.yml"].text
    assert ":-8123}:8000" in compose
    assert "redis:7.2.1" in compose
    assert json.loads(lock_text(compiled.planned)) == json.loads(lock)


def test_the_lock_forgets_what_is_gone() -> None:
    lock = json.dumps({"format": 1, "periplus": "0.1.0", "ports": {"gone": 8001}, "versions": {"gone/redis": "7.2.1"}})
    compiled = compile_texts({"integration.yaml": MANIFEST, "integration.lock.json": lock})
    assert "gone" not in lock_text(compiled.planned)


def test_a_lock_never_names_a_path_to_touch() -> None:
    entries = {"../x": 8001, "/etc/passwd": 8002, "api/../../x": 8003}
    lock = json.dumps({"format": 1, "ports": entries, "versions": dict.fromkeys(entries, "1"), "kept": ["../x"]})
    compiled = compile_texts({"integration.yaml": MANIFEST, "integration.lock.json": lock})
    assert {decision.path for decision in compiled.decisions} == set(compile_text(MANIFEST).tree)
    assert json.loads(lock_text(compiled.planned))["ports"] == {"api": 8000}


@pytest.mark.parametrize("lock", ["", "{", "<<<<<<< a\n=======\n>>>>>>> b\n", '{"format": 1, "periplus": "99.0.0"}'])
def test_a_lock_that_cannot_be_followed_stops_everything(lock: str) -> None:
    compiled = compile_texts({"integration.yaml": MANIFEST, "integration.lock.json": lock})
    assert [code.rstrip("0123456789") for code in codes(compiled)] == ["LOCK"]
    assert compiled.tree == {}


def test_the_output_is_where_the_manifest_says() -> None:
    planned = plan_manifest(request(MANIFEST.replace("name:", "output: ./deploy/../x/\nname:")))
    assert planned.output == "x"


def test_a_traced_emission_is_the_plain_one_but_for_marks_and_signatures() -> None:
    plain, traced = (compile_manifest(request(MANIFEST)._replace(traced=traced)).tree for traced in (False, True))

    def unsigned(text: str) -> list[str]:
        return [line for line in strip(text).split("\n") if "periplus-signature" not in line]

    assert list(plain) == list(traced)
    assert {path: unsigned(artifact.text) for path, artifact in traced.items()} == {
        path: unsigned(artifact.text) for path, artifact in plain.items()
    }
    assert traced["docker-compose.yml"].text != strip(traced["docker-compose.yml"].text)


def test_an_instance_that_becomes_another_kind_gets_a_version_of_its_own() -> None:
    assert version_key("cache", "redis") != version_key("cache", "postgres")


characters = st.sampled_from(
    ["\n", " ", "  ", ":", "-", "a", "services", "${cache.url}", "\x00", "é", "'", '"', "#", "{"]
)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(MANIFEST)), st.integers(0, 12), st.lists(characters, max_size=4).map("".join))
def test_no_manifest_raises(start: int, length: int, new: str) -> None:
    compiled = compile_text(MANIFEST[:start] + new + MANIFEST[start + length :])
    assert has_errors(compiled.diagnostics) != bool(compiled.tree)


def test_what_is_wrong_in_defaults_is_told_once_and_both_of_two_mistakes_in_one_text() -> None:
    services = "".join(f"  {name}:\n    image: nginx:1.27\n" for name in ("one", "two", "three"))
    manifest = f"version: 1\nname: shop\ndefaults:\n  environment:\n    A: ${{b.url}} ${{c.url}}\nservices:\n{services}"
    found = compile_text(manifest).diagnostics
    assert [one.message.partition(" refers")[0] for one in found] == ["`${b.url}`", "`${c.url}`"]
