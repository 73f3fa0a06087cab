from __future__ import annotations

import pytest

from compiler.text.image import ImageReference, image_reference

A64 = "a" * 64


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nginx", ("", "nginx", "", "")),
        ("nginx:1.27", ("", "nginx", "1.27", "")),
        ("library/nginx:1", ("", "nginx", "1", "")),
        ("docker.io/library/nginx", ("docker.io", "nginx", "", "")),
        ("quay.io/library/nginx", ("quay.io", "library/nginx", "", "")),
        ("localhost/web:3", ("localhost", "web", "3", "")),
        ("registry.example:5000/a/b:1", ("registry.example:5000", "a/b", "1", "")),
        ("Registry/a:1", ("Registry", "a", "1", "")),
        ("[::1]:5000/a", ("[::1]:5000", "a", "", "")),
        ("bitnami/redis:7.2", ("", "bitnami/redis", "7.2", "")),
        ("a__b/c--d.e_f:_x", ("", "a__b/c--d.e_f", "_x", "")),
        (f"nginx:1@sha256:{A64}", ("", "nginx", "1", f"sha256:{A64}")),
        (f"nginx@sha256:{A64}", ("", "nginx", "", f"sha256:{A64}")),
    ],
)
def test_a_reference_in_its_parts(text: str, parts: tuple[str, ...]) -> None:
    assert image_reference(text) == ImageReference(*parts)


@pytest.mark.parametrize(
    "text",
    [
        *("", "UPPER/Case", "Nginx", "a b", "nginx:la test", "nginx:", "nginx:-x", "nginx:1:2", "nginx:" + "a" * 129),
        *("/nginx", "nginx/", "a//b", "-a", "a-", "_a", "a_", "a.", "a..b", "a___b", "a-/b", "a.-b", "é", "nginx\n"),
        *("nginx:1\n", "nginx:\u0661", "http://a/b", "a@b", "a@", f"a@sha256:{A64}@x", "nginx@sha256:abc", A64),
        *("host:port/a", "-host.example/a", "a/" * 130 + "a"),
    ],
)
def test_no_reference(text: str) -> None:
    assert image_reference(text) is None


def test_what_docker_looks_for_on_its_hub() -> None:
    assert [one.is_on_hub for text in ("a", "docker.io/a", "quay.io/a") if (one := image_reference(text))] == [
        True,
        True,
        False,
    ]
