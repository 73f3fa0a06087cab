from __future__ import annotations

import pytest

from compiler.text.secrets import form_of, hidden, is_given, is_made_up, is_secret, looks_random, phrase_in, veiled


@pytest.mark.parametrize(
    "name",
    [
        *("DB_PASSWORD", "dbPassword", "API_KEY", "jwt-secret", "PGPASSWORD", "SECRET_KEY_BASE", "WEBPASSWORD"),
        *("APP_SALT", "TRACKER_AES_256_KEY", "COOKIE_HMAC_KEY", "FERNET_KEY", "requirepass", "REDIS_AUTH"),
    ],
)
def test_a_name_says_that_its_value_is_secret(name: str) -> None:
    assert phrase_in(name)


@pytest.mark.parametrize(
    "name",
    [
        *("PASSWORD_FILE", "TOKEN_URL", "MAX_TOKENS", "KEYBOARD", "PWD", "BYPASS", "PUBLIC_KEY", "NOPASSWORD"),
        *("SALT_ROUNDS", "BASALT", "BASIC_AUTH"),
    ],
)
def test_a_name_about_a_secret_does_not(name: str) -> None:
    assert not phrase_in(name)


def test_under_such_a_name_some_values_are_none() -> None:
    assert is_secret("DB_PASSWORD", "12345")
    assert not is_secret("ACCESS_TOKEN", "3600")
    assert not is_secret("DB_PASSWORD", "/run/secrets/db")
    assert not is_secret("LEVEL", "hunter2")
    assert not is_secret("SECRET_KEY", "%kernel.project_dir%/config/private.pem")
    assert not is_secret("SECRET_KEY", "private.pem")


def test_no_count_has_so_many_digits() -> None:
    assert is_secret("ENCRYPTION_KEY", "0" * 16)
    assert not is_secret("ENCRYPTION_KEY", "0" * 15)


def test_a_value_made_of_words_may_be_known() -> None:
    assert all(map(is_made_up, ("public", "admin123", "only-for-development", "postgres")))
    assert not any(map(is_made_up, ("Tr0ub4dor&3", "9f8e7d6c", "")))


def test_a_form_is_told_by_its_kind() -> None:
    assert form_of("see ghp_" + "a" * 36) == "a GitHub token"
    assert form_of("redis://:hunter2@cache") == "a URL with a password"
    assert form_of("redis://:\0@cache") == ""
    assert form_of("user@host") == ""


def test_what_is_given_to_the_name_of_a_secret() -> None:
    assert is_given("Server=db;Password=hunter2;")
    assert is_given("serve --token hunter2")
    assert is_given("redis-server --requirepass hunter2")
    assert is_given('{"password": "hunter2"}')
    assert not is_given("serve --token-file /run/token --password=\0 --secret=$SECRET")


def test_what_is_random_and_what_is_only_long() -> None:
    assert looks_random("MAPS", "Zk3vQ9xT1mWb7RsY5uLc8NdP2hJf6GaE")
    assert not looks_random("CLIENT_ID", "Zk3vQ9xT1mWb7RsY5uLc8NdP2hJf6GaE")
    assert not looks_random("COMMIT", "3e3a6f29b1d4c58e7f60a9b2c3d4e5f60718293a")
    assert not looks_random("CLASS", "ShopBackendOrdersServiceConfiguration2")
    assert not looks_random("MAPS", "6fa459ea-ee8a-3ca4-894e-db77e160355e")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("DB_PASSWORD: hunter2", "DB_PASSWORD: *******"),
        ("  - DB_PASSWORD=hunter2", "  - DB_PASSWORD=*******"),
        ('DB_PASSWORD: "hunter 2', "DB_PASSWORD: ******* *"),
        ("DB_PASSWORD hunter2", "DB_PASSWORD *******"),
        ("A: {DB_PASSWORD: hunter2}", "A: {DB_PASSWORD: *******}"),
        ("DB_PASSWORD: ${DB_PASSWORD:-hunter2}", "DB_PASSWORD: ${DB_PASSWORD:-*******}"),
        ("DB_PASSWORD: ${hunter2", "DB_PASSWORD: *********"),
        ("DB_PASSWORD: ${secrets.DB_PASSWORD}", "DB_PASSWORD: ${secrets.DB_PASSWORD}"),
        ("DB_PASSWORD: generated", "DB_PASSWORD: generated"),
        ("TOKEN: |\n  hunter2\n  more\nB: c", "TOKEN: |\n  *******\n  ****\nB: c"),
        ("a://b:hunter2@c", "a://b:*******@c"),
        ("plain: text", "plain: text"),
    ],
)
def test_asterisks_stand_in_place_of_secrets(text: str, shown: str) -> None:
    assert veiled(text) == shown


def test_nothing_is_hidden_in_a_text_without_a_hint() -> None:
    assert hidden("version: 1\nname: shop\n") == []
