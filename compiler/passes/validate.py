"""Data against the schema: every mistake becomes one defect with its place, in no words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from compiler.model.finding import Defect
from compiler.model.source import Place, Route
from compiler.passes.mistakes import Mistake, closest, form_of, kind_of, meant_instead, mistakes_in, quoted
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST = 1000
"""More mistakes of one document are not told: nobody reads them, and each takes its time."""

_SHORTEST_ABBREVIATION = 3
_NAME = regex(r"[a-z][a-z0-9-]{0,62}")

UNKNOWN_KEY = "schema.unknown-key"
WRONG_TYPE = "schema.wrong-type"
BAD_VALUE = "schema.bad-value"
MISSING_KEY = "schema.missing-key"
SOURCE = "schema.one-of"
EXTERNAL = "schema.external-service"

NAMED_BY_RULES = ("name", "part_name", "secret_name")
"""Definitions left to the NAME rules: names of services, infrastructure, networks, databases, owners and secrets."""


_ENTRY = len(("environments", "dev", "services", "web"))
_SECTIONS = ("environments", "infrastructure", "networks", "secrets", "services")
"""Sections that hold names: a subject starts with the name."""

_WHOLE = {"secrets": "secret", "infrastructure": "instance", "services": "service"}
"""What an entry must be that only an environment has."""


def validate(
    document_data: object, schema: Mapping[str, object], document: str, *, fragment: bool = False
) -> tuple[Defect, ...]:
    """Every mistake in one document, in the order of its text; empty for a valid one.

    `document_data` is what parse gives: mappings, lists and text only. A fragment is judged by `definitions.fragment`.
    Places carry `document` and the route as written there.
    """
    judge = _Judge(document, schema, fragment)
    judged = (((), document_data, judge.root()), *_new_entries(document_data, schema))
    mistakes = [mistake for at, value, wanted in judged for mistake in mistakes_in(value, wanted, at)]
    every = (defect for mistake in mistakes for defect in judge.defects(mistake))
    defects = _without_cascades(list(islice(every, MOST)))
    defects = [_of_environment(defect, _mapping(document_data)) for defect in defects]
    return tuple(sorted(defects, key=lambda defect: _position(defect, document_data)))


def _new_entries(value: object, schema: Mapping[str, Any]) -> Iterator[tuple[Route, object, Mapping[str, Any]]]:
    """What an environment adds must be whole, while what it changes need not be.

    Where fragments are included, what is new is not known before they are merged.
    """
    if not isinstance(value, dict) or "include" in value:
        return
    for environment, overlay in _mapping(value.get("environments")).items():
        for section, definition in _WHOLE.items():
            for name, entry in _mapping(_mapping(overlay).get(section)).items():
                if name not in _mapping(value.get(section)):
                    yield ("environments", environment, section, name), entry, _rooted(definition, schema)


def spelled(route: Iterable[str | int]) -> str:
    """A route as a person reads it: `gateway.routes[0].path`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return text.removeprefix(".")


class _Judge(NamedTuple):
    """Says what the mistakes in one document mean."""

    document: str
    schema: Mapping[str, Any]
    fragment: bool

    def root(self) -> Mapping[str, Any]:
        """The schema the document is held against."""
        if not self.fragment:
            return self.schema
        return _rooted("fragment", self.schema)

    def defects(self, mistake: Mistake) -> Iterator[Defect]:
        """Usually one defect; one for each key where a mistake names several."""
        if mistake.of_key:
            return self._bad_key(mistake)
        meanings = {
            "anyOf": self._union,
            "additionalProperties": self._unknown_keys,
            "required": self._missing_key,
            "oneOf": self._service_source,
            "type": self._wrong_type,
            "maxLength": self._wrong_type,
            "enum": self._bad_choice,
        }
        return meanings.get(mistake.keyword, self._bad_value)(mistake)

    def _union(self, mistake: Mistake) -> Iterator[Defect]:
        """The mistakes in the branch that fits the type of what is written; one wrong type where none does."""
        for branch in mistake.branches.values():
            if not any(inner.misfit for inner in branch):
                for inner in branch:
                    yield from self.defects(inner)
                return
        forms = dict.fromkeys(form_of(inner.schema) for branch in mistake.branches.values() for inner in branch)
        yield self._typed(mistake, (", or " if any(" or " in form for form in forms) else " or ").join(forms))

    def _unknown_keys(self, mistake: Mistake) -> Iterator[Defect]:
        properties = mistake.schema["properties"]
        free = [name for name in properties if name not in mistake.written]
        for key in mistake.written:
            if key in properties:
                continue
            owners = [name for name, inner in properties.items() if key in self._inner_keys(inner)]
            inside = "compose" if "compose" in owners else ", ".join(owners)
            elsewhere = self.fragment and not mistake.route and key in self.schema["properties"]
            likely = closest(str(key), free, very=bool(inside))
            short = "" if likely.name or inside else _shortened(str(key), free)
            facts = {
                "key": str(key),
                "accepted": ", ".join(properties),
                "closest": likely.name or short,
                "surely": likely.name if likely.is_sure and not elsewhere else "",
                "inside": inside,
                "manifest_only": "true" if elsewhere else "false",
            }
            yield self._defect(UNKNOWN_KEY, (*mistake.route, key), facts, within=mistake.route, part="key")

    def _inner_keys(self, schema: Mapping[str, Any]) -> frozenset[str]:
        """The keys of the closed mapping a schema leads to, so that a key one level too high finds its home."""
        while "$ref" in schema:
            schema = self.schema["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        own = schema.get("properties", {}) if schema.get("additionalProperties") is False else {}
        branches = (self._inner_keys(inner) for inner in (*schema.get("allOf", ()), *schema.get("anyOf", ())))
        return frozenset(own).union(*branches)

    def _missing_key(self, mistake: Mistake) -> Iterator[Defect]:
        """The library says which of the required keys it is in its message only."""
        missing = (key for key in mistake.wanted if mistake.message.startswith(repr(key)))
        return (self._missing(mistake, key) for key in missing)

    def _missing(self, mistake: Mistake, key: str) -> Defect:
        examples = mistake.schema["properties"].get(key, {}).get("examples", ())
        example = examples[0] if examples and isinstance(examples[0], str) else ""
        return self._defect(MISSING_KEY, mistake.route, {"key": key, "example": example}, part=_key_part(mistake.route))

    def _service_source(self, mistake: Mistake) -> Iterator[Defect]:
        """A service with no source, or with several. What is no mapping at all has its own mistake."""
        if not isinstance(mistake.written, dict) and mistake.written not in (None, ""):
            return
        sources = [key for branch in mistake.wanted for key in branch["required"]]
        found = [key for key in mistake.written or () if key in sources]
        related = tuple(Place(self.document, (*mistake.route, key), "key") for key in found)
        facts = {"found": ", ".join(found), "accepted": ", ".join(sources)}
        yield self._defect(SOURCE, mistake.route, facts, part=_key_part(mistake.route), related=related)

    def _bad_key(self, mistake: Mistake) -> Iterator[Defect]:
        at = (*mistake.route, mistake.written)
        if mistake.keyword == "enum":
            beside = Place(self.document, (*mistake.route, "url"), "key")
            facts = {"key": str(mistake.written)}
            yield self._defect(EXTERNAL, at, facts, within=mistake.route, part="key", related=(beside,))
        elif not self._is_left_to_names(mistake):
            facts = {"accepted": form_of(mistake.schema), "got": quoted(mistake.written), "closest": "", "surely": ""}
            facts["part"] = "key"
            yield self._defect(BAD_VALUE, at, facts, within=mistake.route, part="key")

    def _wrong_type(self, mistake: Mistake) -> Iterator[Defect]:
        """An empty value where a mapping has required keys lacks those keys; that is what to say."""
        required = mistake.schema.get("required", ()) if mistake.written in (None, "") else ()
        if required:
            return (self._missing(mistake, key) for key in required)
        return iter((self._typed(mistake, form_of(mistake.schema)),))

    def _typed(self, mistake: Mistake, expected: str) -> Defect:
        facts = {"expected": expected, "got": kind_of(mistake.written)}
        return self._defect(WRONG_TYPE, mistake.route, {**facts, **_named_in(mistake)})

    def _bad_choice(self, mistake: Mistake) -> Iterator[Defect]:
        if not isinstance(mistake.written, (dict, list)):
            yield from self._bad_value(mistake)
        elif "type" not in mistake.schema:
            yield self._typed(mistake, form_of(mistake.schema))

    def _bad_value(self, mistake: Mistake) -> Iterator[Defect]:
        if self._is_left_to_names(mistake):
            return
        choices = [str(choice) for choice in mistake.schema.get("enum", ())]
        got = quoted(mistake.written)
        likely = closest(got, choices)
        facts = {"accepted": form_of(mistake.schema), "got": got, "closest": likely.name, "part": "value"}
        facts["surely"] = likely.name if likely.is_sure else ""
        yield self._defect(BAD_VALUE, mistake.route, facts)

    def _is_left_to_names(self, mistake: Mistake) -> bool:
        definitions = self.schema["definitions"]
        return mistake.keyword == "pattern" and any(mistake.schema == definitions[name] for name in NAMED_BY_RULES)

    def _defect(
        self,
        kind: str,
        route: Route,
        facts: Mapping[str, str],
        *,
        within: Route | None = None,
        part: Literal["key", "value"] = "value",
        related: tuple[Place, ...] = (),
    ) -> Defect:
        """Adds `where`, what a message names, and `subject`, what a suppression names."""
        where = spelled(route if within is None else within)
        named = len(route) > 1 and route[0] in _SECTIONS
        subject = "/".join(str(step) for step in (route[1:] if named else route)) or "manifest"
        return Defect(kind, Place(self.document, route, part), {"where": where, "subject": subject, **facts}, related)


def _of_environment(defect: Defect, manifest: Mapping[str, Any]) -> Defect:
    """What an environment adds by half may be meant to change something else."""
    route = _route(defect)
    if defect.kind not in {SOURCE, MISSING_KEY} or route[0:1] != ("environments",) or len(route) != _ENTRY:
        return defect
    if defect.facts.get("found"):
        return defect
    section, name = route[2:]
    return defect._replace(facts={**defect.facts, **meant_instead(str(name), _mapping(manifest.get(str(section))))})


def _shortened(key: str, names: Iterable[str]) -> str:
    """The one name that a key abbreviates, as `img` does `image`; empty where there is none, or several."""
    if len(key) < _SHORTEST_ABBREVIATION:
        return ""
    longer = [name for name in names if name[0] == key[0] and _is_within(key, name)]
    return longer[0] if len(longer) == 1 else ""


def _is_within(key: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in key)


def _named_in(mistake: Mistake) -> dict[str, str]:
    """The first name that stands where names with a colon should; any other text may be a secret."""
    written = mistake.written[0] if isinstance(mistake.written, list) and mistake.written else mistake.written
    is_name = mistake.route[-1:] == ("depends_on",) and isinstance(written, str) and _NAME.fullmatch(written)
    return {"name": str(written)} if is_name else {}


def _rooted(definition: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"allOf": [{"$ref": f"#/definitions/{definition}"}], "definitions": schema["definitions"]}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _without_cascades(defects: list[Defect]) -> list[Defect]:
    """A misspelt key is one mistake, although the key it meant is missing too; none is told twice."""
    unknown = [defect for defect in defects if defect.kind == UNKNOWN_KEY]
    meant = {(_route(defect)[:-1], defect.facts["closest"]) for defect in unknown}
    places = {defect.at for defect in unknown}
    once = {(defect.kind, defect.at, tuple(defect.facts.items())): defect for defect in defects}
    return [
        defect
        for defect in once.values()
        if not any((_route(defect), key) in meant for key in _keys_missed(defect))
        and not (defect.kind == EXTERNAL and defect.at in places)
    ]


def _keys_missed(defect: Defect) -> tuple[str, ...]:
    if defect.kind == MISSING_KEY:
        return (defect.facts["key"],)
    if defect.kind == SOURCE and not defect.facts["found"]:
        return tuple(defect.facts["accepted"].split(", "))
    return ()


def _route(defect: Defect) -> Route:
    return defect.at.route if isinstance(defect.at, Place) else defect.at


def _position(defect: Defect, value: Any) -> tuple[int, ...]:
    """Where a defect stands in its document, for findings in the order of the text."""
    steps: list[int] = []
    for step in _route(defect):
        steps.append(step if isinstance(step, int) else list(value).index(step))
        value = value[step]
    return tuple(steps)


def _key_part(route: Route) -> Literal["key", "value"]:
    """What is missing in a mapping is shown at its key, where it has one."""
    return "key" if route and isinstance(route[-1], str) else "value"
