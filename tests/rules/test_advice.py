"""What is said to who brings words of Compose along, or misspells what many refer to."""

from __future__ import annotations

import pytest

from tests.support import compile_text

MANIFEST = """\
version: 1
name: shop
services:
  api:
    image: nginx:1.27
    port: internal:80
  web:
    image: nginx:1.27
{more}
"""
DECLARED = """\
version: 1
name: shop
infrastructure:
  {declared}:
    type: redis
services:
  api:
    image: nginx:1.27
    environment:
      A: ${{{other}.url}}
  web:
    image: nginx:1.27
    environment:
      A: ${{{used}.url}}
      B: ${{{used}.host}}
"""


def said(more: str) -> tuple[str, bool]:
    """The help of the one finding, and whether it has a fix."""
    (told,) = [one for one in compile_text(MANIFEST.format(more=more)).diagnostics if one.severity.value == "error"]
    return told.help, told.fix is not None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("    entrypoint: /cron.sh", "`entrypoint` is a key of `compose`: write it there"),
        ("    env_file: ./web.env", "`env_file` is a key of `compose`: write it there"),
        ("    container_name: web", "leave it out"),
        ("    expose:\n      - 80", "`port: internal:8000`"),
        ("    deploy:\n      replicas: 2", "write `replicas`"),
        ("    network_mode: host", "`docker-compose.local.yml`"),
        ("    healthcheck:\n      test: curl x", "write `command`"),
        ("    port: 127.0.0.1:8080:80", "write `8080:80`; the address is the same for all ports"),
        ("    compose:\n      tty: yes", "write `true`"),
        ("    compose:\n      tty: off", "write `false`"),
        ("    depends_on:\n      api:\n        condition: service_healthy", "write `healthy`"),
        ("    depends_on:\n      api:\n        condition: service_started", "write `started`"),
        ("    depends_on:\n      api:\n        condition: service_completed_successfully", "`migrate`"),
        ("    depends_on: api", "on a line of its own, indented, ending in a colon: `api:`"),
        ("    depends_on:\n      - api", "on a line of its own, indented, ending in a colon: `api:`"),
        ("    depends_on:\n      api: service_healthy", "end the line in a colon, `api:`"),
        ("    ports:\n      - 8080:80", "give each port a name, `http: 8080:80`"),
        ("ports:\n  - 8000", "write `range: 8000-8999`"),
        ("    environment:\n      - PASSWORD=Xq9vT2mLr8", "`LOG_LEVEL: info`"),
        ("    environment:\n      A: ${secret.JWT}", "did you mean `${secrets.JWT}`?"),
        ("    environment:\n      A: ${services.api.url}", "did you mean `${api.url}`?"),
        ("    environment:\n      A: ${services.nobody.url}", "there are `api` and `web`"),
        ("    volumes:\n      - /etc/localtime:/etc/localtime:ro", "`docker-compose.local.yml`"),
    ],
)
def test_the_way_to_say_it_here_is_named_and_left_to_the_person(more: str, words: str) -> None:
    told, is_mended = said(more)
    assert words in told
    assert not is_mended


def test_blanks_within_the_braces_are_surely_none() -> None:
    assert said("    environment:\n      A: ${ api.url }") == ("did you mean `${api.url}`?", True)


@pytest.mark.parametrize(
    ("declared", "other", "used", "words"),
    [
        ("caches", "cache", "cache", "`cache` is referred to 3 times, `caches` never: perhaps the declaration"),
        ("rediss", "redis", "redis", "`redis` is referred to 3 times, `rediss` never: perhaps the declaration"),
        ("cache", "cache", "cahce", ""),
    ],
)
def test_where_many_agree_on_what_nobody_has_nothing_is_surely_misspelt(
    declared: str, other: str, used: str, words: str
) -> None:
    found = compile_text(DECLARED.format(declared=declared, other=other, used=used)).diagnostics
    assert {one.code for one in found} == {"REF001"}
    assert {one.fix is None for one in found} == {bool(words)}
    if words:
        assert all(one.help.startswith(words) for one in found)
        assert {one.marks[1].span.line for one in found if one.marks[1].span} == {4}


def test_each_conflict_is_told_of_a_port_of_its_own() -> None:
    text = "version: 1\nname: shop\nservices:\n"
    text += "".join(f"  {name}:\n    image: nginx:1.27\n    port: 8000:80\n" for name in "abc")
    helps = [one.help for one in compile_text(text).diagnostics if one.code == "PORT001"]
    assert [told.split()[0] for told in helps] == ["8001", "8002"]
