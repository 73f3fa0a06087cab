"""One mistake, one defect, at its place and with what would be right."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from compiler.model.source import Place, Route
from compiler.passes.parse import parse
from compiler.passes.validate import NAMED_BY_RULES, spelled, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.finding import Defect

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "integration.schema.json").read_text())
EXAMPLES = sorted((ROOT / "examples").glob("*/integration.yaml"))


def read(path: Path) -> dict[str, Any]:
    value = parse(path.read_bytes(), path.name).value
    assert value is not None
    return value


def manifest(**sections: object) -> dict[str, object]:
    return {"version": "1", "name": "shop", **sections}


def web(**keys: object) -> dict[str, object]:
    return manifest(services={"web": {"image": "nginx:1.27", **keys}})


def told(value: object, *, fragment: bool = False) -> list[tuple[str, str, str]]:
    """Kind, place and part of each defect."""
    return [
        (defect.kind.removeprefix("schema."), spelled(place(defect).route), place(defect).part)
        for defect in validate(value, SCHEMA, "m.yaml", fragment=fragment)
    ]


def place(defect: Defect) -> Place:
    assert isinstance(defect.at, Place)
    assert defect.at.document == "m.yaml"
    return defect.at


def facts(value: object, *, fragment: bool = False) -> Mapping[str, str]:
    """The facts of the only defect."""
    (only,) = validate(value, SCHEMA, "m.yaml", fragment=fragment)
    return only.facts


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_has_no_defect(path: Path) -> None:
    assert validate(read(path), SCHEMA, "integration.yaml") == ()


VALID = {
    "the smallest manifest": manifest(),
    "empty sections": manifest(services="", infrastructure="", secrets="", networks="", environments={"dev": ""}),
    "numbers and flags of an editor": {
        "version": 1,
        "name": "shop",
        "services": {"web": {"image": "a", "replicas": 2}},
    },
    "every way to write a port": web(port="8000", ports={"a": "8091:8000", "b": "internal:8000"}),
    "a health check as text": web(healthcheck="/health"),
    "a health check as mapping": web(healthcheck={"command": ["pgrep", "x"], "interval": "1m30s", "port": "admin"}),
    "a command as text or list": web(command="a b", migrate=["a", "b"], develop={"command": "x"}),
    "a migration with entrypoint": web(migrate={"entrypoint": "python", "command": "manage.py migrate"}),
    "what only Compose knows": web(compose={"tty": "true", "ulimits": {"nofile": {"soft": "1", "hard": "2"}}}),
    "an empty environment variable": web(environment={"EMPTY": ""}),
    "a dependency with nothing to say": web(depends_on={"api": ""}),
    "an external service": manifest(services={"bank": {"url": "https://bank.example", "role": "Bank"}}),
    "an environment that changes one value": manifest(
        infrastructure={"db": {"type": "postgres"}},
        services={"web": {"image": "a"}},
        environments={"test": {"services": {"web": {"port": "80"}}, "infrastructure": {"db": {"version": "16"}}}},
    ),
    "names that only rules judge": manifest(
        name="My Shop", services={"Web_1": {"image": "a"}}, secrets={"lower": "generated"}, environments={"../x": ""}
    ),
}


@pytest.mark.parametrize("value", VALID.values(), ids=VALID)
def test_what_is_valid_has_no_defect(value: object) -> None:
    assert told(value) == []


INVALID: dict[str, tuple[object, list[tuple[str, str, str]]]] = {
    "unknown key": (web(enviroment={}), [("unknown-key", "services.web.enviroment", "key")]),
    "unknown key at the top": (manifest(servces={}), [("unknown-key", "servces", "key")]),
    "a misspelt key is not missing, too": ({"version": "1", "nmae": "x"}, [("unknown-key", "nmae", "key")]),
    "a misspelt source is not missing, too": (
        manifest(services={"web": {"imge": "x"}}),
        [("unknown-key", "services.web.imge", "key")],
    ),
    "keys missing": (
        manifest(gateway={"routes": [{"strip_prefix": "true"}]}),
        [("missing-key", "gateway.routes[0]", "value")] * 2,
    ),
    "an empty entry lacks its keys": (
        manifest(infrastructure={"db": ""}),
        [("missing-key", "infrastructure.db", "key")],
    ),
    "a list for a mapping": (web(environment=["A=b"]), [("wrong-type", "services.web.environment", "value")]),
    "a text for a mapping": (manifest(services="web"), [("wrong-type", "services", "value")]),
    "a mapping for a text": (web(role={"a": "b"}), [("wrong-type", "services.web.role", "value")]),
    "a list where a union has none": (web(healthcheck=["a"]), [("wrong-type", "services.web.healthcheck", "value")]),
    "a mapping for one of some words": (
        web(healthcheck={"probe": {"a": "b"}}),
        [("wrong-type", "services.web.healthcheck.probe", "value")],
    ),
    "a mapping for a flag": (web(compose={"tty": {"a": "b"}}), [("wrong-type", "services.web.compose.tty", "value")]),
    "a text for a list or mapping": (
        web(compose={"labels": "x"}),
        [("wrong-type", "services.web.compose.labels", "value")],
    ),
    "a service that is a list": (manifest(services={"web": ["a"]}), [("wrong-type", "services.web", "value")]),
    "a port that is none": (web(port="80a"), [("bad-value", "services.web.port", "value")]),
    "a final newline": (web(port="80\n"), [("bad-value", "services.web.port", "value")]),
    "digits of another script": (web(port="٨٠"), [("bad-value", "services.web.port", "value")]),
    "a duration without unit": (
        web(healthcheck={"interval": "5"}),
        [("bad-value", "services.web.healthcheck.interval", "value")],
    ),
    "a value that is empty": (
        manifest(services={"web": {"image": ""}}),
        [("bad-value", "services.web.image", "value")],
    ),
    "a flag that is none": (web(compose={"tty": "yes"}), [("bad-value", "services.web.compose.tty", "value")]),
    "another version": ({"version": "2", "name": "x"}, [("bad-value", "version", "value")]),
    "the name of a variable": (web(environment={"A B": "c"}), [("bad-value", "services.web.environment.A B", "key")]),
    "no source": (manifest(services={"web": {"role": "x"}}), [("one-of", "services.web", "key")]),
    "an empty service": (manifest(services={"web": ""}), [("one-of", "services.web", "key")]),
    "two sources": (web(build="./web"), [("one-of", "services.web", "key")]),
    "a key beside a URL": (
        manifest(services={"bank": {"url": "https://bank.example", "port": "443"}}),
        [("external-service", "services.bank.port", "key")],
    ),
    "inside a branch of a union": (
        web(develop={"watch": [{"path": "./a", "action": "copy"}]}),
        [("bad-value", "services.web.develop.watch[0].action", "value")],
    ),
    "a new service of an environment is whole": (
        manifest(environments={"test": {"services": {"stub": {"port": "80"}}}}),
        [("one-of", "environments.test.services.stub", "key")],
    ),
    "a new instance of an environment is whole": (
        manifest(environments={"test": {"infrastructure": {"db": ""}}}),
        [("missing-key", "environments.test.infrastructure.db", "key")],
    ),
    "a mistake in a new service is told once": (
        manifest(environments={"test": {"services": {"stub": {"image": "a", "port": "x"}}}}),
        [("bad-value", "environments.test.services.stub.port", "value")],
    ),
    "in the order of the text": (
        {"services": {"b": {"image": "x", "port": "y"}, "a": ["z"]}, "version": "9", "name": "shop"},
        [
            ("bad-value", "services.b.port", "value"),
            ("wrong-type", "services.a", "value"),
            ("bad-value", "version", "value"),
        ],
    ),
}


@pytest.mark.parametrize(("value", "expected"), INVALID.values(), ids=INVALID)
def test_each_mistake_is_one_defect_at_its_place(value: object, expected: list[tuple[str, str, str]]) -> None:
    assert told(value) == expected


def test_an_unknown_key_comes_with_the_one_that_was_meant() -> None:
    assert facts(web(depends_onn={}))["closest"] == "depends_on"
    assert facts(web(Environment={}))["closest"] == "environment"
    assert facts(web(zzz=""))["closest"] == ""
    assert facts(manifest(environments={"dev": {"x": ""}}))["accepted"] == (
        "networks, ports, secrets, infrastructure, services, gateway, tests"
    )


def test_an_unknown_key_that_stands_too_high_comes_with_its_home() -> None:
    assert facts(web(restart="always"))["inside"] == "compose"
    assert facts(web(interval="5s"))["inside"] == "healthcheck"
    assert facts(manifest(routes=[]))["inside"] == "gateway"


def test_a_key_of_whole_manifests_is_told_apart_in_a_fragment() -> None:
    assert facts({"name": "shop"}, fragment=True)["manifest_only"] == "true"
    assert facts({"nmae": "shop"}, fragment=True)["manifest_only"] == "false"


def test_a_fragment_needs_no_name_and_may_have_routes() -> None:
    fragment = {"services": {"web": {"image": "a"}}, "routes": [{"path": "/", "service": "web"}]}
    assert told(fragment, fragment=True) == []
    assert told(fragment) == [
        ("missing-key", "", "value"),
        ("missing-key", "", "value"),
        ("unknown-key", "routes", "key"),
    ]


def test_a_wrong_type_says_all_that_fits() -> None:
    assert facts(web(command={"a": "b"})) == {
        "where": "services.web.command",
        "subject": "web/command",
        "expected": "a text or a list",
        "got": "a mapping",
    }
    assert facts(manifest(secrets={"A": ["x"]}))["expected"] == "`generated`, `required` or `optional`, or a mapping"


def test_a_bad_value_says_what_is_accepted_and_what_was_meant() -> None:
    assert facts(manifest(secrets={"A": "genrated"})) == {
        "where": "secrets.A",
        "subject": "A",
        "accepted": "`generated`, `required` or `optional`",
        "got": "genrated",
        "closest": "generated",
        "surely": "generated",
        "part": "value",
    }
    assert facts(web(port="8" * 99))["got"] == "8" * 60 + "…"


def test_a_missing_key_comes_with_an_example() -> None:
    assert facts(manifest(infrastructure={"db": {"version": "15"}}))["example"] == "postgres"


def test_two_sources_are_both_shown() -> None:
    (only,) = validate(web(build="."), SCHEMA, "m.yaml")
    assert [spelled(at.route) for at in only.related if isinstance(at, Place)] == [
        "services.web.image",
        "services.web.build",
    ]


def test_the_entries_of_an_environment_are_not_judged_where_a_fragment_may_have_the_rest() -> None:
    overlay = {"test": {"services": {"stub": {"port": "80"}}}}
    assert told(manifest(include=["a.yaml"], environments=overlay)) == []


def routes(value: object, at: Route = ()) -> Iterator[Route]:
    """Every mapping and value below."""
    yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from routes(inner, (*at, key))


def replaced(value: Any, at: Route, new: object) -> Any:
    if not at:
        return new
    result = copy.copy(value)
    result[at[0]] = replaced(value[at[0]], at[1:], new)
    return result


def at(value: Any, route: Route) -> Any:
    for step in route:
        value = value[step]
    return value


WHOLE = [read(path) for path in EXAMPLES]
SCALARS = st.sampled_from(["", "x", "1", "true", "8091:8000", "/a", "5s", "a\n", "none", "$x", "a b"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["image", "path", "context", "value", "a"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def mutants(draw: st.DrawFn) -> object:
    """An example with one value replaced."""
    whole = draw(st.sampled_from(WHOLE))
    return replaced(whole, draw(st.sampled_from(list(routes(whole)))), draw(VALUES))


@settings(max_examples=60, deadline=None)
@given(mutants())
def test_what_the_schema_refuses_always_has_a_defect_at_a_place_that_is_written(value: object) -> None:
    defects = validate(value, SCHEMA, "m.yaml")
    for defect in defects:
        at(value, place(defect).route)
    if not defects:
        assert all(of_a_name(error) for error in Draft7Validator(SCHEMA).iter_errors(value))


def of_a_name(error: Any) -> bool:
    return error.validator == "pattern" and error.schema in [SCHEMA["definitions"][name] for name in NAMED_BY_RULES]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_unknown_key_is_always_one_defect(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    closed = [route for route in routes(whole) if isinstance(at(whole, route), dict) and not is_map(route)]
    route = data.draw(st.sampled_from(closed))
    value = replaced(whole, route, {**at(whole, route), "zzz": "x"})
    assert told(value) == [("unknown-key", spelled((*route, "zzz")), "key")]


MAPS = {"networks", "secrets", "infrastructure", "services", "environments", "databases", "topics", "save"}


def is_map(route: Route) -> bool:
    """Whether a mapping holds names that a person chooses."""
    return bool(route) and (route[-1] in MAPS or route[-1] in {"environment", "depends_on"})
