"""A bounded run of the fuzzer, every case it ever found, and that it works. The long run: `make fuzz`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands.project import surroundings
from tests.fuzz.chunk import Chunk, Crash, chunk, fault_of
from tests.fuzz.judge import BrokenPromiseError, judged, judged_on_disk
from tests.fuzz.mutation import mutated
from tests.fuzz.projects import MANIFEST, Project, cases, packed, seeds, unpacked
from tests.fuzz.run import records, remember
from tests.fuzz.shrink import shrunk
from tests.fuzz.trees import read, written
from tests.support import ROOT

MUTANTS = 1200
"""About ten seconds' worth."""


@pytest.mark.parametrize("name", cases())
def test_what_once_broke_the_compiler_does_not(name: str) -> None:
    judged(cases()[name], deeply=True)
    judged_on_disk(cases()[name])


@pytest.mark.slow
def test_mutants_are_survived_and_a_third_of_them_is_resolved() -> None:
    found = chunk(seed=0, mutants=MUTANTS)
    assert not found.crashes, found.crashes[0].trace + found.crashes[0].project.decode("utf-8", "replace")
    assert found.resolved >= 0.3 * MUTANTS
    assert found.compiled >= 0.1 * MUTANTS
    assert len(found.codes) >= 60


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from(seeds()), st.randoms(use_true_random=False))
def test_any_mutant_is_survived(project: Project, random: Random) -> None:
    judged(mutated(random, project), deeply=True)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_survived(content: bytes) -> None:
    judged({MANIFEST: content}, deeply=True)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is for Linux")
def test_mutants_guided_by_coverage_are_survived(tmp_path: Path) -> None:
    words = ["-m", "tests.fuzz.guided", "--mutants", "400", "--folder", str(tmp_path)]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=surroundings(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:].decode()
    report = (tmp_path / "guided.md").read_text()
    assert report.startswith("400 mutants guided by coverage")
    assert report.endswith("faults: none.\n"), report


def test_a_seed_makes_the_same_mutants_of_the_same_projects_and_changes_none_of_them() -> None:
    before = [dict(project) for project in seeds()]
    one, other = ([mutated(Random(seed), seeds()[seed % 50]) for seed in range(100)] for _ in range(2))
    assert one == other
    assert sum(mutant != seeds()[seed % 50] for seed, mutant in enumerate(one)) > 90
    assert list(seeds()) == before


def test_a_project_is_the_same_once_packed_and_unpacked() -> None:
    project = {MANIFEST: b"a: b\n", "x/Dockerfile": b"FROM \xff\n", "empty": b""}
    assert unpacked(packed(project)) == project
    assert unpacked(b"a: b\n") == {MANIFEST: b"a: b\n"}
    assert [unpacked(packed(seed)).keys() for seed in seeds()] == [seed.keys() for seed in seeds()]


def test_data_is_the_same_once_written_and_read() -> None:
    for data in (read(content) for seed in seeds() for path, content in seed.items() if path.endswith(".yaml")):
        assert data is None or read(written(data).encode("utf-8", "surrogatepass")) == data


def test_the_least_project_is_found() -> None:
    project = {MANIFEST: b"a: 1\nb: 2\nc: 3\nd: 4\n", "other": b"x\n", "needed": b"y\nz\n"}

    def has_fault(smaller: Project) -> bool:
        return b"c: 3" in smaller[MANIFEST] and b"z" in smaller.get("needed", b"")

    assert shrunk(project, has_fault) == {MANIFEST: b"c: 3\n", "needed": b"z\n"}


def test_a_fault_is_told_by_where_the_compiler_raised_it() -> None:
    assert fault_of(BrokenPromiseError("a finding is on no line", 3)) == "broken promise: a finding is on no line"
    with pytest.raises(TypeError) as raised:
        judged({MANIFEST: 5})  # type: ignore[dict-item]
    assert fault_of(raised.value).startswith("TypeError in ")


def test_what_a_run_found_is_written_down(tmp_path: Path) -> None:
    crash = Crash("ValueError in passes/x.py, f", "trace", b"a: b\n")
    for seed, crashes in enumerate(([], [crash])):
        remember(tmp_path, Chunk(seed, 10, 5, 2, 1.0, 0.5, {"PORT001": 3}, crashes), "abc")
    assert [record["seed"] for record in records(tmp_path)] == [0, 1]
    report = (tmp_path / "report.md").read_text()
    assert report.startswith("20 mutants: 10 (50.0 %) reached resolution, 4 (20.0 %) compiled.\n")
    assert "By state of the compiler: abc 20." in report
    assert "met them: ValueError in passes/x.py, f (state abc): 1." in report
    assert "- PORT001: 6\n" in report
    assert [path.read_bytes() for path in (tmp_path / "crashes").glob("*.case")] == [b"a: b\n"]
