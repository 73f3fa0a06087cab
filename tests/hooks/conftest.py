from __future__ import annotations

import os

import pytest

from tests.hooks.repository import Hooks, hooks_of_this_checkout


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    """The hooks of this checkout; pre-commit builds their environment once a session, for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hooks"
    folder.mkdir(exist_ok=True)
    return hooks_of_this_checkout(folder)
