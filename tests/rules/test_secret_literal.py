"""Which texts are taken for secrets, and that none of them is ever shown."""

from __future__ import annotations

import json

import pytest

from compiler.render.findings import findings_json, findings_text
from compiler.render.github import findings_github
from compiler.render.sarif import findings_sarif
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
    "PGPASSWORD": "hunter2",
    "SIGNING_KEY": "${SIGNING_KEY:-9f8e7d6c5b4a39281706f5e4d3c2b1a0}",
    "LEVEL": "${LEVEL_TOKEN:-Tr0ub4dor&3}",
    "GITLAB": "glpat-" + "a1B2" * 6,
    "WEBHOOKS": "whsec_" + "a1B2" * 6,
    "SLACK": "https://hooks.slack.com/" + "services/T0000/B0000/" + "abcdEFGH1234" * 2,
    "CHAT": "https://discord.com/api/" + "webhooks/123456789/" + "abcdEFGH1234" * 3,
    "APP": "xapp-1-" + "A0000-1234",
    "GOOGLE": "GOCSPX-" + "abcdEFGH1234" * 2,
    "NPM": "npm_" + "abcdEFGH1234" * 3,
    "PYPI": "pypi-AgEI" + "abcdEFGH1234" * 3,
    "MAIL": "SG." + "abcdEFGH1234" * 2 + "." + "abcdEFGH1234" * 3,
    "PHONE": "SK" + "0123456789abcdef" * 2,
    "MODEL": "sk-" + "proj-abcdEFGH1234" * 2,
    "OTHER_MODEL": "sk-ant-" + "api03-abcdEFGH1234" * 2,
    "HUB": "dckr_pat_" + "abcdEFGH1234" * 2,
    "VAULT": "hvs." + "abcdEFGH1234" * 3,
    "STORAGE": "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=" + "abcdEFGH1234" * 7 + "==",
    "SESSION": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + "abcdEFGH1234",
    "BACKUP": "AGE-SECRET-KEY-" + "1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" + "QPZRY9X8GF2TVDW0S3JN54",
    "SIGNER": "-----BEGIN PGP " + "PRIVATE KEY BLOCK----- lQOY",
    "HEADER": "Authorization: Basic " + "c2hvcDpodW50ZXIyaHVudGVyMg==",
    "ADO": "Server=db;Database=shop;User=shop;Password=hunter2;",
    "JAVA_OPTS": "-Xmx1g -Djavax.net.ssl.keyStorePassword=hunter2",
    "SETTINGS": '{"user": "shop", "password": "hunter2"}',
    "QUERY": "https://api.example/v1?api_key=a1b2c3d4",
}
RANDOM = {
    "MAPS": "Zk3vQ9xT1mWb7RsY5uLc8NdP2hJf6GaE",
    "PEPPER": "0f9e8d7c6b5a49382716f5e4d3c2b1a0",
    "COOKIES": "q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0/+==",
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
    "GIT_COMMIT": "3e3a6f29b1d4c58e7f60a9b2c3d4e5f60718293a",
    "IMAGE_DIGEST": "sha256:0f9e8d7c6b5a49382716f5e4d3c2b1a00f9e8d7c6b5a49382716f5e4d3c2b1a0",
    "PINNED": "registry.example/shop/web@sha256:0f9e8d7c6b5a49382716f5e4d3c2b1a00f9e8d7c6b5a49382716f5e4d3c2b1a0",
    "CHECKSUM": "0f9e8d7c6b5a49382716f5e4d3c2b1a0",
    "INTEGRITY": "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
    "TENANT": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    "CLIENT_ID": "Zk3vQ9xT1mWb7RsY5uLc8NdP2hJf6GaE",
    "TOPIC": "orders-created-and-then-confirmed-v2",
    "CLASS": "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
    "MODULE": "ShopBackendOrdersServiceConfiguration2",
    "PATH_IN_BUCKET": "shop/exports/2026/11/22/orders-and-invoices",
    "FEATURES": "search,checkout,recommendations,newsletter",
    "CIPHERS": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "FORMAT": "%Y-%m-%dT%H:%M:%S",
    "ALPHABET": "abcdefghijklmnopqrstuvwxyz",
    "ALLOWED": "https://shop.example,https://admin.shop.example",
    "ADDRESS": "amqp://${cache.host}:5672",
    "POSTGRES_PASSWORD": "${POSTGRES_PASSWORD:-postgres}",
    "ADMIN_PASS": "${ADMIN_PASS:-admin123}",
    "SECRET_KEY": "${SECRET_KEY:-only-for-development}",
    "OPTIONS": "--token-ttl=3600 --password-file=/run/secrets/db",
    "DESCRIPTION": "Bearer tokens are checked by auth",
    "BASIC": "Basic plan",
    "SKU": "sk-example",
    "RISK": "ask-for-help-before-you-press-the-red-button",
    "COMMAND": "psql --username=shop --no-password",
    "PUBLIC_STRIPE": "pk_live_" + "a" * 24,
    "HF_HOME": "hf_cache",
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
    rendered = [write(compiled.diagnostics) for write in (findings_json, findings_github, findings_sarif)]
    assert not any(value in each for each in [text, *rendered])


@pytest.mark.parametrize(("name", "value"), RANDOM.items())
def test_what_no_person_makes_up_is_found_and_not_shown(name: str, value: str) -> None:
    compiled = compile_text(MANIFEST.format(name=name, value=json.dumps(value)))
    assert codes(compiled) == ["SECRET009"]
    documents = {path: document.text for path, document in compiled.planned.documents.items()}
    assert value not in findings_text(compiled.diagnostics, documents, colour=False)


def test_no_false_alarm() -> None:
    first, *others = (f"{name}: {json.dumps(value)}" for name, value in NO_ALARMS.items())
    name, value = "\n      ".join([first, *others]).split(": ", 1)
    assert not {"SECRET001", "SECRET009"}.intersection(codes(compile_text(MANIFEST.format(name=name, value=value))))


BY_DEFAULT = {
    "POSTGRES_PASSWORD": "${POSTGRES_PASSWORD:-postgres}",
    "ADMIN_PASS": "${NOBODY_KNOWS:-admin123}",
    "SETTING": "${SECRET_KEY:-only-for-development}",
    "DATABASE_URL": "postgres://shop:${DB:-shop}@db/shop",
    "OPTIONS": "--user=shop --password=${DB:-shop}",
}
HARMLESS_DEFAULTS = {
    "ADMIN_PASSWORD": "${ADMIN_PASSWORD:-}",
    "RESET_PASSWORD": "${RESET_PASSWORD:-yes}",
    "TOKEN_SECONDS": "${TOKEN_SECONDS:-many}",
    "SIGNING_KEY": "${SIGNING_KEY:-/certs/x.key}",
    "PRIVATE_KEY": "${PRIVATE_KEY:-private.pem}",
    "DATABASE_URL": "postgres://${DB_USER:-shop}@db/shop",
}


@pytest.mark.parametrize(("name", "value"), BY_DEFAULT.items())
def test_a_secret_that_everybody_knows_by_default(name: str, value: str) -> None:
    compiled = compile_text(MANIFEST.format(name=name, value=json.dumps(value)))
    assert codes(compiled) == ["SECRET010"]
    assert compiled.tree


@pytest.mark.parametrize(("name", "value"), HARMLESS_DEFAULTS.items())
def test_a_default_that_is_no_secret(name: str, value: str) -> None:
    assert codes(compile_text(MANIFEST.format(name=name, value=json.dumps(value)))) == []


def test_one_text_is_told_once() -> None:
    value = json.dumps("postgres://${DB_PASSWORD:-shop}:hunter2@db/shop")
    assert codes(compile_text(MANIFEST.format(name="DATABASE_URL", value=value))) == ["SECRET001"]


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
