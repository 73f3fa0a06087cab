"""Every environment is resolved as a whole: that they share what they have in common changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compiler.environments import Given, decide_environments
from compiler.hands.shipped import shipped_files
from compiler.ownership.lock import read_lock
from compiler.passes.include import gather
from compiler.passes.merge import merge_documents
from compiler.passes.recall import Recall
from compiler.passes.widen import widen
from compiler.pipeline import manifest_schema
from compiler.text.beside import lock_name
from tests.bench.manifests import chain
from tests.plain.outputs import cases
from tests.support import MappingFiles, codes, compile_text, compile_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from compiler.environments import Environments

MANIFEST = "integration.yaml"
TEXTS = dict(cases())
DEEP = 1500
"""More than Python calls within each other."""


class Forgetful(Recall):
    """Works everything out anew."""

    def __call__(self, work: Callable[..., Any], *inputs: object, of: Hashable = None) -> Any:
        del of
        return work(*inputs)


def decided(texts: Mapping[str, str], recall: Recall) -> Environments | None:
    """All environments of a manifest; None where it cannot be read."""
    files, shipped = MappingFiles({path: text.encode() for path, text in texts.items()}), shipped_files()
    gathered = gather(MANIFEST, files, manifest_schema(shipped))
    if gathered.defects:
        return None
    wides = tuple(widen(piece) for piece in gathered.pieces)
    merged = merge_documents(wides)
    lock = read_lock(texts.get(lock_name(MANIFEST)), lock_name(MANIFEST), "0.1.0").lock
    return decide_environments(Given(merged, wides[0], lock, files, shipped, "integration", recall))


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_shared_is_what_would_be_worked_out(name: str) -> None:
    assert repr(decided(TEXTS[name], Recall({}))) == repr(decided(TEXTS[name], Forgetful({})))


def test_what_an_environment_leaves_alone_is_the_very_same() -> None:
    text = chain(12) + "environments:\n  dev:\n  staging:\n    services:\n      s3:\n        image: other:1\n"
    found = decided({MANIFEST: text}, Recall({}))
    assert found is not None
    system, dev, test, staging = (found.decided[name].plan for name in ("", "dev", "test", "staging"))
    assert dev.units is system.units
    assert dev.edges is system.edges
    assert test.edges is system.edges
    assert test.units["s1"].environment is system.units["s1"].environment
    assert test.units["s1"].ports != system.units["s1"].ports
    assert {name for name, unit in staging.units.items() if unit is not test.units[name]} >= {"s3"}
    assert staging.units["s1"] is test.units["s1"]
    assert found.decided["staging"].shared == {f"s{number}" for number in range(12)} - {"s3"}


def test_a_reference_that_an_environment_fills_otherwise_is_filled_anew() -> None:
    text = (
        "version: 1\nname: shop\nservices:\n  api:\n    image: x:1\n    port: 80\n  web:\n    image: x:1\n"
        "    environment:\n      API: ${api.url}\n"
        "environments:\n  dev:\n    services:\n      api:\n        port: 81\n"
    )
    found = decided({MANIFEST: text}, Recall({}))
    assert found is not None
    urls = [found.decided[name].plan.units["web"].environment["API"] for name in ("", "dev", "test")]
    assert urls == [("http://api:80",), ("http://api:81",), ("http://api:80",)]


def test_a_finding_that_an_environment_repeats_is_shown_there_too() -> None:
    written = "        environment:\n          API_TOKEN: abcdef123456\n"
    service = f"services:\n  web:\n    image: x:1\n{written.replace('    ', '  ')}"
    again = f"environments:\n  dev:\n    services:\n      web:\n{written}"
    text = f"version: 1\nname: shop\n{service.replace('      API', '      API')}"
    assert codes(compile_text(text)) == ["SECRET001"]
    assert codes(compile_text(text + again)) == ["SECRET001", "SECRET001"]


def test_a_ring_of_more_services_than_calls_can_be_nested() -> None:
    text = chain(DEEP).replace("      NAME: s0\n", f"      NAME: s0\n      LAST_URL: ${{s{DEEP - 1}.url}}\n")
    (found,) = compile_texts({MANIFEST: text}).diagnostics
    assert found.code == "DEP003"
    assert len(found.marks) == DEEP


def test_as_many_references_to_nothing() -> None:
    text = chain(DEEP).replace("BEFORE_URL: ${s", "BEFORE_URL: ${nobody-")
    found = compile_texts({MANIFEST: text}).diagnostics
    assert [one.code for one in found] == ["REF001"] * 1000
    assert found[-1].help.endswith("there are more of REF001: only the first 1,000 are told")
