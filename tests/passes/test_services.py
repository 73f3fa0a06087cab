from __future__ import annotations

import pytest

from compiler.model.plan import Build, Image, Mount, MountKind, UnitKind
from tests.plans import environment_of, kinds_of, plan_of

TEXT = """
networks:
  own: bridge
  shared: external
services:
  web:
    image: x:1
    command: run 'a b'
    environment:
      A: a
    replicas: 2
    profiles:
      - extra
    volumes:
      - uploads:/up
      - ./conf:/conf:ro
    migrate: make migrate
    develop:
      command: dev
      environment:
        B: b
      watch:
        - path: ./src
          action: sync
          target: /src
    compose:
      tty: true
  api:
    build:
      context: ./api
      target: prod
      args:
        V: "1"
    networks:
      - shared
  alone:
    image: z
    networks:
      - default
"""


def test_a_service_is_on_every_declared_network_unless_it_says_otherwise() -> None:
    units = plan_of(TEXT).units
    assert {name: units[name].networks for name in ("web", "api", "alone", "web-migrate")} == {
        "web": ("own", "shared"),
        "api": ("shared",),
        "alone": (),
        "web-migrate": (),
    }


def test_an_unknown_network() -> None:
    text = "networks:\n  own: bridge\nservices:\n  web:\n    image: x\n    networks:\n      - other\n"
    (defect,) = plan_of(text).defects
    assert (defect.kind, defect.at) == ("network.unknown", ("services", "web", "networks", 0))
    assert defect.facts == {"name": "other", "accepted": "default, own"}


def test_images_and_builds() -> None:
    units = plan_of(TEXT).units
    assert units["web"].image == Image("x:1", "")
    assert units["api"].image == Build("./api", "Dockerfile", "prod", {"V": ("1",)})


def test_mounts() -> None:
    assert plan_of(TEXT).units["web"].mounts == (
        Mount(MountKind.VOLUME, "uploads", "/up"),
        Mount(MountKind.PATH, "./conf", "/conf", read_only=True),
    )
    assert plan_of(TEXT).volumes["uploads"].owner in {"web", "web-migrate"}


def test_a_migration_is_a_job_in_the_services_own_image_with_its_environment() -> None:
    job = plan_of(TEXT).units["web-migrate"]
    assert (job.kind, job.parent, job.image) == (UnitKind.JOB, "web", Image("x:1", ""))
    assert (job.command, environment_of(job)) == ((("make",), ("migrate",)), {"A": "a"})
    assert (job.profiles, job.replicas, dict(job.ports), job.health) == (("extra",), None, {}, None)


def test_dev_adds_what_develop_says() -> None:
    base, dev = plan_of(TEXT).units["web"], plan_of(TEXT, environment="dev").units["web"]
    assert (base.command, environment_of(base), base.develop) == ((("run",), ("a b",)), {"A": "a"}, None)
    assert (dev.command, environment_of(dev)) == ((("dev",),), {"A": "a", "B": "b"})
    assert dev.develop is not None
    assert [watch.path for watch in dev.develop.watch] == ["./src"]
    assert plan_of(TEXT, environment="test").units["web"].command == base.command


def test_dev_keeps_the_command_where_develop_has_none() -> None:
    text = TEXT.replace("      command: dev\n", "")
    assert plan_of(text, environment="dev").units["web"].command == (("run",), ("a b",))


@pytest.mark.parametrize(
    ("dockerfile", "migrate", "kinds"),
    [
        ('FROM x\nENTRYPOINT ["run"]\n', "migrate: make", ["migrate.entrypoint"]),
        ('FROM x\nENTRYPOINT ["run"]\n', "migrate:\n      entrypoint: make", []),
        ("FROM x\n", "migrate: make", []),
    ],
)
def test_a_migration_of_an_image_with_an_entrypoint(dockerfile: str, migrate: str, kinds: list[str]) -> None:
    assert kinds_of(f"services:\n  web:\n    build: .\n    {migrate}\n", {"Dockerfile": dockerfile}) == kinds


def test_the_entrypoint_of_a_migration() -> None:
    text = "services:\n  web:\n    image: x\n    migrate:\n      entrypoint: sh -c\n      command: make\n"
    job = plan_of(text).units["web-migrate"]
    assert (job.entrypoint, job.command) == ((("sh",), ("-c",)), (("make",),))


def test_pass_through_settings_are_for_one_target() -> None:
    units = plan_of(TEXT).units
    assert units["web"].extras == {"compose": {"tty": True}}
    assert units["web-migrate"].extras == {}
