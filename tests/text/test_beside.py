"""What stands beside a manifest is called after it."""

from __future__ import annotations

import pytest

from compiler.text.beside import default_output, lock_name


@pytest.mark.parametrize(
    ("manifest", "output", "lock"),
    [
        ("integration.yaml", "integration", "integration.lock.json"),
        ("integration.yml", "integration", "integration.lock.json"),
        ("a.integration.yaml", "a-integration", "a.integration.lock.json"),
        ("a.b.integration.yaml", "a-b-integration", "a.b.integration.lock.json"),
        ("below/a.integration.yaml", "a-integration", "a.integration.lock.json"),
        ("shop.yaml", "integration", "shop.lock.json"),
    ],
)
def test_output_and_lock_are_named_after_the_manifest(manifest: str, output: str, lock: str) -> None:
    assert (default_output(manifest), lock_name(manifest)) == (output, lock)
