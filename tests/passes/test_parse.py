"""What parse accepts, what it says of the rest, and that every place it names is true."""

from __future__ import annotations

from pathlib import Path

import pytest
import strictyaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model.source import Document, Place, Route, Span
from compiler.passes.parse import parse
from compiler.passes.parsed import DEEPEST, LARGEST_BYTES
from compiler.text.twin import twin

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/integration.yaml"))


def parsed(text: str) -> object:
    result = parse(text.encode(), "m.yaml")
    assert result.defects == ()
    return result.value


def defect(text: str | bytes) -> tuple[str, int, int, dict[str, str]]:
    """The only defect: kind, line, column, facts."""
    result = parse(text if isinstance(text, bytes) else text.encode(), "m.yaml")
    assert result.value is None
    (only,) = result.defects
    assert isinstance(only.at, Place)
    assert only.at.document == "m.yaml"
    return only.kind, only.at.line, only.at.column, dict(only.facts)


def sliced(document: Document, span: Span) -> str:
    """The text at a span."""
    lines = document.text.replace("\r\n", "\n").split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    return "\n".join(
        [lines[span.line - 1][span.column - 1 :], *middle, lines[span.end_line - 1][: span.end_column - 1]]
    )


def value_text(text: str, *route: str | int) -> str:
    document = parse(text.encode(), "m.yaml").document
    return sliced(document, document.values[route])


def key_text(text: str, *route: str | int) -> str:
    document = parse(text.encode(), "m.yaml").document
    return sliced(document, document.keys[route])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_give_what_strictyaml_gives(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert parsed(text) == strictyaml.load(text).data


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_plain_value_of_the_examples_stands_where_it_is_said_to(path: Path) -> None:
    result = parse(path.read_bytes(), "m.yaml")
    for route, value in texts(result.value, ()):
        assert sliced(result.document, result.document.values[route]).strip("'") == value
    for route, span in result.document.keys.items():
        assert sliced(result.document, span) == route[-1]


def texts(value: object, route: Route) -> list[tuple[Route, str]]:
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in texts(inner, (*route, key))]
    if isinstance(value, list):
        return [pair for index, inner in enumerate(value) for pair in texts(inner, (*route, index))]
    assert isinstance(value, str)
    return [(route, value)]


class TestValues:
    def test_a_scalar_is_its_text(self) -> None:
        assert parsed("a: 3.10\nb: no\nc: 010\nd: ~\ne: =\nf: 2001-01-01\n") == {
            "a": "3.10",
            "b": "no",
            "c": "010",
            "d": "~",
            "e": "=",
            "f": "2001-01-01",
        }

    def test_nothing_is_an_empty_text(self) -> None:
        assert parsed("a:\nb:\n  -\n") == {"a": "", "b": [""]}

    def test_folded_text_has_no_marks_of_ruamel(self) -> None:
        assert parsed("a: >\n  x\n  y\n\n  z\n   w\n") == {"a": "x y\nz\n w\n"}

    def test_windows_line_ends_and_byte_order_mark(self) -> None:
        result = parse(b"\xef\xbb\xbfa: b\r\nc:\r\n  d: |\r\n    e\r\n", "m.yaml")
        assert result.value == {"a": "b", "c": {"d": "e\n"}}
        assert result.document.values["a",] == Span(1, 4, 1, 5)

    def test_characters_beyond_the_basic_plane_count_as_one(self) -> None:
        assert value_text("a: '\U0001f600' # x\n", "a") == "'\U0001f600'"


class TestSpans:
    def test_quotes_belong_to_the_span(self) -> None:
        assert value_text('a: "b c"  # d\n', "a") == '"b c"'

    def test_a_plain_value_ends_before_its_comment(self) -> None:
        assert value_text("a: b c   # d\n", "a") == "b c"

    def test_a_block_scalar_ends_with_its_last_line(self) -> None:
        assert value_text("a: >-\n  x\n  y\n\n# z\nb: c\n", "a") == ">-\n  x\n  y"

    def test_a_block_scalar_at_the_end_without_a_line_break(self) -> None:
        assert value_text("a: |\n  x", "a") == "|\n  x"

    def test_an_empty_block_scalar(self) -> None:
        assert value_text("a: |\nb: c\n", "a") == "|"

    def test_an_empty_value_stands_at_its_keys_end(self) -> None:
        document = parse(b"a:   # x\nb: c\n", "m.yaml").document
        assert document.values["a",] == Span(1, 2, 1, 2)

    def test_an_empty_item_stands_at_its_dash(self) -> None:
        document = parse(b"a:\n  -\n", "m.yaml").document
        assert document.values["a", 0] == Span(2, 4, 2, 4)

    def test_a_mapping_or_list_stands_at_its_key(self) -> None:
        assert value_text("a:\n  b:\n    - c\n", "a") == "a"
        assert value_text("a:\n  b:\n    - c\n", "a", "b") == "b"

    def test_an_item_that_is_a_mapping_stands_at_its_first_line(self) -> None:
        text = "a:\n  - b: c d # e\n    f: g\n  - h:\n      i: j\n"
        assert value_text(text, "a", 0) == "b: c d"
        assert value_text(text, "a", 1) == "h"

    def test_an_item_that_is_a_list_stands_at_its_first_line(self) -> None:
        assert value_text("a:\n  - - b\n    - c\n", "a", 0) == "- b"

    def test_quoted_keys(self) -> None:
        assert key_text("a:\n  'b c': d\n", "a", "b c") == "'b c'"


class TestDefects:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: b: c\n", ("yaml.syntax", 1, 5, {"words": "mapping values are not allowed here"})),
            ("a: 1\nb\nc: d\n", ("yaml.syntax", 2, 1, {"words": "could not find expected `:`"})),
            ("a: 'x\nb: c\n", ("yaml.syntax", 1, 4, {"words": "found unexpected end of stream"})),
            ('a: "\\q"\n', ("yaml.syntax", 1, 6, {"words": "found unknown escape character `q`"})),
            (
                "a: 1\n---\nb: 2\n",
                ("yaml.syntax", 2, 1, {"words": "expected a single document in the stream but found another document"}),
            ),
            (
                "a:\n b: 1\nc:\n    d: 1\n",
                ("yaml.syntax", 4, 5, {"words": "found mapping with indentation inconsistent with previous mapping"}),
            ),
            ("? - a\n: b\n", ("yaml.syntax", 1, 3, {"words": "a key that is no text"})),
            ("a:\n\tb: c\n", ("yaml.tab", 2, 1, {})),
            ("a: b\t# c\n", ("yaml.tab", 1, 5, {})),
            ("a:\n  b: {}\n", ("yaml.flow-style", 2, 6, {"found": "{}"})),
            ("a: [b, c]\n", ("yaml.flow-style", 1, 4, {"found": "[b,"})),
            ("a: &b c\n", ("yaml.anchor", 1, 4, {"found": "&b"})),
            ("a: *b\n", ("yaml.anchor", 1, 4, {"found": "*b"})),
            ("a:\n  <<: b\n", ("yaml.anchor", 2, 3, {"found": "<<"})),
            ("a:\n  <<:\n    b: c\n", ("yaml.anchor", 2, 3, {"found": "<<"})),
            ("a: !!str b\n", ("yaml.tag", 1, 4, {"found": "!!str"})),
            ("a: !x\n  b: c\n", ("yaml.tag", 1, 4, {"found": "!x"})),
            ("", ("yaml.empty", 0, 0, {})),
            ("# only\n", ("yaml.empty", 0, 0, {})),
            ("---\n", ("yaml.empty", 0, 0, {})),
            ("\n- a\n", ("yaml.not-a-mapping", 2, 1, {"found": "a list"})),
            ("a\n", ("yaml.not-a-mapping", 1, 1, {"found": "a text"})),
            ("a: 1\nb: \x00\n", ("yaml.control-character", 2, 4, {"character": "U+0000"})),
            ("a: x\u2028y\n", ("yaml.control-character", 1, 5, {"character": "U+2028"})),
            ("a: x\ufeffy\n", ("yaml.control-character", 1, 5, {"character": "U+FEFF"})),
            ('a: "\\0"\n', ("yaml.control-character", 1, 4, {"character": "U+0000"})),
            ('a: "\\ud83d"\n', ("yaml.control-character", 1, 4, {"character": "U+D83D"})),
            ("a: \udc80\n".encode(errors="surrogatepass"), ("yaml.encoding", 1, 4, {"byte": "0xed"})),
            (b"a: b\r\nc: \xe9\r\n", ("yaml.encoding", 2, 4, {"byte": "0xe9"})),
        ],
    )
    def test_kind_place_and_facts(self, text: str | bytes, expected: tuple[str, int, int, dict[str, str]]) -> None:
        assert defect(text) == expected

    def test_all_repeated_keys_at_once_each_with_the_first(self) -> None:
        result = parse(b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\na: 4\n", "m.yaml")
        found = [
            (each.kind, each.facts["key"], place_of(each.at), place_of(each.related[0])) for each in result.defects
        ]
        assert found == [
            ("yaml.duplicate-key", "c", (4, 3), (3, 3)),
            ("yaml.duplicate-key", "a", (5, 1), (1, 1)),
            ("yaml.duplicate-key", "a", (6, 1), (1, 1)),
        ]

    def test_as_deep_as_allowed(self) -> None:
        assert parse(nested(DEEPEST - 1), "m.yaml").defects == ()

    def test_too_deep_says_where(self) -> None:
        assert defect(nested(DEEPEST)) == ("yaml.too-deep", DEEPEST + 1, DEEPEST + 1, {"deepest": str(DEEPEST)})

    def test_half_a_million_levels_are_refused_without_a_crash(self) -> None:
        assert defect("- " * 500_000)[0] == "yaml.too-deep"

    def test_too_large_is_refused_unread(self) -> None:
        content = b"a: b\n" + b"#" * LARGEST_BYTES
        facts = {"bytes": str(len(content)), "largest": str(LARGEST_BYTES)}
        assert defect(content) == ("yaml.too-large", 0, 0, facts)

    def test_many_control_characters_are_not_all_told(self) -> None:
        assert len(parse(b"\x01" * 1000, "m.yaml").defects) == 10

    def test_comments_that_strictyaml_cannot_keep_apart(self) -> None:
        """strictyaml's loader raises NotImplementedError ("overlap in comment")."""
        kind, line, _, facts = defect("a:  # b\n      # c\n\n  # d\n  e: f\n   # g\n\n  - h\n")
        assert (kind, line > 0, bool(facts["words"])) == ("yaml.syntax", True, True)


def place_of(at: Route | Place) -> tuple[int, int]:
    assert isinstance(at, Place)
    return at.line, at.column


def nested(levels: int) -> bytes:
    """A mapping in a mapping, `levels` times, with a text inside."""
    lines = [f"{' ' * level}k:\n" for level in range(levels)]
    return "".join([*lines, f"{' ' * levels}k: v\n"]).encode()


PLAIN = st.text("abcxyz019._-/", min_size=1, max_size=8).filter(
    lambda text: text[0] not in "-." and text[-1] not in "-."
)
ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    max_size=8,
)
SCALARS = st.one_of(
    PLAIN,
    st.sampled_from(["", "~", "no", "3.10", "1e3", "0o17", "a b", "${x.url}", "x#y", "http://a:1/b?c=d"]),
    ODD.map(lambda text: "'" + text.replace("'", "''") + "'"),
    ODD.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '\\n"'),
)
COMMENTS = st.sampled_from(["", "", "  # note: x", " #"])
TREES = st.recursive(
    st.tuples(SCALARS, COMMENTS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4), st.dictionaries(PLAIN, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def written(tree: object, indent: int, step: int) -> list[str]:
    """Lines of block style for a generated tree of mappings, lists and (scalar, comment)."""
    lead = " " * indent
    lines = []
    entries = tree.items() if isinstance(tree, dict) else [(None, item) for item in tree]  # type: ignore[attr-defined]
    for key, inner in entries:
        opening = f"{lead}-" if key is None else f"{lead}{key}:"
        if isinstance(inner, tuple):
            scalar, comment = inner
            lines.append(f"{opening} {scalar}{comment}")
        else:
            lines += [opening, *written(inner, indent + step, step)]
    return lines


DOCUMENTS = st.builds(
    lambda tree, step, newline: newline.join([*written(tree, 0, step), ""]),
    st.dictionaries(PLAIN, TREES, min_size=1, max_size=4),
    st.integers(1, 4),
    st.sampled_from(["\n", "\r\n"]),
)


@settings(max_examples=70, deadline=None)
@given(DOCUMENTS)
def test_data_always_equals_strictyamls_own(text: str) -> None:
    result = parse(text.encode(), "m.yaml")
    try:
        expected = strictyaml.load(text).data
    except strictyaml.YAMLError:
        assert result.value is None
    else:
        assert result.value == expected


@settings(max_examples=70, deadline=None)
@given(DOCUMENTS)
def test_every_span_always_covers_its_own_text(text: str) -> None:
    result = parse(text.encode(), "m.yaml")
    assert result.defects == ()
    for route, span in result.document.keys.items():
        assert sliced(result.document, span) == route[-1]
    for route, value in texts(result.value, ()):
        assert strictyaml.load(f"a: {sliced(result.document, result.document.values[route])}\n").data == {"a": value}


@settings(max_examples=300, deadline=None)
@given(st.text("ab:-? \n\t'\"#|>{}[]&*!%@`\\<\x00,é", max_size=40))
def test_any_text_gives_a_mapping_or_a_defect_with_a_true_place(text: str) -> None:
    result = parse(text.encode(), "m.yaml")
    assert (result.value is None) == bool(result.defects)
    lines = text.split("\n")
    for each in result.defects:
        line, column = place_of(each.at)
        assert line == column == 0 or (line <= len(lines) and column <= len(lines[line - 1]) + 1)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_give_a_mapping_or_a_defect(content: bytes) -> None:
    result = parse(content, "m.yaml")
    assert (result.value is None) == bool(result.defects)


CONFLICT = "<<<<<<< HEAD\n  a: 1\n=======\n  a: 2\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"version: 1\nservices:\n{CONFLICT}", [(3, 7)]),
        (f"version: 1\nservices:\n{CONFLICT}  b: 1\n{CONFLICT}".replace("\n", "\r\n"), [(3, 7), (9, 13)]),
        ("<<<<<<< HEAD\na: 1\n||||||| base\na: 0\n=======\n>>>>>>> other\n", [(1, 6)]),
        ("<<<<<<< HEAD\na: 1\n<<<<<<< HEAD\na: 2\n", [(1, 1), (3, 3)]),
        ("a: 1\n>>>>>>> other\n", [(2, 2)]),
        ("a: 1\n=======\n", [(2, 2)]),
    ],
)
def test_the_marks_of_a_merge_are_no_syntax(text: str, places: list[tuple[int, int]]) -> None:
    found = parse(text.encode(), "m.yaml").defects
    assert {one.kind for one in found} == {"yaml.conflict"}
    assert [(one.at.line, one.related[0].line) for one in found] == places  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["a: <<<<<<< HEAD\n", "a: |\n  =======\n  >>>>>>> x\n", "# <<<<<<< HEAD\na: 1\n"])
def test_what_looks_like_a_mark_within_a_text_is_none(text: str) -> None:
    assert parse(text.encode(), "m.yaml").defects == ()


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("a: b\nimage nginx\nport: 80\n", "yaml.syntax", 2, 1),
        ("a:\n  - image nginx\n    port: 80\n", "yaml.syntax", 2, 5),
        ("a: b\nimage: nginx: 1\n", "yaml.syntax", 2, 13),
        ("a:\n  <<: *b\n", "yaml.anchor", 2, 3),
        ("a: *b\n", "yaml.anchor", 1, 4),
    ],
)
def test_a_mistake_is_where_a_person_would_mend_it(text: str, kind: str, line: int, column: int) -> None:
    (defect,) = parse(text.encode(), "m").defects
    assert isinstance(defect.at, Place)
    assert (defect.kind, defect.at.line, defect.at.column) == (kind, line, column)


RIGHT = "services:\n" + "".join(f"  web{number}:\n    image: nginx:1.27\n" for number in range(10_000))
"""More than is read of a text that only strictyaml understands."""


@pytest.mark.skipif(twin("compiler.passes.quick_narrow") is None, reason="all is read strictly, then")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "kind", "line", "column"),
    [
        ("a: [b]\n", "yaml.flow-style", 20_002, 4),
        ('a: "b\n' + "c\n" * 20_000, "yaml.syntax", 20_002, 4),
        ("a: 'b''\n" + "c\n" * 20_000, "yaml.syntax", 20_002, 4),
        ("  web1:\n    image: nginx\n" + "c: d\n" * 20_000, "yaml.duplicate-key", 20_002, 3),
        ("a:\n  " + "- " * 20_000 + "b\n", "yaml.too-deep", 20_003, 121),
        (
            "# tab\there\n" + "".join(f"c{number}: 'd\n  e'\n" for number in range(20_000)),
            "yaml.too-unusual",
            20_002,
            1,
        ),
    ],
)
def test_a_large_text_is_judged_by_its_first_mistake_or_not_at_all(end: str, kind: str, line: int, column: int) -> None:
    defect = parse((RIGHT + end).encode(), "m").defects[0]
    assert isinstance(defect.at, Place)
    assert (defect.kind, defect.at.line, defect.at.column) == (kind, line, column)


def test_no_more_than_twenty_repeated_keys_are_told() -> None:
    assert len(parse(b"a: b\n" * 100, "m").defects) == 20
