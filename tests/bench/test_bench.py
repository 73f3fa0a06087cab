"""The bench's own pure parts; it measures nothing here."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest

from tests.bench.bench import main
from tests.bench.manifests import MANIFEST, MISTAKES, SHAPES, chain, changed, fragment
from tests.bench.measure import FailedError, Starter, Taken, Work, exponent, in_turn, median, ratio
from tests.bench.peers import CDK8S, COMPOSE, PROJEN, Peer, peers
from tests.bench.project import change, write_anew
from tests.bench.report import page, tables
from tests.bench.verdict import Growth, Measured, Timing, Verdict
from tests.support import codes, compile_text, compile_texts

PYTHON = sys.executable


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1, 5])
def test_a_manifest_compiles_without_a_finding(shape: str, size: int) -> None:
    compiled = compile_texts(SHAPES[shape](size))
    assert compiled.diagnostics == ()
    assert len(compiled.decisions) > 15


@pytest.mark.parametrize("shape", SHAPES)
def test_a_manifest_is_the_same_each_time_and_has_as_many_services_as_asked_for(shape: str) -> None:
    texts = SHAPES[shape](250)
    assert texts == SHAPES[shape](250)
    assert sum(text.count("    image:") for text in texts.values()) == 250


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_error(mistake: str) -> None:
    assert len(codes(compile_text(MISTAKES[mistake](5)))) == 1


def test_a_change_is_one_byte() -> None:
    before, after = chain(5), changed(chain(5))
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert compile_text(after).diagnostics == ()


def test_a_hundred_fragments_share_a_thousand_services() -> None:
    texts = SHAPES["includes"](1000)
    assert len(texts) == 101
    assert {text.count("    image:") for path, text in texts.items() if path != MANIFEST} == {10}


def test_a_file_is_changed_and_changed_back(tmp_path: Path) -> None:
    texts = SHAPES["includes"](5)
    write_anew(tmp_path / "project", texts)
    changing = tmp_path / "project" / fragment(2)
    change(tmp_path / "project", texts)
    assert changing.read_text(encoding="utf-8") == changed(texts[fragment(2)])
    change(tmp_path / "project", texts)
    assert changing.read_text(encoding="utf-8") == texts[fragment(2)]


@pytest.mark.parametrize(("power", "start"), [(1, 0.0), (1, 5.0), (2, 0.0), (1.5, 3.0)])
def test_an_exponent_is_that_of_what_grows(power: float, start: float) -> None:
    points = {size: start + 0.01 * size**power for size in (200, 1000, 5000)}
    assert exponent(points, start) == pytest.approx(power)


def test_what_hardly_grows_has_no_exponent() -> None:
    assert exponent({200: 1.0, 1000: 1.01, 5000: 1.09}, 1.0) == 0
    assert exponent({200: 1.0, 1000: 1.01, 5000: 1.2}, 1.0) == 0


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    ours = [Taken(2, 2, 30), Taken(4, 4, 30), Taken(30, 30, 30)]
    theirs = [Taken(1, 1, 10), Taken(2, 1, 10), Taken(3, 1, 10)]
    assert ratio(ours, theirs) == Taken(2, 4, 3)
    assert median(ours) == Taken(4, 4, 30)


def test_processes_are_measured_in_turn(tmp_path: Path) -> None:
    script = "import sys; open('order', 'a').write(sys.argv[1])"
    with Starter() as starter:
        works = {name: Work((PYTHON, "-c", script, name), tmp_path) for name in "ab"}
        taken = in_turn(starter, works, rounds=3, seconds=0)
    assert (tmp_path / "order").read_text() == "ababab"
    assert all(min(one) > 0 for one in [*taken["a"], *taken["b"]])


def test_a_small_process_is_not_charged_for_a_large_one_that_measures(tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1)) * (200 * 2**20)
    with Starter() as starter:
        taken = starter.take(Work((PYTHON, "-c", "pass"), tmp_path))
    assert taken.peak < len(ballast)


def test_a_process_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with Starter() as starter, pytest.raises(FailedError, match=r"ended with 3 where 0 was expected:\s+no such luck"):
        starter.take(
            Work((PYTHON, "-c", "import sys; sys.stderr.write('no such luck'); sys.exit(3)"), tmp_path),
        )


@pytest.mark.parametrize("size", [5, 50, 1000])
def test_the_compose_file_has_the_services_of_the_chain(size: int) -> None:
    file = Path(__file__).parent / "compose" / f"{size}.yaml"
    text = file.read_text("utf-8") if file.exists() else gzip.decompress(Path(f"{file}.gz").read_bytes()).decode()
    assert text.count('image: "registry.example/service:1"') == size
    assert ":?" not in text


def test_a_peer_that_is_not_there_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert {peer.name: peer.version for peer in peers() if peer.name in {COMPOSE, CDK8S, PROJEN}} == {
        COMPOSE: "",
        CDK8S: "",
        PROJEN: "",
    }


def measured() -> Measured:
    one = Taken(0.1, 0.2, 3 * 2**20)
    return Measured(
        [
            Verdict("work", 2.5, "x peer", 2.0, "0.2 s to 0.1 s", 1),
            Verdict("best", 2.5, "x peer", 0.9, aim=1),
            Verdict("slow", 2.5, "x peer", 3.0),
            Verdict("alone", 2.5, "x absent", None),
        ],
        [
            Timing(5, "ours", one, None),
            Timing(5, "peer", one, Taken(0.5, 0.75, 1)),
            Timing(5, "swift", one, Taken(2, 2, 1)),
        ],
        [Growth("chain", "compile", {200: one, 1000: one}, 1.014, 0.5)],
    )


def test_the_tables() -> None:
    assert (
        tables(measured())
        == """\
| work | at most | measured | kept | in figures |
| --- | --- | --- | --- | --- |
| work | 2.50 x peer (aim 1) | 2 | yes | 0.2 s to 0.1 s |
| best | 2.50 x peer (aim 1) | 0.90 | yes, and the aim |  |
| slow | 2.50 x peer | 3 | **no** |  |
| alone | 2.50 x absent |  | not run |  |

| services |  | wall s | CPU s | peak MiB | periplus takes | in CPU time |
| --- | --- | --- | --- | --- | --- | --- |
| 5 | `ours` | 0.100 | 0.200 | 3 |  |  |
| 5 | `peer` | 0.100 | 0.200 | 3 | 0.50 x | 0.75 x |
| 5 | `swift` | 0.100 | 0.200 | 3 | 2.00 x | 2.00 x |

| work | shape or mistake | 200 | 1,000 | exponent: time | memory |
| --- | --- | --- | --- | --- | --- |
| compile | chain | 0.200 / 3 | 0.200 / 3 | 1.01 | 0.50 |
"""
    )


def test_the_page_tells_who_was_not_run_and_who_is_faster() -> None:
    def never(_size: int, folder: Path) -> Work:
        return Work((), folder)

    text = page(measured(), [Peer("here", "does this", "1.2", never), Peer("absent", "would do that", "", never)])
    assert "- here (1.2): does this\n- absent (not run, because it could not be set up): would do that\n" in text
    assert "Faster with 5 services: `swift`." in text


def test_an_unknown_section_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["warm"])
    assert ended.value.code == 2
    assert "no such section: warm" in capsys.readouterr().err
