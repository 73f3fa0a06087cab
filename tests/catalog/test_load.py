"""Finding kinds, and what is wrong with a project's own."""

from __future__ import annotations

import pytest

from compiler.catalog.kind_error import KindError
from compiler.catalog.load import kind_names, latest_version, load_kind
from compiler.model.kind import Kind
from compiler.model.plan import Timing
from tests.catalog.repository import Repository, Texts

NOTHING = Texts()
CACHE = """\
title: Memcached
image:
  name: memcached
  tag: "{version}-alpine"
default_version: 1.6.39
verified_on: ""
password: never
ports:
  default:
    container: 11211
    scheme: memcached
health:
  command:
    - nc
    - -z
    - 127.0.0.1
    - "{port}"
  interval: 500ms
  timeout: 5s
  retries: 15
  start_period: 1m
outputs:
  host: "{name}"
"""


def shipped(name: str, version: str = "", *given: str) -> Kind:
    kind = load_kind(name, Repository(), NOTHING, version, frozenset(given))
    assert kind is not None
    return kind


def own(text: str, **files: str) -> Kind | None:
    project = Texts({"kinds/cache/kind.yaml": text, **{f"kinds/cache/{name}": body for name, body in files.items()}})
    return load_kind("cache", Repository(), project, "", frozenset())


def test_names_and_default_versions() -> None:
    project = Texts({"kinds/cache/kind.yaml": CACHE})
    assert kind_names(Repository(), project) == (
        "cache",
        "elasticsearch",
        "kafka",
        "mailpit",
        "mongo",
        "otel-lgtm",
        "postgres",
        "rabbitmq",
        "redis",
    )
    assert latest_version("cache", Repository(), project) == "1.6.39"
    assert latest_version("nothing", Repository(), project) is None
    assert load_kind("nothing", Repository(), project, "", frozenset()) is None


def test_a_kind_of_the_project() -> None:
    kind = own(CACHE)
    assert kind is not None
    assert kind.image_tag == "{version}-alpine"
    assert kind.health == ("nc", "-z", "127.0.0.1", "{port}")
    assert not kind.health_shell
    assert kind.timing == Timing(interval_ms=500, timeout_ms=5000, retries=15, grace_ms=60_000)
    assert not kind.parts
    assert not kind.data


def test_a_project_can_replace_a_shipped_kind() -> None:
    project = Texts({"kinds/redis/kind.yaml": CACHE})
    kind = load_kind("redis", Repository(), project, "", frozenset())
    assert kind is not None
    assert kind.image == "memcached"


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("title: Memcached\n", "", "'title' is a required property"),
        ("password: never", "password: maybe", "`password`: 'maybe' is not one of"),
        ("interval: 500ms", "interval: 500", "`health.interval`"),
        ("    container: 11211", "    container: many", "`ports.default.container`"),
        ("    container: 11211", "    container: 70000", "`ports.default.container`"),
        ("  command:\n    - nc", "  shell: x\n  command:\n    - nc", "`health`"),
        ("verified_on: ", "loop: x\nverified_on: ", "'loop' was unexpected"),
        ('"{name}"', '"{nmae}"', "`outputs.host`: there is no placeholder `{nmae}` here; there are"),
        ('"{port}"', '"{port.other}"', "there is no placeholder `{port.other}` here"),
        ('"{version}-alpine"', '"{name}"', "`image.tag`: there is no placeholder `{name}` here"),
        ("verified_on: ", "files:\n  - gone.sql\nverified_on: ", "`kinds/cache/gone.sql`, which is not there"),
        ("verified_on: ", "files:\n  - ../../secret\nverified_on: ", "`files.0`: '../../secret' does not match"),
        (
            "verified_on: ",
            "parts:\n  topics:\n    singular: topic\n    names: '['\n    outputs:\n      name: x\nverified_on: ",
            "`parts.topics.names` is not a regular expression",
        ),
    ],
)
def test_what_is_wrong_with_a_kind_is_said(wrong: str, right: str, message: str) -> None:
    assert wrong in CACHE
    with pytest.raises(KindError) as caught:
        own(CACHE.replace(wrong, right, 1))
    assert message in caught.value.message
    assert caught.value.path == "kinds/cache/kind.yaml"


def test_a_static_file_is_read_as_it_stands() -> None:
    kind = own(CACHE.replace("verified_on: ", "files:\n  - one.sql\nverified_on: "), **{"one.sql": "a {name}\r\nb\n"})
    assert kind is not None
    assert kind.files == {"one.sql": "a {name}\nb\n"}


def test_postgres_keeps_its_data_elsewhere_since_18() -> None:
    assert shipped("postgres", "17.6").data == "/var/lib/postgresql/data"
    assert shipped("postgres", "18").data == "/var/lib/postgresql"
    assert shipped("postgres", "18").command == ()
    assert shipped("postgres", "17", "config").command == ("postgres",)


def test_redis_asks_for_a_password_only_where_one_is_given() -> None:
    without, guarded = shipped("redis"), shipped("redis", "", "password")
    assert (without.command, without.environment) == ((), {})
    assert without.outputs["url"] == "redis://{name}:{port}"
    assert guarded.command == ("redis-server", "--requirepass", "{password}")
    assert guarded.environment == {"REDISCLI_AUTH": "{password}"}
    assert guarded.outputs["url"] == "redis://:{password}@{name}:{port}"


def test_elasticsearch_turns_security_on_only_where_a_password_is_given() -> None:
    without, guarded = shipped("elasticsearch"), shipped("elasticsearch", "", "password")
    assert without.environment["xpack.security.enabled"] == "false"
    assert guarded.environment["xpack.security.enabled"] == "true"
    assert "$ELASTIC_PASSWORD" in guarded.health[0]
    assert guarded.outputs["url"] == "http://{user}:{password}@{name}:{port}"
    assert guarded.user == "elastic"


def test_the_schema_of_a_postgres_database_is_applied_by_the_job_that_made_it() -> None:
    databases = shipped("postgres").parts["databases"]
    assert databases.job is not None
    assert databases.schema_job is not None
    assert databases.schema_job.command == (*databases.job.command, "--file=/periplus/03-apply-schema.sql")
    assert databases.schema_job.environment == databases.job.environment
