from __future__ import annotations

from compiler.provenance.inputs import Altered, Remembered
from tests.support import MappingFiles

FILES = MappingFiles({"a/b.txt": b"b"}, reach=2)


def test_other_texts_stand_for_files_and_a_changed_path_leads_where_it_did() -> None:
    files = Altered(FILES, {"m": b"other"})
    assert [files.read(path) for path in ("m", "azq/b.txt", "a/b.txt", "none", "mzq")] == [
        b"other",
        b"b",
        b"b",
        None,
        b"other",
    ]
    assert (files.glob("azq/*"), files.reach) == (("a/b.txt",), 2)


def test_files_are_read_once() -> None:
    contents = {"a": b"1"}
    files = Remembered(MappingFiles(contents))
    assert (files.read("a"), files.read("b"), files.glob("*")) == (b"1", None, ("a",))
    contents.update({"a": b"2", "b": b"2"})
    assert (files.read("a"), files.read("b"), files.glob("*"), files.reach) == (b"1", None, ("a",), 0)
