from __future__ import annotations

import pytest

from compiler.model.registry import Registry
from compiler.model.source import Place
from compiler.passes.inputs import is_inside, read_registry
from tests.plans import manifest_of, plan_of
from tests.support import MappingFiles

REGISTERED = "ports:\n  registry: {}\n"


@pytest.mark.parametrize(
    ("path", "reach", "expected"),
    [
        ("./a", 0, True),
        (".", 0, True),
        ("a/../b", 0, True),
        ("..", 0, False),
        ("../a", 1, True),
        ("a/../../b", 0, False),
        ("../../a", 1, False),
        ("/a", 9, False),
        ("~/a", 9, False),
        ("..a", 0, True),
    ],
)
def test_what_lies_in_the_repository(path: str, reach: int, expected: bool) -> None:
    assert is_inside(path, reach) is expected


def test_the_registry() -> None:
    text = """{
  "metadata": {"port_ranges": {"shop": "8000-8001", "bank": "9000 - 9001", "web": [1, 2], "odd": "x"}},
  "allocations": {"8000": "shop/web",
    "8001": {"project": "other"}}
}"""
    manifest = manifest_of(REGISTERED.format("PORTS.json"))
    expected = Registry(
        "PORTS.json",
        {8000: "shop/web", 8001: '{"project": "other"}'},
        {8000: (3, 19), 8001: (4, 5)},
        {"shop": range(8000, 8002), "bank": range(9000, 9002)},
    )
    assert read_registry(manifest, MappingFiles({"PORTS.json": text.encode()})) == (expected, ())
    marked = "\ufeff" + text.replace("\n", "\r\n")
    assert read_registry(manifest, MappingFiles({"PORTS.json": marked.encode()})) == (expected, ())
    assert read_registry(manifest, MappingFiles({"PORTS.json": b'{"allocations": {}}'})) == (Registry("PORTS.json"), ())
    assert read_registry(manifest_of(""), MappingFiles({})) == (Registry(), ())


@pytest.mark.parametrize(
    ("content", "kind", "place"),
    [
        (b"", "unreadable", (1, 0)),
        (b"[", "unreadable", (1, 0)),
        (b"[]", "unreadable", (1, 0)),
        (b"{}", "unreadable", (1, 0)),
        (b'{"allocations": 1}', "unreadable", (1, 0)),
        (b'{"allocations": {}}\n\n}', "unreadable", (3, 0)),
        (b'{\n  "allocations": {\n    "8000": "a",\n  }\n}\n', "unreadable", (4, 0)),
        (b'{"allocations": {"8000": ' + b"9" * 9_999 + b"}}", "unreadable", (1, 0)),
        (b"\xff", "unreadable", (1, 0)),
        (b"[" * 99_999, "unreadable", (1, 0)),
        (b'{\n<<<<<<< HEAD\n"a": 1\n=======\n>>>>>>> b\n}', "conflict", (2, 0)),
        (b'{"allocations": {"x": "y"}}', "port", (1, 18)),
        (b'{"allocations": {"08000": "y"}}', "port", (1, 18)),
        (b'{"allocations": {"65536": "y"}}', "port", (1, 18)),
        (b'{"allocations": {"8000": "y",\n "8000": "z"}}', "twice", (2, 2)),
        (b'{"allocations": {},\n "allocations": {}}', "twice", (2, 2)),
        (b'{"allocations": {}, "metadata": {"port_ranges": {},\n "port_ranges": {}}}', "twice", (2, 2)),
    ],
)
def test_a_registry_that_cannot_be_read(content: bytes, kind: str, place: tuple[int, int]) -> None:
    manifest = manifest_of(REGISTERED.format("PORTS.json"))
    registry, (defect,) = read_registry(manifest, MappingFiles({"PORTS.json": content}))
    assert registry == Registry("PORTS.json")
    assert (defect.kind, defect.at) == (f"registry.{kind}", Place("PORTS.json", line=place[0], column=place[1]))
    assert len(defect.related) == (kind == "twice")


def test_a_registry_that_is_not_there_or_outside() -> None:
    (absent,) = plan_of(REGISTERED.format("PORTS.json")).defects
    assert (absent.kind, absent.at) == ("registry.missing", ("ports", "registry"))
    (outside,) = plan_of(REGISTERED.format("../PORTS.json"), {"../PORTS.json": "[]"}).defects
    assert (outside.kind, outside.at) == ("path.outside", ("ports", "registry"))
    assert plan_of(REGISTERED.format("../PORTS.json"), {"../PORTS.json": '{"allocations": {}}'}, reach=1).defects == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("output: ..\n", ("output",)),
        ("output: .\n", ("output",)),
        ("output: /tmp/x\n", ("output",)),
        ("output: .github/workflows\n", ("output",)),
        ("output: ./node_modules\n", ("output",)),
        ("output: a/../.husky\n", ("output",)),
        ("ports:\n  registry: integration/.env\n", ("ports", "registry")),
        ("ports:\n  registry: .git/HEAD\n", ("ports", "registry")),
        ("services:\n  a:\n    image: x\n    volumes:\n      - ../a:/b\n", ("services", "a", "volumes", 0)),
        ("services:\n  a:\n    image: x\n    volumes:\n      - /a:/b\n", ("services", "a", "volumes", 0)),
        ("services:\n  a:\n    image: x\n    volumes:\n      - ~/a:/b\n", ("services", "a", "volumes", 0)),
        (
            "services:\n  a:\n    image: x\n    develop:\n      watch:\n        - path: ../a\n          action: sync\n",
            ("services", "a", "develop", "watch", 0, "path"),
        ),
        (
            "gateway:\n  tls:\n    certificate: /a.pem\n    key: ./b.pem\n",
            ("gateway", "tls", "certificate"),
        ),
    ],
)
def test_paths_that_leave_the_repository(text: str, at: tuple[str | int, ...]) -> None:
    defects = [defect for defect in plan_of(text).defects if defect.kind == "path.outside"]
    assert [defect.at for defect in defects] == [at]


def test_files_of_parts_that_leave_the_repository() -> None:
    text = "infrastructure:\n  db:\n    type: postgres\n    databases:\n      a:\n        seed: ../a.sql\n"
    kinds = {defect.kind: defect.at for defect in plan_of(text, {"../a.sql": ""}).defects}
    assert kinds["path.outside"] == ("infrastructure", "db", "databases", "a", "seed")


def test_what_may_leave_it() -> None:
    text = (
        "services:\n  a:\n    build: ../a\ngateway:\n  mode: host\n  tls:\n    certificate: /a.pem\n    key: /b.pem\n"
    )
    assert plan_of(text).defects == ()


def test_arguments_of_a_build_choose_its_base() -> None:
    dockerfile = "ARG BASE=scratch\nFROM ${BASE}\n"
    text = (
        "services:\n  a:\n    port: 80\n    healthcheck: /\n"
        "    build:\n      context: .\n      args:\n        BASE: {}\n"
    )
    assert [d.kind for d in plan_of(text.format("python:3"), {"Dockerfile": dockerfile}).defects] == []
    kinds = [d.kind for d in plan_of(text.format("scratch"), {"Dockerfile": dockerfile}).defects]
    assert kinds == ["health.no-asker"]
