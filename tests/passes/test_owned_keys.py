from __future__ import annotations

import pytest

from tests.support import codes, compile_text

WEB = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n    environment:\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PATH: /app/bin"], ["VARIABLE001"]),
        (["PATH: /app/bin:$PATH"], ["VARIABLE001"]),
        (["PATH: /app/bin:${PATH}"], ["VARIABLE001"]),
        (["PATH: /app/bin:/usr/local/bin:/usr/bin:/bin"], []),
        (["LD_PRELOAD: /lib/x.so"], ["VARIABLE001"]),
        (["BASH_ENV: /etc/profile"], ["VARIABLE001"]),
        (["LD_LIBRARY_PATH: /lib"], ["VARIABLE001"]),
        (["PYTHONHOME: /app"], ["VARIABLE001"]),
        (["HOSTNAME: 0.0.0.0", "HOME: /app", "NODE_OPTIONS: --max-old-space-size=512", "PYTHONPATH: /app"], []),
        (["path: /x"], []),
        (["LOG_LEVEL: a", "log_level: b"], ["VARIABLE002"]),
        (["LOG_LEVEL: a", "log_level: a"], []),
        (["http_proxy: a", "HTTP_PROXY: b", "NO_PROXY: c", "no_proxy: d"], []),
    ],
)
def test_keys_of_a_service(lines: list[str], expected: list[str]) -> None:
    assert codes(compile_text(WEB + "".join(f"      {line}\n" for line in lines))) == expected


def test_keys_of_development() -> None:
    text = WEB + "      A: b\n    develop:\n      environment:\n        PATH: /x\n"
    assert codes(compile_text(text)) == ["VARIABLE001"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("POSTGRES_PASSWORD: x", ["VARIABLE003"]),
        ("POSTGRES_USER: x", ["VARIABLE003"]),
        ("POSTGRES_DB: x", []),
        ("PGDATA: /x", []),
        ("TZ: UTC", []),
        ("PATH: /x", ["VARIABLE001"]),
    ],
)
def test_keys_of_an_instance(line: str, expected: list[str]) -> None:
    text = (
        "version: 1\nname: shop\ninfrastructure:\n  db:\n    type: postgres\n    databases:\n      app:\n"
        f"    environment:\n      {line}\n" + WEB.partition("name: shop\n")[2] + "      URL: ${db.app.url}\n"
    )
    assert [code for code in codes(compile_text(text)) if code.startswith("VARIABLE")] == expected


def test_what_a_kind_only_proposes_can_be_chosen() -> None:
    text = (
        "version: 1\nname: shop\ninfrastructure:\n  search:\n    type: elasticsearch\n"
        "    environment:\n      ES_JAVA_OPTS: -Xmx1g\n"
        + WEB.partition("name: shop\n")[2]
        + "      URL: ${search.url}\n"
    )
    assert codes(compile_text(text)) == []
