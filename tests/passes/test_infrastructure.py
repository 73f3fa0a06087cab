from __future__ import annotations

import pytest

from compiler.model.plan import Image, Mount, MountKind, UnitKind
from compiler.ownership.lock import Lock
from tests.plans import HEAD, defects_of, edges_of, environment_of, kinds_of, plan_of
from tests.support import compile_texts

DATABASES = """
infrastructure:
  db:
    type: postgres
    databases:
      app:
        schema: ./app.sql
        seed: ./seed.sql
      other_one:
      unused:
services:
  web:
    image: x
    environment:
      APP: ${db.app.url}
  api:
    image: x
    environment:
      OTHER: ${db.other_one.url}
  idle:
    image: x
"""
FILES = {"app.sql": "select 1;\n", "seed.sql": "select 2;\n"}


def test_one_job_a_part_that_is_used() -> None:
    plan = plan_of(DATABASES, FILES)
    assert [(unit.name, unit.role) for unit in plan.units.values() if unit.kind is UnitKind.JOB] == [
        ("db-app", "makes the database app"),
        ("db-app-seed", "fills the database app once"),
        ("db-other-one", "makes the database other_one"),
    ]
    assert {unit.parent for unit in plan.units.values() if unit.kind is UnitKind.JOB} == {"db"}


def test_a_job_is_awaited_by_its_users_only() -> None:
    assert edges_of(plan_of(DATABASES, FILES)) == {
        "db-app -> db": "healthy",
        "db-app-seed -> db": "healthy",
        "db-app-seed -> db-app": "completed",
        "db-other-one -> db": "healthy",
        "web -> db": "healthy",
        "web -> db-app": "completed",
        "web -> db-app-seed": "completed",
        "api -> db": "healthy",
        "api -> db-other-one": "completed",
    }


def test_only_jobs_mount_scripts_and_the_server_keeps_only_its_own_secret() -> None:
    plan = plan_of(DATABASES, FILES)
    server, job, seed = plan.units["db"], plan.units["db-app"], plan.units["db-app-seed"]
    assert server.mounts == (Mount(MountKind.VOLUME, "db-data", "/var/lib/postgresql/data"),)
    assert environment_of(server) == {
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "${secrets.DB_PASSWORD}",
        "POSTGRES_DB": "postgres",
    }
    scripts = Mount(MountKind.OUTPUT, "init-scripts/db", "/periplus", read_only=True)
    assert scripts in job.mounts
    assert Mount(MountKind.PATH, "./app.sql", "/periplus-schema.sql", read_only=True) in job.mounts
    assert Mount(MountKind.PATH, "./seed.sql", "/periplus-seed.sql", read_only=True) in seed.mounts
    assert environment_of(job) == {
        "PGPASSWORD": "${secrets.DB_PASSWORD}",
        "OWNER_PASSWORD": "${secrets.DB_APP_PASSWORD}",
    }
    assert job.image == server.image
    assert sorted(plan.files) == [
        f"init-scripts/db/0{number}-{name}.sql"
        for number, name in enumerate(("create-databases", "create-users", "apply-schema", "apply-seed"), start=1)
    ]


def test_a_new_database_changes_neither_server_nor_other_jobs() -> None:
    without = plan_of(DATABASES.replace("      other_one:\n", "").replace("${db.other_one.url}", ""), FILES)
    plan = plan_of(DATABASES, FILES)
    for name in ("db", "db-app", "db-app-seed"):
        assert plan.units[name]._replace(settings={}) == without.units[name]._replace(settings={})


def test_an_instance_without_a_job_brings_no_files() -> None:
    plan = plan_of("infrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\n")
    assert (list(plan.units), dict(plan.files)) == (["db"], {})


def test_schema_migrations_seed_in_that_order() -> None:
    text = DATABASES.replace("  idle:", "    migrate: make\n  idle:").replace(
        "OTHER: ${db.other_one.url}", "OTHER: ${db.app.url}"
    )
    plan = plan_of(text, FILES)
    assert plan.defects == ()
    order = {name: number for number, layer in enumerate(plan.layers) for name in layer}
    assert order["db"] < order["db-app"] < order["api-migrate"] < order["db-app-seed"] < order["web"] == order["api"]
    edges = edges_of(plan)
    assert edges["db-app-seed -> api-migrate"] == "completed"
    assert edges["api-migrate -> db-app"] == "completed"
    assert "api-migrate -> db-app-seed" not in edges


def test_topics_have_no_login_so_whoever_refers_to_the_instance_uses_them() -> None:
    text = """
infrastructure:
  log:
    type: kafka
    topics:
      orders:
        partitions: 3
      orders.paid:
services:
  all:
    image: x
    environment:
      BROKERS: ${log.brokers}
  one:
    image: x
    environment:
      TOPIC: ${log.orders.name}
"""
    plan = plan_of(text)
    assert plan.defects == ()
    edges = edges_of(plan)
    assert "all -> log-orders" in edges
    assert "all -> log-orders-paid" in edges
    assert "one -> log-orders" in edges
    assert "one -> log-orders-paid" not in edges
    command = [word for (word,) in plan.units["log-orders"].command]
    assert command[-5:] == ["orders", "--partitions", "3", "--replication-factor", "1"]


def test_two_parts_whose_jobs_would_have_one_name() -> None:
    text = """
infrastructure:
  log:
    type: kafka
    topics:
      a.b:
      a_b:
services:
  all:
    image: x
    environment:
      BROKERS: ${log.brokers}
"""
    assert "name.taken" in kinds_of(text)


@pytest.mark.parametrize(
    ("entry", "image"),
    [
        ("type: postgres\n    version: 15", Image("postgres", "15-alpine")),
        ("type: redis\n    version: 7.2", Image("redis", "7.2-alpine")),
        ("type: rabbitmq\n    version: 4", Image("rabbitmq", "4-management-alpine")),
        ("type: mongo\n    version: 7", Image("mongo", "7")),
        ("type: redis\n    image: my.host/redis:7", Image("my.host/redis:7", "")),
    ],
)
def test_images(entry: str, image: Image) -> None:
    assert plan_of(f"infrastructure:\n  it:\n    {entry}\n").units["it"].image == image


def test_the_locks_version_stays_until_asked() -> None:
    text = "infrastructure:\n  it:\n    type: redis\n{}"
    lock = Lock("0", versions={"it/redis": "6.0.1", "other/redis": "5"})
    assert plan_of(text.format(""), lock=lock).units["it"].image == Image("redis", "6.0.1-alpine")
    written = text.format("    version: 7\n")
    assert plan_of(written, lock=lock).units["it"].image == Image("redis", "7-alpine"), "a written one wins"
    assert compile_texts({"integration.yaml": HEAD + written}).planned.lock.versions == {}
    chosen = compile_texts({"integration.yaml": HEAD + text.format("")}).planned.lock.versions
    assert list(chosen) == ["it/redis"]


def test_versions_choose_the_rules_of_a_kind() -> None:
    text = "infrastructure:\n  db:\n    type: postgres\n    {}\n"
    paths = {
        written: plan_of(text.format(written)).units["db"].mounts[0].at
        for written in ("version: 17", "version: 18", "image: postgres:18.1-bookworm", "image: my/pg:16")
    }
    assert paths == {
        "version: 17": "/var/lib/postgresql/data",
        "version: 18": "/var/lib/postgresql",
        "image: postgres:18.1-bookworm": "/var/lib/postgresql",
        "image: my/pg:16": "/var/lib/postgresql/data",
    }


def test_data_of_a_copy_is_in_memory() -> None:
    plan = plan_of(DATABASES, FILES, "test")
    assert plan.units["db"].mounts == (Mount(MountKind.MEMORY, "", "/var/lib/postgresql/data"),)
    assert plan.volumes == {}


def test_redis_always_has_a_volume_and_a_volume_may_have_a_name_of_ones_own() -> None:
    text = "infrastructure:\n  a:\n    type: redis\n  b:\n    type: redis\n    volume: kept\n"
    plan = plan_of(text)
    assert {name: volume.owner for name, volume in plan.volumes.items()} == {"a-data": "a", "kept": "b"}


def test_a_password_of_redis_reaches_server_check_and_clients() -> None:
    text = """
secrets:
  P: generated
infrastructure:
  cache:
    type: redis
    password: ${secrets.P}
  open:
    type: redis
services:
  web:
    image: x
    environment:
      A: ${cache.url}
      B: ${open.url}
"""
    plan = plan_of(text)
    assert environment_of(plan.units["cache"]) == {"REDISCLI_AUTH": "${secrets.P}"}
    assert plan.units["open"].command == ()
    assert environment_of(plan.units["open"]) == {}
    assert environment_of(plan.units["web"])["A"] == "redis://:${secrets.P}@cache:6379"
    assert plan.secrets["P"].users == ("cache", "web")
    assert plan.secrets["P"].in_url


def test_settings_of_ones_own_come_after_the_kinds() -> None:
    text = """
infrastructure:
  db:
    type: postgres
    role: Truth
    environment:
      POSTGRES_INITDB_ARGS: --data-checksums
      POSTGRES_DB: other
    config:
      max_connections: 50
"""
    db = plan_of(text).units["db"]
    assert (db.role, environment_of(db)["POSTGRES_DB"]) == ("Truth", "other")
    assert db.command == (("postgres",), ("-c",), ("max_connections=50",))
    assert db.hostname == ""
    assert plan_of("infrastructure:\n  mq:\n    type: rabbitmq\n").units["mq"].hostname == "mq"


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("type: kafka\n    password: x", "password"),
        ("type: rabbitmq\n    config:\n      a: b", "config"),
        ("type: kafka\n    publish: true", "publish"),
        ("type: redis\n    databases:\n      app:", "databases"),
    ],
)
def test_what_a_kind_does_not_have(entry: str, key: str) -> None:
    found = dict(defects_of(f"infrastructure:\n  it:\n    {entry}\n"))
    assert found["kind.unsupported"]["key"] == key


def test_a_part_of_a_kind_without_schema_files() -> None:
    text = "infrastructure:\n  docs:\n    type: mongo\n    databases:\n      a:\n        schema: ./app.sql\n"
    assert [facts["key"] for kind, facts in defects_of(text, FILES) if kind == "kind.unsupported"] == ["schema"]


def test_a_schema_file_that_is_not_there() -> None:
    kinds = [(kind, facts.get("path")) for kind, facts in defects_of(DATABASES, {"app.sql": ""})]
    assert kinds == [("data.missing-file", "./seed.sql")]


def test_a_password_may_not_refer_to_another_unit() -> None:
    text = "infrastructure:\n  it:\n    type: redis\n    password: ${web.url}\nservices:\n  web:\n    image: x\n"
    assert ("text.malformed", {"text": "${web.url}"}) in defects_of(text)


def test_a_password_of_an_unknown_secret() -> None:
    text = "infrastructure:\n  it:\n    type: redis\n    password: ${secrets.NO}\n"
    assert [kind for kind, _ in defects_of(text)] == ["reference.unknown-secret"]
