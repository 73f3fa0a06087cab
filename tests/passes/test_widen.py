from __future__ import annotations

from typing import Any

import pytest

from compiler.model.source import Place
from compiler.passes.include import Piece
from compiler.passes.widen import rebase, widen, words


def service(entry: dict[str, Any], path: str = "integration.yaml") -> dict[str, Any]:
    """The canonical shape of a service."""
    value: dict[str, Any] = widen(Piece(path, {"services": {"web": entry}})).value["services"]["web"]
    return value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"build": "./web"}, {"build": {"context": "./web"}}),
        ({"build": "web"}, {"build": {"context": "./web"}}),
        ({"build": "."}, {"build": {"context": "."}}),
        ({"port": "80"}, {"ports": {"default": "80"}}),
        ({"port": "80", "ports": {"admin": "81"}}, {"ports": {"default": "80", "admin": "81"}}),
        ({"healthcheck": "/health"}, {"healthcheck": {"liveness": "/health"}}),
        ({"migrate": "make migrate"}, {"migrate": {"command": "make migrate"}}),
        ({"migrate": ["a", "b"]}, {"migrate": {"command": ["a", "b"]}}),
        ({"migrate": {"entrypoint": "a"}}, {"migrate": {"entrypoint": "a"}}),
        ({"environment": ""}, {"environment": {}}),
        ({"compose": {"env_file": "a.env"}}, {"compose": {"env_file": "./a.env"}}),
    ],
)
def test_shorthand_made_long(written: dict[str, Any], expected: dict[str, Any]) -> None:
    assert service({"image": "x", **written}) == {"image": "x", "volumes": [], **expected}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"build": "./web"}, {"build": {"context": "./part/web"}}),
        ({"build": "../web"}, {"build": {"context": "./web"}}),
        ({"build": "../../web"}, {"build": {"context": "../web"}}),
        ({"build": ".."}, {"build": {"context": "."}}),
        ({"volumes": ["./a:/b:ro", "named:/c", "../a:/b"]}, {"volumes": ["./part/a:/b:ro", "named:/c", "./a:/b"]}),
        (
            {"develop": {"watch": [{"path": "./src", "action": "sync"}]}},
            {"develop": {"watch": [{"path": "./part/src", "action": "sync"}]}},
        ),
        (
            {"compose": {"env_file": ["a.env", {"path": "../b.env", "required": "false"}]}},
            {"compose": {"env_file": ["./part/a.env", {"path": "./b.env", "required": "false"}]}},
        ),
    ],
)
def test_paths_of_a_fragment_become_relative_to_the_manifest(written: dict[str, Any], expected: dict[str, Any]) -> None:
    assert service(written, "part/integration.yaml") == {"volumes": [], **expected}


def test_paths_of_schema_and_seed() -> None:
    databases = {"app": {"schema": "./app.sql", "seed": "../seed.sql"}, "other": ""}
    piece = Piece("part/a.yaml", {"infrastructure": {"db": {"type": "postgres", "databases": databases}}})
    assert widen(piece).value["infrastructure"]["db"]["databases"]["app"] == {
        "schema": "./part/app.sql",
        "seed": "./seed.sql",
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("external", {"external": "true"}),
        ("bridge", {"driver": "bridge"}),
        ("", {"driver": "bridge"}),
        ({"internal": "true"}, {"internal": "true"}),
    ],
)
def test_networks(written: Any, expected: dict[str, Any]) -> None:
    assert widen(Piece("m.yaml", {"networks": {"n": written}})).value["networks"] == {"n": expected}


@pytest.mark.parametrize(
    ("written", "expected"),
    [("", {"value": "generated"}), ("required", {"value": "required"}), ({"length": "8"}, {"length": "8"})],
)
def test_secrets(written: Any, expected: dict[str, Any]) -> None:
    assert widen(Piece("m.yaml", {"secrets": {"N": written}})).value["secrets"] == {"N": expected}


def test_what_was_moved_keeps_its_place() -> None:
    wide = widen(Piece("m.yaml", {"services": {"web": {"port": "80", "build": ".", "healthcheck": "/"}}}))
    at = ("services", "web")
    assert wide.moved == {
        (*at, "ports", "default"): Place("m.yaml", (*at, "port")),
        (*at, "build", "context"): Place("m.yaml", (*at, "build")),
        (*at, "healthcheck", "liveness"): Place("m.yaml", (*at, "healthcheck")),
    }


def test_what_was_moved_in_an_environment_keeps_its_place() -> None:
    overlay = {"test": {"services": {"web": {"port": "80"}}, "gateway": {"host": "x"}, "ports": {"bind": "::"}}}
    wide = widen(Piece("m.yaml", {"environments": overlay}))
    at = ("environments", "test", "services", "web")
    assert wide.moved == {(*at, "ports", "default"): Place("m.yaml", (*at, "port"))}
    assert wide.value["environments"]["test"]["gateway"] == {"host": "x"}
    assert wide.value["environments"]["test"]["ports"] == {"bind": "::"}


def test_certificates_are_relative_to_the_document_unless_absolute() -> None:
    tls = {"certificate": "cert.pem", "key": "/etc/key.pem"}
    wide = widen(Piece("part/m.yaml", {"gateway": {"tls": tls}}))
    assert wide.value["gateway"]["tls"] == {"certificate": "./part/cert.pem", "key": "/etc/key.pem"}


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("a", "", "./a"),
        ("./a/../b", "", "./b"),
        ("../a", "", "../a"),
        ("..", "x", "."),
        ("/abs", "x", "/abs"),
        ("..hidden/a", "", "..hidden/a"),
    ],
)
def test_rebase(path: str, folder: str, expected: str) -> None:
    assert rebase(path, folder) == expected


def test_words_are_split_as_a_shell_does_without_one() -> None:
    assert words("sh -c 'a && b' \"c d\" $X") == ["sh", "-c", "a && b", "c d", "$X"]
    assert words(["a b", "c"]) == ["a b", "c"]
    with pytest.raises(ValueError, match="No closing quotation"):
        words("a 'b")
