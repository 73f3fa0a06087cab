from __future__ import annotations

from tests.plans import plan_of


def test_declared_secrets_come_first_and_derived_ones_only_where_they_are_used() -> None:
    text = """
secrets:
  TOKEN:
    value: required
    description: of the bank
    length: 8
  OPTIONAL: optional
infrastructure:
  db:
    type: postgres
    databases:
      app:
      unused:
services:
  web:
    image: x
    environment:
      TOKEN: ${secrets.TOKEN}
      URL: ${db.app.url}
"""
    secrets = plan_of(text).secrets
    assert [(one.name, one.how, one.length, one.users, one.in_url) for one in secrets.values()] == [
        ("TOKEN", "required", 8, ("web",), False),
        ("OPTIONAL", "optional", 32, (), False),
        ("DB_APP_PASSWORD", "generated", 32, ("db-app", "web"), True),
        ("DB_PASSWORD", "generated", 32, ("db", "db-app"), False),
    ]
    assert secrets["TOKEN"].description == "of the bank"
    assert secrets["DB_PASSWORD"].at == ("infrastructure", "db")


def test_a_declared_secret_of_a_derived_name_is_that_secret() -> None:
    text = """
secrets:
  DB_PASSWORD: required
infrastructure:
  db:
    type: postgres
"""
    secrets = plan_of(text).secrets
    assert [(one.name, one.how, one.users) for one in secrets.values()] == [("DB_PASSWORD", "required", ("db",))]


def test_variables_from_every_text_with_the_best_that_is_said_of_each() -> None:
    text = """
secrets:
  S: generated
services:
  web:
    build:
      context: .
      args:
        A: ${IN_ARGUMENT}
    port: 80
    command: run ${IN_COMMAND:-fast}
    environment:
      A: ${TWICE}
      B: ${TWICE:-two}
      C: ${NEEDED:?say it}
      OWN: ${WEB_PORT:-1} ${S}
    healthcheck:
      command: ask ${IN_CHECK}
    compose:
      user: ${IN_SETTING:-1000}
  api:
    image: x
    migrate:
      entrypoint: sh ${IN_ENTRYPOINT}
      command: x
    environment:
      A: ${TWICE:-other}
"""
    variables = plan_of(text, {"Dockerfile": "FROM x\n"}).variables
    assert {one.name: (one.default, one.message, one.users) for one in variables.values()} == {
        "TWICE": ("two", None, ("web", "api-migrate", "api")),
        "NEEDED": (None, "say it", ("web",)),
        "IN_COMMAND": ("fast", None, ("web",)),
        "IN_ARGUMENT": (None, None, ("web",)),
        "IN_SETTING": ("1000", None, ("web",)),
        "IN_CHECK": (None, None, ("web",)),
        "IN_ENTRYPOINT": (None, None, ("api-migrate",)),
    }
