"""Random manifests as people write them, and as nobody would: every layout that the dialect allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("port", "services", "auth-service", "x", "A_B", "größe", "$schema", "a.b")
PLAIN = ("8091:8000", "/health", "${db.app.url}", "1.10", "no", "two words", "a#b", "https://x.example/y", "-5", "ü 船")
HOSTILE = (
    "",
    " ",
    "it's",
    'say "x"',
    "a: b",
    "a #b",
    "# no",
    "- x",
    "{a}",
    "[a]",
    "*x",
    "&x",
    "!x",
    "|",
    ">",
    "%",
    "@",
)
LINES = ("one\ntwo", "one\ntwo\n", "  deep\nless\n", "x\n\ny\n", "end\n\n")
TEXTS = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(HOSTILE),
    st.sampled_from(LINES),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)
NAME = st.sampled_from(NAMES)


class Layout(NamedTuple):
    """How a manuscript is written."""

    step: int
    dash: int
    newline: str
    ended: bool


def values(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """Texts, mappings and lists; an empty mapping is an empty text in this dialect."""
    return st.recursive(
        texts,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3), st.dictionaries(NAME, inner, min_size=1, max_size=3)
        ),
        max_leaves=6,
    )


MAPPINGS = st.dictionaries(NAME, values(), min_size=1, max_size=4)


@st.composite
def manuscripts(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """A text that is usually a manifest; strictyaml says whether."""
    layout = Layout(
        draw(st.sampled_from([1, 2, 3, 4])),
        draw(st.sampled_from([0, 1, 2])),
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.booleans()),
    )
    writer = _Writer(draw, layout)
    lines = [*draw(st.sampled_from([[], ["# head"], ["# head", ""], ["---"]]))]
    lines += writer.mapping(draw(MAPPINGS), draw(st.sampled_from([0, 0, 0, 2])))
    lines += draw(st.sampled_from([[], [], [""], ["# tail"], ["  # deep tail"]]))
    return layout.newline.join(lines) + (layout.newline if layout.ended else "")


class _Writer(NamedTuple):
    draw: Callable[[st.SearchStrategy[Any]], Any]
    layout: Layout

    def mapping(self, value: dict[str, Any], column: int) -> list[str]:
        lines: list[str] = []
        for name, inner in value.items():
            lines += self.noise(column) + self.entry(name, inner, column)
        return lines

    def entry(self, name: str, value: Any, column: int) -> list[str]:
        key = self.draw(st.sampled_from([name, name, name, f"'{name}'", f'"{name}"']))
        head = f"{' ' * column}{key}{self.draw(st.sampled_from(['', '', '', ' ']))}:"
        if isinstance(value, dict):
            return [head + self.comment(), *self.mapping(value, column + self.layout.step)]
        if isinstance(value, list):
            return [head + self.comment(), *self.items(value, column + self.layout.dash)]
        return self.text(head, value, column)

    def items(self, value: list[Any], column: int) -> list[str]:
        lines: list[str] = []
        gap = self.draw(st.sampled_from([1, 1, 1, 3]))
        for item in value:
            dash = f"{' ' * column}-"
            lines += self.noise(column)
            if isinstance(item, str):
                lines += self.text(dash, item, column)
                continue
            inner = column + 1 + gap
            block = self.mapping(item, inner) if isinstance(item, dict) else self.items(item, inner)
            pulled = block[0].startswith(" " * inner) and block[0].strip()[:1] not in {"#", ""}
            lines += [dash + " " * gap + block[0][inner:], *block[1:]] if pulled else [dash, *block]
        return lines

    def text(self, head: str, value: str, column: int) -> list[str]:
        """A text in one of the ways of writing it; a bare one may turn out to be something else, or nothing at all."""
        style = self.draw(
            st.sampled_from(["bare", "bare", "single", "double", "below", "|", ">", "|+", "|-", "folded"])
        )
        deeper = " " * (column + self.draw(st.sampled_from([1, 2, 4])))
        if style in {"|", ">", "|+", "|-"} and value.strip():
            body = [deeper + line if line.strip() else "" for line in value.split("\n")]
            return [f"{head} {style}{self.comment()}", *body]
        if style == "double" or "\n" in value or value[:1] in set("#&*!|>%@[]{}") or ": " in value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return [f'{head} "{escaped}"{self.comment()}']
        if style == "single":
            return [f"{head} '{value.replace(chr(39), chr(39) * 2)}'{self.comment()}"]
        if style == "below" and value.strip():
            return [head, deeper + value.strip() + self.comment()]
        if style == "folded" and value.strip():
            return [f"{head} {value.strip()}", f"{deeper}and more{self.comment()}"]
        return [f"{head} {value}".rstrip() + self.comment()]

    def comment(self) -> str:
        return str(self.draw(st.sampled_from(["", "", "", "  # why", ' # it\'s: "this"'])))

    def noise(self, column: int) -> list[str]:
        """Blank lines, and comments at this column or another one."""
        return list(
            self.draw(
                st.sampled_from(
                    [
                        [],
                        [],
                        [],
                        [""],
                        [" " * column + "# about it"],
                        ["", " " * column + "# about: it"],
                        [" " * (column + 2) + "# deeper"],
                        ["# margin"],
                        [" " * column + "# one", "", " " * column + "# two"],
                    ]
                )
            )
        )
