"""What stands beside a manifest is called after it."""

import posixpath


def default_output(manifest: str) -> str:
    """The output directory of a manifest that names none: `integration`, `a-integration` for `a.integration.yaml`."""
    stem = _stem(manifest)
    return stem.replace(".", "-") if stem.endswith("integration") else "integration"


def lock_name(manifest: str) -> str:
    """The lock beside the manifest: `integration.lock.json`, `a.integration.lock.json`."""
    return f"{_stem(manifest)}.lock.json"


def _stem(manifest: str) -> str:
    return posixpath.basename(manifest).removesuffix(".yaml").removesuffix(".yml")
