from __future__ import annotations

import shutil
import subprocess

import pytest
from syrupy.assertion import SnapshotAssertion

from compiler.targets.graph import calls, graph_dot, graph_mermaid
from tests.plans import plan_of

TEXT = """
infrastructure:
  db:
    type: postgres
    databases:
      app:
services:
  bank:
    url: https://bank.example
  web-shop:
    image: x
    port: 80
    migrate: make
    environment:
      A: ${db.app.url} ${bank.url}
    depends_on:
      end:
        condition: none
        purpose: asks "why" | <b> # 1
  end:
    image: y
    port: 80
gateway:
  routes:
    - path: /
      service: web-shop
"""


def test_mermaid(snapshot: SnapshotAssertion) -> None:
    assert graph_mermaid(plan_of(TEXT)) == snapshot


def test_dot(snapshot: SnapshotAssertion) -> None:
    written = graph_dot(plan_of(TEXT))
    assert written == snapshot
    if shutil.which("dot") is None:
        pytest.skip("no Graphviz here to read it")
    subprocess.run(["dot", "-Tsvg"], input=written.encode(), capture_output=True, check=True)


def test_a_job_is_no_call() -> None:
    plan = plan_of(TEXT)
    assert "web-shop-migrate" in plan.units
    assert not [edge for edge in calls(plan) if "migrate" in edge.source + edge.target or edge.target == "db-app"]
