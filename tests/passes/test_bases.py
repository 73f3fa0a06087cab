"""The images that Dockerfiles are built on: those that move or are gone, and those that have no check."""

from __future__ import annotations

import pytest

from compiler.passes.bases import has_no_check
from tests.support import codes, compile_texts

BUILT = "version: 1\nname: shop\nservices:\n  web:\n    build: ./web\n"
CHECKED = "    healthcheck:\n      probe: image\n"


def found(text: str, dockerfile: str) -> list[str]:
    return codes(compile_texts({"integration.yaml": text, "web/Dockerfile": dockerfile}))


@pytest.mark.parametrize(
    ("dockerfile", "count"),
    [
        ("FROM node:22-alpine\n", 0),
        ("FROM node\n", 1),
        ("FROM node:latest\n", 1),
        ("FROM --platform=linux/amd64 node:lts AS base\n", 1),
        ("FROM bitnami/node:22.4.0\n", 1),
        ("FROM team/base\n", 1),
        ("FROM team-base\n", 0),
        ("FROM scratch\n", 0),
        ("FROM node:22 AS base\nFROM base AS final\n", 0),
        ("FROM node AS base\nFROM base\nFROM BASE\n", 1),
        ("FROM golang AS a\nFROM python AS b\nFROM scratch\n", 2),
        ("ARG V\nFROM node:$V\n", 0),
        ("ARG V\nFROM node${V}\n", 0),
        ("ARG V=latest\nFROM node:${V}\n", 1),
        ("ARG V=22\nFROM node:${V}\n", 0),
        ("FROM node${TAG:-:22}\n", 0),
        ("FROM debian:bookworm-slim\n", 0),
        ("FROM gcr.io/distroless/static-debian12\n", 0),
        ("FROM node@sha256:" + "0" * 64 + "\n", 0),
        ("FROM\n", 0),
    ],
)
def test_which_bases_are_told_of(dockerfile: str, count: int) -> None:
    assert found(BUILT, dockerfile) == ["BUILD006"] * count


def test_a_dockerfile_of_several_services_is_told_of_once_and_at_its_line() -> None:
    texts = {"integration.yaml": f"{BUILT}  job:\n    build: ./web\n", "web/Dockerfile": "# a\n\nFROM node\n"}
    (diagnostic,) = compile_texts(texts).diagnostics
    mark = diagnostic.marks[0]
    assert (diagnostic.code, mark.path, mark.span.line if mark.span else 0) == ("BUILD006", "web/Dockerfile", 3)


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM node:22\n", ["HEALTH015"]),
        ("FROM scratch\n", ["HEALTH015"]),
        ("FROM gcr.io/distroless/static-debian12\n", ["HEALTH015"]),
        ("FROM team/base:1\n", []),
        ("FROM team/base:1\nHEALTHCHECK NONE\n", ["HEALTH015"]),
        ("FROM node:22\nHEALTHCHECK CMD true\n", []),
        ("FROM node:22 AS base\nHEALTHCHECK CMD true\nFROM base\n", []),
    ],
)
def test_a_check_that_the_image_does_not_have(dockerfile: str, expected: list[str]) -> None:
    assert found(BUILT + CHECKED, dockerfile) == expected


def test_a_command_is_a_check_whatever_the_probe_says() -> None:
    assert found(f"{BUILT}{CHECKED}      command: test -f /ready\n", "FROM node:22\n") == []


def test_which_published_images_have_none() -> None:
    assert all(map(has_no_check, ("redis:7.4", "docker.io/library/postgres:17", "valkey/valkey:8")))
    assert not any(map(has_no_check, ("team/redis:7", "ghcr.io/redis:7", "${REDIS}", "minio/minio:1", "a b")))
