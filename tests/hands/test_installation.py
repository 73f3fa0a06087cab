"""Another Periplus is known as another: a record of one never answers for the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commands.project import surroundings
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
from compiler.hands.installation import installation
print(installation())
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as it takes, long ago."""
    for name in ("compiler/__init__.py", "compiler/hands", "compiler/text", "schemas"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def told(checkout: Path) -> str:
    words = [sys.executable, "-c", f"import time; time.sleep(0.05)\n{PROGRAM}"]
    environment = surroundings() | {"PYTHONPATH": str(checkout)}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=True, cwd=checkout).stdout


def test_it_is_the_same_until_a_file_changes_be_its_size_and_time_as_before(checkout: Path) -> None:
    before = told(checkout)
    assert before == told(checkout)
    schema = checkout / "schemas" / "integration.schema.json"
    times = schema.stat()
    schema.write_bytes(schema.read_bytes().replace(b"name", b"nama", 1))
    os.utime(schema, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = told(checkout)
    assert after != before
    (checkout / "compiler" / "text" / "quick_more.py").touch()
    assert told(checkout) not in {before, after}


def test_what_changes_meanwhile_is_not_known(checkout: Path) -> None:
    program = f"import compiler.hands.installation, pathlib\npathlib.Path('compiler/__init__.py').touch()\n{PROGRAM}"
    environment = surroundings() | {"PYTHONPATH": str(checkout)}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, cwd=checkout)
    assert "ValueError" in done.stderr
    assert "changed while Periplus was running" in done.stderr
