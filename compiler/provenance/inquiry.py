"""All that a generated line comes from: what was written, what was chosen and held, a kind, a default, a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from compiler.passes.locate import locate
from compiler.provenance.absent import absent_sites, default_of
from compiler.provenance.edit import Put
from compiler.provenance.existence import innermost, things
from compiler.provenance.makers import maker
from compiler.provenance.search import Line, culprits
from compiler.provenance.sites import Site, entries, manifest_sites, words_of
from compiler.provenance.variants import Words, aspects_of
from compiler.provenance.words import enumerations
from compiler.targets.compose.emit import page_context
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.source import Route
    from compiler.provenance.laboratory import Laboratory

_APART = 7
"""To another number near by: one out of the range of ports would not count."""
_FEWEST, _WORK = 48, 60_000
"""How many experiments are made for a line at the least, and how many times as many sites they may change."""
_WORD = regex(r"\w{2,}")
_NO_WORDS = Words({}, {})

What = Literal["written", "around", "held", "kind", "default"]


class Origin(NamedTuple):
    """One place that a line comes from.

    `written` is a scalar or a name of the manifest: another one there is another line here. `around` is what the line
    is there for, where there is none of those. `held` stands in the lock, `kind` in the `kind.yaml` of a kind;
    `default` is a key that the manifest leaves out: it has no line (0), and `text` is what counts instead.
    """

    what: What
    document: str
    line: int
    column: int
    route: Route
    text: str = ""


class Origins(NamedTuple):
    """The places, those of the manifest first, and the template's line or the module that made the line."""

    places: tuple[Origin, ...]
    maker: str
    is_whole: bool
    """Whether all was looked at: a very large manifest allows too few experiments."""


class Inquiry:
    """Asks where lines come from. What is the same for every line is made once."""

    def __init__(self, laboratory: Laboratory, manifest: str, most: int = 0) -> None:
        """`manifest` is the path of the manifest itself; `most` the experiments for a line, 0 for what is bearable."""
        self._laboratory, self._manifest = laboratory, manifest
        words = words_of(laboratory.manifest, enumerations(laboratory.schema, laboratory.shipped))
        self.sites = manifest_sites(laboratory.manifest, words)
        """Every scalar and name of the manifest and its fragments."""
        self._most = most or max(_FEWEST, _WORK // (len(self.sites) + 1))
        self._things = tuple(things(laboratory.manifest))
        self._absent = tuple(absent_sites(laboratory.manifest, manifest, laboratory.schema, words))

    def origins(self, path: str, number: int, subjects: tuple[Route, ...] = ()) -> Origins:
        """What a line (1-based, of the unsigned file) comes from.

        `subjects` are the parts of the canonical manifest that its writer says it is there for: they count where
        experiments do not tell, because the manifest is too large for enough of them.
        """
        laboratory, line = self._laboratory, Line(path, number)
        laboratory.spent, laboratory.limit = 0, self._most
        written = culprits(laboratory, line, self.sites)
        around = () if written else innermost(culprits(laboratory, line, self._things))
        spoken_of = () if written or around else subjects
        kinds = self._kinds_of((*(site.route for site in (*written, *around)), *spoken_of))
        others = culprits(laboratory, line, (*self._absent, *_scalar_sites({**laboratory.lock, **kinds})))
        places = (
            *self._nearest_first(line, self._written(written)),
            *(self._origin("around", site) for site in around),
            *(self._subject(route) for route in spoken_of),
            *(self._other(site) for site in others),
        )
        context = {**page_context(laboratory.compilation, self._manifest), "kept": laboratory.kept}
        made = maker(path, number, context, laboratory.shipped, self._folders())
        return Origins(places, made, is_whole=not laboratory.is_exhausted)

    def place_of(self, site: Site) -> tuple[str, int]:
        """The document and the line that a site of the manifest stands on."""
        origin = self._origin("written", site)
        return origin.document, origin.line

    def _written(self, sites: Iterable[Site]) -> Iterable[Origin]:
        """One for each line of the manifest: where both its key and its value count, the value."""
        found: dict[tuple[str, int], Origin] = {}
        for origin in (self._origin("written", site) for site in sites):
            found[origin.document, origin.line] = origin
        return found.values()

    def _nearest_first(self, line: Line, origins: Iterable[Origin]) -> list[Origin]:
        """Places of which a word stands in the line before others."""
        text = self._laboratory.texts[line.path].split("\n")[line.number - 1]
        return sorted(origins, key=lambda one: not any(word in text for word in _words(one)))

    def _other(self, site: Site) -> Origin:
        if site.document in self._laboratory.manifest:
            return Origin("default", "", 0, 0, site.route, default_of(site, self._laboratory.schema))
        return self._origin("held" if site.document in self._laboratory.lock else "kind", site)

    def _origin(self, what: What, site: Site) -> Origin:
        document = self._laboratory.documents.get(site.document)
        text = "" if what == "around" or site.part == "key" else str(self._value(site))
        if document is None:
            return Origin(what, site.document, self._lock_line(site), 5, site.route, text)
        span = document.keys.get(site.route) if site.part == "key" else document.values.get(site.route)
        span = span or document.keys.get(site.route) or document.values.get(site.route)
        return Origin(what, site.document, span.line if span else 1, span.column if span else 1, site.route, text)

    def _subject(self, route: Route) -> Origin:
        path, span = locate(self._laboratory.sources, route)
        return Origin("around", path, span.line if span else 1, span.column if span else 1, route)

    def _value(self, site: Site) -> object:
        node: Any = {**self._laboratory.manifest, **self._laboratory.kinds, **self._laboratory.lock}[site.document]
        for step in site.route:
            node = node[step]
        return node

    def _lock_line(self, site: Site) -> int:
        """Where the entry stands in the lock, which holds one thing a line."""
        lines = self._laboratory.lock_text.split("\n")
        start = next((number for number, line in enumerate(lines) if line.startswith(f'  "{site.route[0]}"')), 0)
        wanted = f'    "{site.route[-1]}":'
        return next((number for number, line in enumerate(lines[start:], start + 1) if line.startswith(wanted)), 1)

    def _kinds_of(self, routes: Iterable[Route]) -> Mapping[str, Any]:
        """The kinds of the instances that routes lead into, by the path of their `kind.yaml`."""
        names = {str(route[1]) for route in routes if route[0] == "infrastructure" and len(route) > 1}
        found = {f"{folder}/kind.yaml" for name, folder in self._folders().items() if name in names}
        return {path: value for path, value in self._laboratory.kinds.items() if path in found}

    def _folders(self) -> Mapping[str, str]:
        """Instance -> the folder of its kind."""
        known = {path.split("/")[-2]: path.removesuffix("/kind.yaml") for path in self._laboratory.kinds}
        instances = (value.get("infrastructure") or {} for value in self._laboratory.manifest.values())
        types = {name: one.get("type") for group in instances for name, one in group.items()}
        return {name: known[type_] for name, type_ in types.items() if type_ in known}


def _words(origin: Origin) -> list[str]:
    return _WORD.findall(origin.text or str(origin.route[-1]))


def _scalar_sites(documents: Mapping[str, Any]) -> Iterator[Site]:
    """Scalars of documents that hold no names: each with another text."""
    for path, document in documents.items():
        for route, value in entries(document):
            if isinstance(value, str) and (len(route) > 1 or path.endswith(".yaml")):
                yield Site(path, route, "value", aspects_of(path, route, value, _NO_WORDS, documents))
            elif isinstance(value, int) and len(route) > 1:
                yield Site(path, route, "value", (((Put(path, route, value + _APART),),),))
