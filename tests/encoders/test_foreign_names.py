"""Names that come from elsewhere than the manifest: a kind of one's own, the lock, the port registry, an older plan."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]

from compiler.changes import tell_changes
from compiler.render.changes import changes_markdown
from compiler.targets.plan_document import plan_document
from tests.encoders.corpus import TEXTS
from tests.encoders.oracles import github, seen
from tests.encoders.test_names import TRAPS
from tests.support import codes, compile_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = """\
version: 1
name: shop
ports:
  registry: REGISTRY.json
infrastructure:
  db:
    type: postgres
    publish: true
    databases:
      orders:
  store:
    type: keeper
    topics:
      box:
services:
  web:
    image: nginx:1.28
    port: 8000
    healthcheck:
      probe: none
    environment:
      STORE: ${store.url}
      BOX: ${store.box.name}
      DB: ${db.orders.url}
"""
KIND: Mapping[str, Any] = {
    "title": "Keeper",
    "image": {"name": "keeper", "tag": "{version}"},
    "default_version": "1.0",
    "verified_on": "",
    "password": "never",
    "ports": {"main": {"container": "9000", "scheme": "http", "publish": "true"}},
    "data": "/data",
    "environment": {"KEEP": "all"},
    "health": {"command": ["ask"], "interval": "5s", "timeout": "5s", "retries": "3", "start_period": "0s"},
    "outputs": {"url": "http://{name}:{port}", "host": "{name}", "port": "{port}"},
    "parts": {
        "topics": {
            "singular": "box",
            "names": "[a-z]+",
            "options": {"size": {"default": "1", "grammar": "[0-9]+"}},
            "job": {"command": ["make", "{part}", "{size}"]},
            "outputs": {"name": "{part}"},
        }
    },
    "files": ["make.sh"],
}
LOCK: Mapping[str, Any] = {
    "format": 1,
    "periplus": "0.1.0",
    "ports": {"web": 8017},
    "versions": {"db/postgres": "16.2"},
}
REGISTRY: Mapping[str, Any] = {"allocations": {"8001": "other/web"}, "metadata": {"port_ranges": {"shop": "8000-8999"}}}
NAMES = (
    ("image", "name"),
    ("image", "tag"),
    ("default_version",),
    ("ports", "main", "container"),
    ("ports", "main", "scheme"),
    ("data",),
    ("health", "interval"),
    ("health", "retries"),
    ("files", 0),
)
"""The values of a kind that are names or numbers."""
KEYS = (("ports", "main"), ("environment", "KEEP"), ("outputs", "url"), ("parts", "topics", "options", "size"))


def files(kind: object = KIND, lock: object = LOCK, registry: object = REGISTRY) -> dict[str, str]:
    return {
        "integration.yaml": MANIFEST,
        "integration.lock.json": json.dumps(lock),
        "REGISTRY.json": json.dumps(registry),
        "kinds/keeper/kind.yaml": yaml.dump(kind, default_style='"', sort_keys=False, width=10**9),
        "kinds/keeper/make.sh": "#!/bin/sh\n",
    }


def errors(texts: Mapping[str, str]) -> list[str]:
    made = compile_texts(texts)
    found = [finding.code for finding in made.diagnostics if finding.severity.value == "error"]
    assert bool(found) != bool(made.tree)
    return found


def test_all_of_it_is_good_as_it_stands() -> None:
    made = compile_texts(files())
    assert [finding.message for finding in made.diagnostics if finding.severity.value != "note"] == []
    assert '"postgres:16.2-alpine"' in made.tree["docker-compose.yml"].text
    assert "WEB_PORT:-8017" in made.tree["docker-compose.yml"].text


@pytest.mark.slow
@pytest.mark.parametrize("route", NAMES, ids=lambda route: ".".join(map(str, route)))
def test_a_value_of_a_kind_outside_its_grammar(route: tuple[str | int, ...]) -> None:
    taken = [trap for trap, spoil in TRAPS.items() if not errors(files(kind=changed(KIND, route, spoil)))]
    assert taken == []


@pytest.mark.parametrize("route", KEYS, ids=".".join)
def test_a_key_of_a_kind_outside_its_grammar(route: tuple[str, ...]) -> None:
    taken = [trap for trap, spoil in TRAPS.items() if not errors(files(kind=renamed(KIND, route, spoil)))]
    assert taken == []


def changed(kind: Mapping[str, Any], route: tuple[str | int, ...], spoil: Any) -> Any:
    """The kind with another value there."""
    copied: Any = copy.deepcopy(dict(kind))
    inner = copied
    for step in route[:-1]:
        inner = inner[step]
    inner[route[-1]] = spoil(inner[route[-1]])
    return copied


def renamed(kind: Mapping[str, Any], route: tuple[str, ...], spoil: Any) -> Any:
    """The kind with another name there."""
    copied: Any = copy.deepcopy(dict(kind))
    inner = copied
    for step in route[:-1]:
        inner = inner[step]
    inner[spoil(route[-1])] = inner.pop(route[-1])
    return copied


@pytest.mark.parametrize("trap", TRAPS)
def test_what_a_lock_names_outside_the_grammar_counts_for_nothing(trap: str) -> None:
    spoil = TRAPS[trap]
    without = compile_texts(files(lock={"format": 1, "periplus": "0.1.0"})).tree
    for lock in (
        {**LOCK, "ports": {spoil("web"): 8017}, "versions": {}},
        {**LOCK, "ports": {}, "versions": {spoil("db/postgres"): "16.2"}},
        {**LOCK, "ports": {}, "versions": {"db/postgres": spoil("16.2")}},
        {**LOCK, "ports": {}, "versions": {}, "kept": [spoil("README.md")]},
        {**LOCK, "ports": {}, "versions": {}, "periplus": spoil("0.1.0")},
    ):
        made = compile_texts(files(lock=lock))
        assert "LOCK005" in codes(made), lock
        assert made.tree == without, lock
        assert made.lock_text == compile_texts(files(lock={"format": 1, "periplus": "0.1.0"})).lock_text, lock


@pytest.mark.parametrize("trap", TRAPS)
def test_what_a_registry_names_outside_the_grammar(trap: str) -> None:
    spoil = TRAPS[trap]
    plain = compile_texts(files()).tree
    assert errors(files(registry={"allocations": {spoil("8001"): "other/web"}})) == ["PORT007"]
    for registry in (
        {"allocations": {"8001": spoil("other/web")}},
        {"allocations": {"8001": "other/web"}, "metadata": {"port_ranges": {spoil("shop"): "8000-8999"}}},
    ):
        assert compile_texts(files(registry=registry)).tree == plain


def test_an_older_plan_may_say_anything_and_the_comment_shows_it() -> None:
    compilation = compile_texts(files()).planned.compilation
    assert compilation is not None
    after: Any = plan_document(compilation)
    before = copy.deepcopy(after)
    unit = before["plan"]["units"]["web"]
    for number, text in enumerate(TEXTS):
        before["plan"]["units"][f"{text}{number}"] = {**unit, "role": text}
        before["plan"]["networks"][f"{text}{number}"] = {"name": text}
    written = changes_markdown(tell_changes(before, after))
    known = {"h3", "h4", "p", "ul", "li", "code", "em", "details", "summary", "comment  periplus-diff "}
    assert set(seen(github(written)).elements) <= known
    assert len(seen(github(written)).text) > 5000


@pytest.mark.parametrize(("name", "found"), [("box", []), ("a_b", []), ("x.y", ["NAME001"])])
def test_a_part_whose_password_would_have_no_name(name: str, found: list[str]) -> None:
    """A kind of one's own may allow any name; what is made of it is a name of another grammar."""
    part = {
        "singular": "box",
        "names": ".*",
        "login": "true",
        "options": {"owner": {"default": "{part}", "grammar": ".*"}},
        "job": {"command": ["make", "{part}"], "environment": {"KEY": "{owner_password}"}},
        "outputs": {"name": "{part}", "key": "{owner_password}"},
    }
    texts = files(kind={**KIND, "parts": {"topics": part}})
    texts["integration.yaml"] = MANIFEST.replace("box:", f"{name}:").replace(
        "${store.box.name}", f"${{store.{name}.key}}"
    )
    assert errors(texts) == found
