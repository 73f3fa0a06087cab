from __future__ import annotations

import json

import pytest

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


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"allocations": {"8000": "shop/web", "8001": "other"}, "metadata": {}}, {8000: "shop/web", 8001: "other"}),
        ({"allocations": {}}, {}),
    ],
)
def test_the_registry(content: object, expected: dict[int, str]) -> None:
    files = MappingFiles({"PORTS.json": json.dumps(content).encode()})
    assert read_registry(manifest_of(REGISTERED.format("PORTS.json")), files) == (expected, ())


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[]", b"{}", b'{"allocations": 1}', b'{"allocations": {"x": "y"}}', b"\xff", b"[" * 99_999]
)
def test_a_registry_that_cannot_be_read(content: bytes) -> None:
    manifest = manifest_of(REGISTERED.format("PORTS.json"))
    registry = read_registry(manifest, MappingFiles({"PORTS.json": content}))
    assert [(defect.kind, defect.at) for defect in registry.defects] == [
        ("registry.unreadable", Place("PORTS.json", line=1))
    ]


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
