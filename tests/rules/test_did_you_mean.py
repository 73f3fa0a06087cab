"""What was probably meant: right nearly always where it is said, and not said where something else was meant."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.rules.typos import FOLDERS, Planted, planted, sites, typo
from tests.support import compile_text, compile_texts

SEED = 20261122
KEYS = (
    "annotations cpus deploy devices dns domainname expose external_links gpus hostname links models privileged provider"
    " restart scale security_opt stdin_open sysctls uts cache timeout name type database owner test"
)
NAMES = "db auth-db order payments user worker orders-worker-2 api app gateway2 cart"
KINDS = "mysql cassandra oracle vault minio consul nats etcd neo4j influx solr zookeeper"
MANIFEST = """\
version: 1
name: shop
infrastructure:
  {instance}:
    type: redis
networks:
  backend: bridge
services:
  auth:
    image: nginx:1.27
    port: 8000
  orders-worker-1:
    image: nginx:1.27
  web:
    image: nginx:1.27
{more}
"""


def slips(each: int, seed: int) -> list[Planted]:
    """So many slips in each manifest."""
    random = Random(seed)
    found: list[Planted] = []
    for folder in FOLDERS:
        drawn = [(site, typo(site.word, random)) for site in random.choices(sites(folder), k=each)]
        found += planted(folder, [(site, wrong) for site, wrong in drawn if wrong != site.word])
    return found


def insist_on_precision(found: list[Planted], least: int) -> None:
    told = [one for one in found if one.finding]
    suggested = [one for one in told if one.suggested]
    wrong = [(one.site.sort, one.site.word, one.typo, one.suggested) for one in suggested if not one.is_right]
    assert len(told) >= least
    assert len(wrong) <= 0.1 * len(suggested), wrong
    assert len(suggested) >= 0.9 * len(told)
    sorts = Counter(one.site.sort for one in suggested)
    assert set(sorts) >= {"key", "choice", "kind", "name", "output", "secret"}


def test_what_is_suggested_for_a_slip_is_right() -> None:
    insist_on_precision(slips(60, SEED), 200)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_what_is_suggested_for_thousands_of_slips_is_right(seed: int) -> None:
    insist_on_precision(slips(150, seed), 500)


def helps(more: str, instance: str = "cache") -> list[str]:
    compiled = compile_text(MANIFEST.format(more=more, instance=instance))
    return [diagnostic.help for diagnostic in compiled.diagnostics]


@pytest.mark.parametrize("key", KEYS.split())
def test_a_key_that_means_something_else_is_no_slip(key: str) -> None:
    (told,) = helps(f"    {key}: x")
    assert "did you mean" not in told


@pytest.mark.parametrize("name", NAMES.split())
def test_a_name_that_is_something_else_is_no_slip(name: str) -> None:
    (told,) = helps(f"    environment:\n      A: ${{{name}.url}}")
    assert told == "there are `auth`, `cache`, `orders-worker-1` and `web`"


@pytest.mark.parametrize("kind", KINDS.split())
def test_a_kind_that_is_another_product_is_no_slip(kind: str) -> None:
    text = MANIFEST.format(more="    environment:\n      A: ${cache.url}", instance="cache")
    (told,) = compile_text(text.replace("type: redis", f"type: {kind}")).diagnostics
    assert told.help.startswith("there are `")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("    environment:\n      A: ${cache.uri}", "did you mean `${cache.url}`?"),
        ("    environment:\n      A: ${auth.adress}", "did you mean `${auth.address}`?"),
        ("    environment:\n      A: ${orders_worker-1.host}", "did you mean `${orders-worker-1.host}`?"),
        ("    environment:\n      A: x-${AUTH.URL}", "did you mean `${auth.url}`?"),
        ("    networks:\n      - back-end", "did you mean `backend`?"),
        ("    networks:\n      - frontend", "there are `default` and `backend`"),
        ("    depends_on:\n      Auth:", "did you mean `auth`?"),
        ("    depends_on:\n      mail:", "there are `cache`, `auth` and `orders-worker-1`"),
    ],
)
def test_what_is_said_of_names(more: str, told: str) -> None:
    assert told in helps(f"{more}\n    command: echo ${{cache.host}}")


ENVIRONMENT = """\
environments:
  staging:
    {section}:
      {name}:
        role: x
"""


@pytest.mark.parametrize("more", ["", "include:\n  - more.yaml\n"])
@pytest.mark.parametrize(
    ("section", "name", "code", "told"),
    [
        ("services", "atuh", "SCHEMA005", "did you mean `auth`? else add"),
        ("services", "billing", "SCHEMA005", "add `build`"),
        ("infrastructure", "cahce", "SCHEMA004", "did you mean `cache`? else add"),
        ("infrastructure", "mail", "SCHEMA004", "add `type`"),
    ],
)
def test_what_an_environment_adds_by_half_may_be_misspelt(
    more: str, section: str, name: str, code: str, told: str
) -> None:
    text = MANIFEST.format(more="    command: run ${cache.host}\n    networks:\n      - backend", instance="cache")
    text += ENVIRONMENT.format(section=section, name=name) + more
    fragment = "services:\n  other:\n    image: nginx:1.27\n"
    (found,) = compile_texts({"integration.yaml": text, "more.yaml": fragment}).diagnostics
    assert (found.code, found.help.startswith(told)) == (code, True)
