from __future__ import annotations

import json
from typing import Any

from syrupy.assertion import SnapshotAssertion

from compiler.hands.shipped import shipped_files
from compiler.model.value import SecretOf, Variable
from compiler.targets.plan_document import plan_text
from compiler.targets.plan_file import read_plan
from tests.plans import tree_of

TEXT = """
secrets:
  TOKEN: required
infrastructure:
  cache:
    type: redis
    version: 7
services:
  bank:
    url: https://bank.example
    role: Bank
  web:
    image: x:1
    port: 8000
    healthcheck:
      liveness: /live
      probe: curl
    environment:
      A: ${cache.url} ${secrets.TOKEN} ${LEVEL:-info} ${bank.url}
    compose:
      tty: true
    replicas: 1
    develop:
      watch:
        - path: ./src
          action: rebuild
gateway:
  routes:
    - path: /
      service: web
      websocket: true
"""


def document() -> dict[str, Any]:
    """The whole document that `plan.json` says."""
    found, problem = read_plan(tree_of(TEXT)["plan.json"].text)
    assert found is not None, problem
    return found


def test_how_a_service_looks(snapshot: SnapshotAssertion) -> None:
    written = json.loads(tree_of(TEXT)["plan.json"].text)
    assert json.dumps(written["plan"]["units"]["web"], indent=2) == snapshot


def test_it_holds_every_environment_and_no_place_of_this_machine() -> None:
    plan = document()
    assert (plan["schema_version"], plan["project"]) == (3, "shop")
    assert list(plan["environments"]) == ["dev", "test"]
    assert plan["environments"]["dev"]["units"]["web"]["develop"] == {
        "./src": {"action": "rebuild", "target": "", "ignore": []}
    }
    assert plan["environments"]["test"]["units"]["web"]["ports"]["default"]["host"] == 0


def test_points_gateway_externals() -> None:
    plan = document()["plan"]
    assert plan["externals"] == {"bank": {"role": "Bank", "url": "https://bank.example"}}
    assert plan["integration_points"]["web -> cache"]["until"] == "healthy"
    assert plan["integration_points"]["web -> bank"]["until"] == "none"
    assert plan["gateway"]["routes"]["/"] == {
        "service": "web",
        "port": 8000,
        "strip_prefix": False,
        "access_log": True,
        "websocket": True,
        "timeout_ms": 60_000,
    }


def test_no_secret_and_no_default_hides_in_a_text() -> None:
    assert document()["plan"]["units"]["web"]["environment"]["A"] == (
        "redis://cache:6379 ${secrets.TOKEN} ${LEVEL} https://bank.example"
    )
    assert plan_text(("a", SecretOf("S"), Variable("V", "d"))) == "a${secrets.S}${V}"


def test_it_is_what_the_shipped_schema_says() -> None:
    from jsonschema import Draft7Validator  # noqa: PLC0415
    from jsonschema.validators import validator_for  # noqa: PLC0415

    content = shipped_files().read("schemas/plan.schema.json")
    assert content is not None
    schema = json.loads(content)
    checker = validator_for(schema, default=Draft7Validator)
    checker.check_schema(schema)
    assert list(checker(schema).iter_errors(document())) == []
    broken = document()
    broken["plan"]["units"]["web"]["layer"] = "first"
    assert list(checker(schema).iter_errors(broken))


def test_it_is_written_in_manifest_order() -> None:
    written = json.loads(tree_of(TEXT)["plan.json"].text)
    assert list(written["plan"]["units"]) == ["cache", "web", "gateway"]
