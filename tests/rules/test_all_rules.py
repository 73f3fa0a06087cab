"""Every rule against its own manual page, and the rules against the defects that the passes leave."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.model.finding import Defect, Severity
from compiler.model.tree import Action
from compiler.ownership.decide import REFUSED
from compiler.pipeline import OLDER
from compiler.rules import all_rules, rules_for
from compiler.rules.page import page
from compiler.rules.rule import Context
from tests.rules.examples import bad, good
from tests.support import ROOT, codes, compile_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

    from compiler.rules.rule import Rule

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
KIND = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
NO_KINDS = {
    "compose.yaml",
    "compose.yml",
    "docker.io",
    "integration.yaml",
    "kind.yaml",
    "package.json",
    "periplus.configuration",
    "plan.json",
    "pyproject.toml",
    "quay.io",
    "requirements.txt",
    "uv.lock",
}
"""Other texts that look like the kind of a defect."""


@RULES
def test_the_bad_example_raises_this_code_and_no_other(rule: Rule) -> None:
    assert set(codes(bad(rule))) == {rule.code}


@RULES
def test_the_good_example_raises_nothing(rule: Rule) -> None:
    assert codes(good(rule)) == []
    assert good(rule).tree


@RULES
def test_the_page_tells_what_is_wrong_and_why(rule: Rule) -> None:
    read = page(rule)
    assert read.title[0].isupper() or read.title.startswith("`")
    assert read.text
    assert read.bad != read.good
    assert "integration.yaml" in read.bad


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in all_rules()}) == len(all_rules())
    areas = [(re.sub(r"\d", "", rule.code), rule.name) for rule in all_rules()]
    assert len(set(areas)) == len(areas)


def test_a_code_is_never_reused(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(f"{rule.code} {rule.name} {rule.severity.value}" for rule in all_rules()) == snapshot


def test_every_defect_that_a_pass_can_leave_is_worded_by_one_rule_and_no_rule_words_another() -> None:
    asked = [kind for path in rule_files() for kind in set(kinds_asked(path))]
    assert sorted(asked) == sorted(set(asked))
    assert set(asked) == kinds_left()


def test_a_rule_that_is_called_as_a_kind_has_it_for_itself() -> None:
    """What `rules_for` builds on: nobody else words a kind that a file is called after."""
    names = {path.stem for path in rule_files() if path.parent.name == "rules"}
    for path in rule_files():
        for kind in kinds_asked(path):
            assert path.stem == as_file(kind) or as_file(kind) not in names, kind


@RULES
def test_who_is_not_asked_would_have_said_nothing(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(context: Context) -> tuple[Rule, ...]:
        chosen = rules_for(context)
        assert not [one.code for one in all_rules() if one not in chosen and list(one.check(context))]
        return chosen

    monkeypatch.setattr("compiler.diagnosis.rules_for", asked)
    assert codes(compile_texts(page(rule).bad)) == codes(bad(rule))
    assert codes(compile_texts(page(rule).good)) == []


def test_without_a_defect_only_those_that_look_are_asked_and_without_a_manifest_nobody() -> None:
    asked = rules_for(Context(manifest=good(all_rules()[0]).planned.manifest))
    looking = [rule for rule in all_rules() if ".looking." in rule.check.__module__]
    assert list(asked) == looking
    assert rules_for(Context()) == ()


def test_a_defect_that_no_file_is_called_after_is_put_to_every_rule() -> None:
    assert rules_for(Context((Defect("lock.kept", ()),))) == all_rules()
    assert [rule.code for rule in rules_for(Context((Defect("port.conflict", ()),)))] == ["PORT001"]


def test_an_error_stops_the_compilation_and_a_warning_does_not() -> None:
    for rule in all_rules():
        refused = rule.code.startswith("OWN") or rule.code == OLDER
        assert bool(bad(rule).tree) == (rule.severity is not Severity.ERROR or refused), rule.code


def as_file(kind: str) -> str:
    return kind.replace(".", "_").replace("-", "_")


def rule_files() -> Iterator[Path]:
    return (Path(path) for path in sorted((ROOT / "compiler" / "rules").rglob("*.py")))


def kinds_asked(path: Path) -> Iterator[str]:
    """The kinds given to `context.of`, and the keys of the tables that it is called with."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "of":
            (argument,) = node.args
            if isinstance(argument, ast.Constant) and path.name not in SILENT.get(str(argument.value), ()):
                yield str(argument.value)
            elif isinstance(argument, ast.Name):
                yield from texts_like_kinds(tree)


SILENT = {
    "path.outside": ("data_missing_file.py",),
    "port.bad-range": ("port_exhausted.py",),
    "kind.invalid": ("kind_unknown.py",),
}
"""Kinds that a rule looks at only to be silent itself."""


def kinds_left() -> set[str]:
    folders = ("catalog", "hands", "ownership", "passes", "targets")
    paths = [path for folder in folders for path in sorted((ROOT / "compiler" / folder).rglob("*.py"))]
    found = {
        kind
        for path in (*paths, ROOT / "compiler" / "environments.py")
        for kind in texts_like_kinds(ast.parse(path.read_text()))
    }
    return found - NO_KINDS | {f"own.{action.value}" for action in (*REFUSED, Action.CONFLICT)}


def texts_like_kinds(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KIND.fullmatch(node.value):
            yield node.value
