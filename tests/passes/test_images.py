"""Which images are told of, and which are not: the false alarms are the longer list."""

from __future__ import annotations

import pytest

from tests.support import codes, compile_text, compile_texts

A64 = "a" * 64


def found(image: str, environment: str = "") -> list[str]:
    told = f"    environment:\n      {environment}\n" if environment else ""
    return codes(compile_text(f"version: 1\nname: shop\nservices:\n  web:\n    image: {image}\n{told}"))


@pytest.mark.parametrize(
    "image",
    [
        *("nginx", "nginx:latest", "nginx:alpine", "nginx:stable-alpine", "python:slim", "web:main", "web:production"),
        *("node:lts", "redis:7-nightly", "web:latest-2024", "registry.example:5000/web", "docker.io/library/nginx"),
        *("nginx:${TAG:-latest}", "${REGISTRY}/shop/web:latest", "${REGISTRY:-registry.example}/shop/web"),
    ],
)
def test_an_image_that_moves(image: str) -> None:
    assert found(image) == ["IMAGE002"]


@pytest.mark.parametrize(
    "image",
    [
        *(
            "nginx:1",
            "nginx:1.27-alpine",
            "debian:bookworm",
            "ubuntu:noble",
            "debian:bookworm-slim",
            "web:v3",
            "web:7f3a",
        ),
        *(f"nginx@sha256:{A64}", f"nginx:latest@sha256:{A64}", "nginx:${TAG}", "${IMAGE}", "${IMAGE}:${TAG}"),
        *("${REGISTRY}/web:${TAG}", "nginx:${TAG:-1.27}", "${REGISTRY:-}web:3", "amd64/redis:7", "my-latest/web:1"),
    ],
)
def test_an_image_that_stays(image: str) -> None:
    assert found(image) == []


@pytest.mark.parametrize("image", ["nginx:-x", "-nginx", "a//b", "a___b", "/nginx", "nginx/", "nginx:${TAG:--x}"])
def test_an_image_that_no_engine_takes(image: str) -> None:
    assert found(f"'{image}'") == ["IMAGE001"]


@pytest.mark.parametrize(
    "image",
    [
        *(
            "bitnami/redis:7.2",
            "docker.io/bitnami/kafka",
            "bitnami/redis:${TAG}",
            "minio/minio",
            "quay.io/minio/minio:1",
        ),
        *("minio/minio:RELEASE.2024-01-01T00-00-00Z", "localstack/localstack", "localstack/localstack:latest"),
        *(
            "localstack/localstack:4.13",
            "localstack/localstack:4.13.1",
            "localstack/localstack:2026.3",
            "localstack/localstack:5",
        ),
    ],
)
def test_an_image_that_is_gone_and_nothing_else_of_it(image: str) -> None:
    assert found(image) == ["IMAGE003"]


@pytest.mark.parametrize(
    "image",
    [
        *("bitnamilegacy/redis:7.2", "ghcr.io/bitnami/redis:7", "registry.example/bitnami/redis:7", "bitnamix/redis:7"),
        *("minio/mc:1", "localstack/localstack:4.12", "localstack/localstack:4.12.3", "localstack/localstack:3"),
        *("localstack/localstack:v4.1", "redis:7.2"),
    ],
)
def test_an_image_that_is_still_there(image: str) -> None:
    assert found(image) == []


def test_with_an_account_a_new_localstack_starts() -> None:
    assert found("localstack/localstack:5", "LOCALSTACK_AUTH_TOKEN: ${LOCALSTACK_AUTH_TOKEN:?of the team}") == []


def test_the_image_of_an_instance_and_that_of_a_kind() -> None:
    text = (
        "version: 1\nname: shop\ninfrastructure:\n  cache:\n    type: redis\n    image: {}\nservices:\n  web:\n"
        "    image: a:1\n    environment:\n      C: ${{cache.url}}\n"
    )
    assert codes(compile_text(text.format("redis:7-alpine"))) == []
    assert codes(compile_text(text.format("redis:alpine"))) == ["IMAGE002"]
    assert codes(compile_text(text.format("bitnami/redis:7"))) == ["IMAGE003"]
    assert codes(compile_text(text.format("redis:-x"))) == ["IMAGE001"]
    own = text.replace("redis\n    image: {}", "store").format()
    kind = (
        'title: Store\nimage:\n  name: {}\n  tag: "{}"\ndefault_version: 7.2.1\nverified_on: ""\npassword: never\n'
        "ports:\n  default:\n    container: 1\n    scheme: tcp\nhealth:\n  shell: test\n  interval: 2s\n  timeout: 5s\n"
        '  retries: 15\n  start_period: 10s\noutputs:\n  url: "tcp://{{name}}"\n  host: "{{name}}"\n  port: "{{port}}"\n'
    )
    for name, tag, expected in (
        ("store", "{version}", []),
        ("store", "edge", ["IMAGE002"]),
        ("bitnami/store", "{version}", ["IMAGE003"]),
    ):
        files = {"integration.yaml": own, "kinds/store/kind.yaml": kind.format(name, tag)}
        assert codes(compile_texts(files)) == expected


def test_each_environment_is_looked_at_and_what_it_shares_is_told_once() -> None:
    text = (
        "version: 1\nname: shop\nservices:\n  web:\n    image: nginx\n"
        "environments:\n  staging:\n    services:\n      web:\n        role: the shop\n      more:\n        image: more\n"
    )
    assert codes(compile_text(text)) == ["IMAGE002", "IMAGE002"]


@pytest.mark.parametrize(
    ("image", "code"),
    [("${api.url}", "IMAGE001"), ("${api.url", "SCHEMA003"), ("shop/${aip.url}:1", "REF001"), ("${x-y}", "REF004")],
)
def test_an_image_that_refers_to_something_is_one_mistake(image: str, code: str) -> None:
    api = "  api:\n    image: shop/api:1\n    port: 80\n"
    text = f"version: 1\nname: shop\nservices:\n  web:\n    image: {image}\n{api}"
    assert codes(compile_text(text)) == [code]
