"""The wheel alone, without a checkout, compiles an example to the committed bytes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.commands.project import LOCK, OUTPUT, contents, example
from tests.support import ROOT

SHIPPED = "compiler/shipped/"
MADE = "compiler/targets/compose/quick_templates.py"
COMPILED = """
import sys
from compiler.cli import run
code = run(["--quiet", "compile"])
print(code, "compiler.targets.compose.quick_templates" in sys.modules, "jinja2" in sys.modules)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_it_holds_the_program_and_what_ships_with_it(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    sources = {path.relative_to(ROOT).as_posix() for path in ROOT.joinpath("compiler").rglob("*.py")}
    shipped = {
        SHIPPED + path.relative_to(ROOT).as_posix()
        for folder in ("schemas", "templates")
        for path in ROOT.joinpath(folder).rglob("*")
        if path.is_file()
    }
    assert sources | shipped | {MADE, "compiler/py.typed"} == {name for name in names if ".dist-info/" not in name}
    assert {f"{SHIPPED}templates/compose/.gitignore.j2", f"{SHIPPED}templates/compose/.gitattributes.j2"} <= shipped


def test_the_source_distribution_holds_all_that_a_wheel_is_made_of(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    made_of = {
        path.relative_to(ROOT).as_posix()
        for folder in ("compiler", "schemas", "templates")
        for path in ROOT.joinpath(folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(ROOT).as_posix() != MADE
    }
    assert made_of | {"hatch_build.py", "pyproject.toml"} <= names
    assert MADE not in names


def test_it_says_who_it_is_and_under_which_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    named = {name.rpartition(".dist-info/")[2]: name for name in archive.namelist() if ".dist-info/" in name}
    assert "licenses/LICENSE" in named
    metadata = archive.read(named["METADATA"]).decode()
    assert "Name: periplus\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert archive.read(named["entry_points.txt"]).decode() == "[console_scripts]\nperiplus = compiler.__main__:main\n"


def test_installed_alone_it_compiles_an_example_to_the_committed_bytes(wheel: Path, tmp_path: Path) -> None:
    program = installed(wheel, tmp_path / ".venv") / "periplus"
    folder = uncompiled("02-trading", tmp_path)
    local = f"{OUTPUT}/docker-compose.local.yml"
    subprocess.run([program, "compile"], cwd=folder, env={"PATH": ""}, check=True, capture_output=True)
    committed = contents(ROOT / "examples" / "02-trading")
    assert local in committed
    written = contents(folder)
    written.pop(f"{OUTPUT}/.periplus/unchanged", None)  # which git ignores
    assert written == committed


def test_installed_alone_it_renders_without_jinja(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path / ".venv") / "python"
    folder = uncompiled("03-commerce", tmp_path)
    done = subprocess.run([python, "-c", COMPILED], cwd=folder, env={"PATH": ""}, check=True, capture_output=True)
    assert done.stdout.decode().split() == ["0", "True", "False"]


def uncompiled(name: str, folder: Path) -> Path:
    """A copy of an example, as it was before its first compilation."""
    copy = example(name, folder)
    shutil.rmtree(copy / OUTPUT)
    (copy / LOCK).unlink()
    return copy


def installed(wheel: Path, folder: Path) -> Path:
    """The commands of a fresh environment that has the wheel, and the dependencies of this one but not this checkout."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    words = [
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        str(wheel),
    ]
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    packages.joinpath("dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = [str(python), "-c", "import compiler; print(compiler.__file__)"]
    found = subprocess.run(where, cwd=folder, env={"PATH": ""}, check=True, capture_output=True, text=True).stdout
    assert found.startswith(str(packages))
    return folder / "bin"
