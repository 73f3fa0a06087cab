"""Which texts are taken for secrets, and that none of them is ever shown."""

from __future__ import annotations

import json

import pytest

from compiler.render.findings import findings_github, findings_json, findings_text
from tests.support import codes, compile_text

ALARMS = {
    "DB_PASSWORD": "hunter2",
    "ADMIN_PASSWORD_1": "12345",
    "dbPassword": "hunter2",
    "SMTP_PASS": "hunter2",
    "JWT_SECRET": "not so secret",
    "SECRET_KEY_BASE": "0a1b2c",
    "AWS_SECRET_ACCESS_KEY": "abc/def",
    "STRIPE_API_KEY": "pk_test",
    "PRIVATE_KEY_PROD": "MIIE",
    "ACCESS_TOKEN": "eyJhbGciOi",
    "KEY_ID": "AKIA" + "ABCDEFGHIJKLMNOP",
    "SETTING": "ghp_" + "a" * 36,
    "PAYMENTS": "sk_" + "live_" + "a" * 24,
    "HOOK": "xoxb-" + "123456789012-abcdef",
    "CERTIFICATE": "-----BEGIN RSA " + "PRIVATE KEY----- MIIE",
    "DATABASE_URL": "postgres://shop:hunter2@db:5432/shop",
    "CACHE": "redis://:hunter2@${cache.host}:6379",
    "TOKEN": "${TOKEN:-ghp_" + "a" * 36 + "}",
}
NO_ALARMS = {
    "DB_PASSWORD_FILE": "/run/secrets/db",
    "SSH_PRIVATE_KEY": "/run/secrets/key",
    "TOKEN_URL": "https://auth.example/token",
    "ACCESS_TOKEN": "https://auth.example/token",
    "TOKEN_TTL": "3600",
    "REFRESH_TOKEN": "15m",
    "MAX_TOKENS": "4096",
    "PASSWORD_MIN_LENGTH": "12",
    "SECRET_NAME": "shop",
    "RESET_PASSWORD": "true",
    "DB_PASSWORD": "",
    "ADMIN_PASSWORD": "${ADMIN_PASSWORD}",
    "DEMO_TOKEN": "${DEMO_TOKEN:-public}",
    "BYPASS": "often",
    "KEYBOARD": "qwerty",
    "PWD": "/app",
    "TOKENIZER": "bpe",
    "PUBLIC_KEY": "ssh-ed25519 AAAA",
    "DATABASE_URL": "postgres://shop:${DB_PASSWORD}@db:5432/shop",
    "SITE": "https://example.com/a:b@c",
    "MAIL": "mailto:someone@example.com",
    "HOST": "user@host:22",
}
MANIFEST = """\
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
    depends_on:
      cache:
    environment:
      {name}: {value}
"""


@pytest.mark.parametrize(("name", "value"), ALARMS.items())
def test_a_secret_is_found_and_not_shown(name: str, value: str) -> None:
    compiled = compile_text(MANIFEST.format(name=name, value=json.dumps(value)))
    assert codes(compiled) == ["SECRET001"]
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    text = findings_text(compiled.diagnostics, documents, colour=False)
    assert f"{name}: ***" in text
    for rendered in (text, findings_json(compiled.diagnostics), findings_github(compiled.diagnostics)):
        assert value not in rendered


def test_no_false_alarm() -> None:
    first, *others = (f"{name}: {json.dumps(value)}" for name, value in NO_ALARMS.items())
    name, value = "\n      ".join([first, *others]).split(": ", 1)
    assert codes(compile_text(MANIFEST.format(name=name, value=value))) == []


PLACES = """\
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    password: hunter2
    databases:
      shop:
        password: hunter2
    environment:
      EXTRA_PASSWORD: hunter2
services:
  bank:
    url: https://user:hunter2@bank.example
  web:
    build:
      context: ./web
      args:
        NPM_TOKEN: hunter2
    port: 8000
    command: serve --key ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    environment:
      DATABASE_URL: ${postgres.shop.url}
      BANK_URL: ${bank.url}
    develop:
      environment:
        DEBUG_TOKEN: hunter2
environments:
  staging:
    services:
      web:
        environment:
          STAGING_TOKEN: hunter2
tests:
  api:
    - request: GET web /
      headers:
        Authorization: Bearer ghp_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
"""


def test_wherever_a_secret_stands() -> None:
    compiled = compile_text(PLACES)
    assert sorted(diagnostic.subject for diagnostic in compiled.diagnostics) == [
        "bank/url/secret",
        "postgres/databases/shop/password/secret",
        "postgres/environment/EXTRA_PASSWORD/secret",
        "postgres/password/secret",
        "tests/api/0/headers/Authorization/secret",
        "web/build/args/NPM_TOKEN/secret",
        "web/command/secret",
        "web/develop/environment/DEBUG_TOKEN/secret",
        "web/environment/STAGING_TOKEN/secret",
    ]
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    text = findings_text(compiled.diagnostics, documents, colour=False)
    assert "hunter2" not in text
    assert "ghp_" not in text


def test_another_finding_on_the_line_does_not_show_it_either() -> None:
    compiled = compile_text(MANIFEST.format(name="URL", value="'postgres://shop:hunter2@${nowhere.host}/shop'"))
    assert codes(compiled) == ["REF001", "SECRET001"]
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    assert "hunter2" not in findings_text(compiled.diagnostics, documents, colour=False)


def test_a_secret_of_several_lines() -> None:
    compiled = compile_text(
        MANIFEST.format(name="CERTIFICATE", value="|\n        -----BEGIN PRIVATE KEY-----\n        MIIE")
    )
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    text = findings_text(compiled.diagnostics, documents, colour=False)
    assert codes(compiled) == ["SECRET001"]
    assert "MIIE" not in text
    assert "BEGIN" not in text
