from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from tests.plans import tree_of

TEXT = """
secrets:
  TOKEN:
    value: required
    description: of the bank, ask them
  OPTIONAL: optional
infrastructure:
  db:
    type: postgres
    databases:
      app:
  mq:
    type: rabbitmq
    publish: true
services:
  web:
    image: x
    port: 8000
    ports:
      admin: 9000
      peer: internal:9001
    environment:
      A: ${db.app.url}
      B: ${secrets.TOKEN} ${secrets.OPTIONAL}
      C: ${LEVEL:-info} ${NEEDED:?say which} ${EMPTY} ${QUOTED:-it's}
    develop:
      debug_port: 9229
environments:
  stage:
    infrastructure:
      extra:
        type: redis
        password: ${STAGE_ONLY:?only there}
"""


def example(text: str = TEXT) -> list[str]:
    """The lines of `.env.example` after its header."""
    return tree_of(text)[".env.example"].text.splitlines()[2:]


def test_how_it_looks(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(example()) == snapshot


def test_it_opens_with_what_plain_compose_needs() -> None:
    settings = [line for line in example() if line.startswith("COMPOSE_")]
    assert settings == [
        "COMPOSE_FILE=docker-compose.yml:docker-compose.override.yml:docker-compose.local.yml",
        "COMPOSE_PATH_SEPARATOR=:",
    ]


def test_a_variable_without_a_message_is_required_all_the_same() -> None:
    lines = example("services:\n  web:\n    image: x\n    environment:\n      A: ${NEEDED:?}\n")
    at = lines.index("NEEDED=")
    assert lines[at - 2 : at] == ["# required", "#   needed by web"]


def test_generated_and_required_ones_are_empty_and_everything_else_is_a_comment() -> None:
    lines = [line for line in example() if line and not line.startswith(("#", "COMPOSE_"))]
    assert sorted(lines) == ["DB_APP_PASSWORD=", "DB_PASSWORD=", "MQ_PASSWORD=", "NEEDED=", "STAGE_ONLY=", "TOKEN="]
    comments = [line for line in example() if line.startswith("# ") and "=" in line]
    assert "# OPTIONAL=" in comments
    assert "# LEVEL=info" in comments
    assert "# QUOTED=" in comments, "a default that not every reader reads alike is left to the Compose file"
    assert "# WEB_ADMIN_PORT=8001" in comments
    assert "# WEB_DEBUG_PORT=9229" in comments


def test_without_anything_to_set_there_is_only_the_opening() -> None:
    assert len(example("services:\n  web:\n    image: x\n")) == 5
