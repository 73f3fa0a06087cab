from __future__ import annotations

import re
import string
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import crossplane  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compiler.spell.encoded import Encoded
from compiler.spell.nginx import (
    Directive,
    is_route_path,
    nginx_argument,
    nginx_configuration,
    nginx_literal,
    route_location,
    route_pattern,
)
from compiler.spell.trace import routes_by_line, strip

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "",
    "api/",
    "/a { return 200; } location /x",
    "/a; proxy_pass http://evil",
    "/a}",
    "/a#b",
    "/a\n",
    "/a\nb",
    "/a\0",
    "/a b",
    "/a\tb",
    "/$host",
    "/${host}",
    '/a"b',
    "/a\\b",
    "/a?b",
    "/a|b",
    "/a[b]",
    "/a^b",
    "/a`b",
    "/a<b>",
    "/__gateway",
    "/__gateway/",
    "/__gateway/health",
    "/..",
    "/../a",
    "/a/../b",
    "/a/..",
    "/a..b",
    "/.",
    "/a/./b",
    "/a/.",
    "//",
    "//a",
    "/a//b",
    "/a//",
    "/é",
    "/a٣",
    "/%",
    "/%4",
    "/%zz",
    "/%41",
    "/%2e%2e/",
    "/%2E/",
    "/a%2Fb",
    "/a%2fb",
    "/%5C",
    "/%24host",
    "/%00",
    "/%0A",
    "/%3B",
    "/%7B",
    "/%23",
    "/%3F",
    "/%C3",
    "/%C3a%A9",
    "/%c3%a9",
    "/%E2%80%AE",
)
GOOD = (
    "/",
    "/api",
    "/api/",
    "/api/v1.0/",
    "/.well-known/acme-challenge/",
    "/~ada/",
    "/a@b:c/",
    "/a!b&c'd(e)f*g+h,i=j",
    "/a%20b/",
    "/%C3%A9t%C3%A9/",
    "/100%25/",
    "/__gateway-of-mine/health",
)

segments = st.text(string.ascii_letters + string.digits + "._~!&'()*+,=:@-% é€", min_size=1, max_size=6).map(
    lambda text: quote(unicodedata.normalize("NFC", text), safe="!&'()*+,=:@~")
)
route_paths = (
    st.builds(
        lambda parts, end: "/" + "/".join(parts) + end, st.lists(segments, max_size=3), st.sampled_from(["", "/"])
    )
    .map(lambda path: path.replace("//", "/"))
    .filter(is_route_path)
)


def tree_of(text: str, folder: Path) -> tuple[Directive, ...]:
    """What crossplane reads in a text."""
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8", newline="\n")
    payload = crossplane.parse(str(file), single=True, check_ctx=False, check_args=False)
    assert payload["status"] == "ok", payload["errors"]
    return tuple(directive_of(statement) for statement in payload["config"][0]["parsed"])


def directive_of(statement: dict[str, Any]) -> Directive:
    """One statement of crossplane's as a directive."""
    block = statement.get("block")
    inner = None if block is None else tuple(directive_of(each) for each in block)
    return Directive(statement["directive"], tuple(statement["args"]), inner)


def bare(directive: Directive) -> Directive:
    """The directive without what no parser sees."""
    block = None if directive.block is None else tuple(bare(each) for each in directive.block)
    return Directive(directive.name, directive.arguments, block)


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_path_is_no_route_path_and_is_refused(path: str) -> None:
    assert not is_route_path(path)
    for spell in (route_location, route_pattern):
        with pytest.raises(ValueError, match="cannot be the path of a route"):
            spell(path)


@pytest.mark.parametrize("path", GOOD)
def test_a_good_path_is_a_route_path(path: str) -> None:
    assert is_route_path(path)


@given(st.text(max_size=20))
def test_a_route_path_is_always_ascii_of_the_grammar_without_dots_that_climb(path: str) -> None:
    if is_route_path("/" + path):
        assert re.fullmatch(r"[A-Za-z0-9._~!&'()*+,=:@%/-]*", path)
        assert ".." not in path


@pytest.mark.parametrize(
    ("path", "location", "pattern"),
    [
        ("/api/", "/api/", "/api/"),
        ("/v1.0/", "/v1.0/", "/v1[.]0/"),
        ("/a%20b/", "/a b/", "/a%20b/"),
        ("/%C3%A9/", "/é/", "/%[Cc]3%[Aa]9/"),
        ("/a@b", "/a@b", "/a(?:@|%40)b"),
        ("/a+b", "/a+b", "/a(?:[+]|%2[Bb])b"),
    ],
)
def test_the_three_spellings_of_a_path(path: str, location: str, pattern: str) -> None:
    assert (route_location(path), route_pattern(path)) == (location, pattern)


@given(route_paths)
def test_a_pattern_matches_its_path_and_always_as_clients_encode_it(path: str) -> None:
    pattern = re.compile(route_pattern(path))
    strict = quote(unquote(path), safe="/~")
    for spelling in (path, strict, re.sub("%..", lambda match: match.group().lower(), strict)):
        assert pattern.fullmatch(spelling), (pattern, spelling)


@given(route_paths, route_paths)
def test_two_paths_never_share_a_spelling(one: str, other: str) -> None:
    assume(one != other)
    assert route_location(one) != route_location(other)
    assert re.fullmatch(route_pattern(one), other) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("/api/", "/api/"),
        ("", '""'),
        ("a b", '"a b"'),
        ('say "no"', r'"say \"no\""'),
        ("it's", '"it\'s"'),
        ("$host", "$host"),
        (r"[/\x5c]", r'"[/\x5c]"'),
        ("été", '"été"'),
        ("(a)", '"(a)"'),
    ],
)
def test_an_argument_is_quoted_where_need_be(text: str, written: str) -> None:
    assert nginx_argument(text) == written
    assert isinstance(nginx_argument(text), Encoded)


@pytest.mark.parametrize(
    "text", [*";{}#\n\r\t\0\x7f\x1b\u2028\u202e\ud800\ue000", "a\\", r"a\n", r"a\"b", r"a\\b", "a;"]
)
def test_what_could_end_an_argument_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be an argument"):
        nginx_argument(text)


@pytest.mark.parametrize("text", ["$host", "a${b}", "a\\b", "a;b", "a\nb"])
def test_what_nginx_would_not_take_literally_is_no_literal(text: str) -> None:
    with pytest.raises(ValueError, match=r"literally|cannot be an argument"):
        nginx_literal(text)


def test_a_literal_is_the_text_itself() -> None:
    assert nginx_literal("/etc/it's mine/key.pem") == "/etc/it's mine/key.pem"


def test_the_style_of_a_text() -> None:
    text = nginx_configuration(
        (
            Directive("upstream", ("api",), (Directive("server", ("127.0.0.1:80",)), Directive("keepalive", ("32",)))),
            Directive("map", ("$a", "$b"), (Directive("default", ("x",)), Directive("", ("",)))),
            Directive(
                "server",
                (),
                (
                    Directive("listen", ("80",)),
                    Directive("root", ("/a b",), comment="two\nlines"),
                    Directive("if", ("$a", "!~", "^(b)$"), (Directive("return", ("400",)),)),
                    Directive("location", ("=", "/"), ()),
                ),
            ),
        )
    )
    assert text == (
        "upstream api {\n"
        "    server 127.0.0.1:80;\n"
        "    keepalive 32;\n"
        "}\n"
        "\n"
        "map $a $b {\n"
        "    default x;\n"
        '    "" "";\n'
        "}\n"
        "\n"
        "server {\n"
        "    listen 80;\n"
        "\n"
        "    # two\n"
        "    # lines\n"
        '    root "/a b";\n'
        "\n"
        '    if ($a !~ "^(b)$") {\n'
        "        return 400;\n"
        "    }\n"
        "\n"
        "    location = / {\n"
        "    }\n"
        "}\n"
    )


def test_a_comment_never_ends_early() -> None:
    text = nginx_configuration((Directive("listen", ("80",), comment="a\u2028server {}\r\nb\0c\x85d"),))
    assert all(line.startswith("#") for line in text.splitlines()[:-1])
    assert text.splitlines()[-1] == "listen 80;"


def test_a_traced_text_is_the_plain_one_with_marks() -> None:
    route = ("gateway", "routes", 0)
    tree = (Directive("a", ("b",)), Directive("location", ("/",), (Directive("return", ("404",)),), route=route))
    traced = nginx_configuration(tree, traced=True)
    assert strip(traced) == nginx_configuration(tree)
    assert routes_by_line(traced) == {3: (route,), 4: (route,), 5: (route,)}


printable = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=";{}#\\")
arguments = st.text(printable | st.sampled_from(" $'\""), max_size=12)
names = st.from_regex("[a-z_]{1,8}", fullmatch=True).filter(lambda name: name != "if")


def directives(block: st.SearchStrategy[tuple[Directive, ...] | None]) -> st.SearchStrategy[Directive]:
    return st.builds(Directive, names, st.lists(arguments, max_size=3).map(tuple), block, arguments)


trees_of_directives = st.recursive(
    directives(st.none()), lambda inner: directives(st.lists(inner, max_size=3).map(tuple)), max_leaves=8
)


@given(st.lists(trees_of_directives, max_size=3))
def test_what_is_written_is_always_read_back_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, trees: list[Directive]
) -> None:
    text = nginx_configuration(trees)
    assert tree_of(text, tmp_path_factory.getbasetemp()) == tuple(bare(tree) for tree in trees)


@given(st.text(string.printable, max_size=10))
def test_any_argument_is_read_back_as_it_was_meant_or_refused(
    tmp_path_factory: pytest.TempPathFactory, argument: str
) -> None:
    directive = Directive("root", (argument, "last"))
    try:
        text = nginx_configuration((directive,))
    except ValueError:
        assert re.search(r"[;{}#\\\0-\x1f]", argument)
        return
    assert tree_of(text, tmp_path_factory.getbasetemp()) == (directive,)


def test_the_oracle_sees_an_injected_location(tmp_path: Path) -> None:
    injected = "server {\n    location /a { return 200; } location /x {\n    }\n}\n"
    meant = Directive("server", (), (Directive("location", ("/a { return 200; } location /x",), ()),))
    assert tree_of(injected, tmp_path) != (meant,)


def test_the_writer_needs_nothing_heavy() -> None:
    code = "import sys, compiler.spell.nginx; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"jinja2", "jsonschema", "strictyaml", "click", "crossplane"} & set(loaded)
