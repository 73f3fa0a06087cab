"""A Compose file that a person keeps: what they wrote and what the manifest changes both reach the containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.tree import docker, run

if TYPE_CHECKING:
    from tests.engine.conftest import MakeTree

pytestmark = pytest.mark.engine

SERVICE = """  {name}:
    image: busybox:1.36
    command: sh -c 'echo here >/tmp/health && exec httpd -f -p 8000 -h /tmp'
    port: internal:8000
    compose:
      init: true
"""
MANIFEST = f"""version: 1
name: kept
defaults:
  healthcheck:
    liveness: /health
    probe: wget
    interval: 1s
services:
{SERVICE.format(name="first")}"""
COMPOSE_FILE = "integration/docker-compose.yml"
IMAGE = """    image: "busybox:1.36"
"""
LABEL = """    labels:
      team: "mine"
"""


def test_a_kept_file_has_the_persons_label_and_the_manifests_newcomer(make_tree: MakeTree) -> None:
    tree = make_tree({"integration.yaml": MANIFEST})
    tree.edit(COMPOSE_FILE, IMAGE, IMAGE + LABEL)
    tree.periplus("keep", COMPOSE_FILE)
    tree.start()
    first = tree.containers()["first"]

    tree.edit("integration.yaml", MANIFEST.partition("services:\n")[2], "".join(map(service, ("first", "second"))))
    tree.recompile()
    config = run(["docker", "compose", "config", "--quiet"], tree.output)
    assert (config.code, config.text) == (0, ""), str(config)
    tree.start()
    after = tree.containers()
    assert {name: each.health for name, each in after.items()} == dict.fromkeys(("first", "second"), "healthy")
    assert (after["first"].id, after["first"].started) == (first.id, first.started)
    labels = {name: docker("inspect", "--format", '{{index .Config.Labels "team"}}', after[name].id) for name in after}
    assert labels == {"first": "mine", "second": ""}
    tree.periplus("compile", "--check")


def service(name: str) -> str:
    """A service that answers."""
    return SERVICE.format(name=name)
