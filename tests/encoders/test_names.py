"""Every place of the manifest where a name is written: what is not of its grammar, in full and in ASCII, is an error."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from compiler.passes.mistakes import found_by_jsonschema
from compiler.passes.quick_accept import Acceptor
from tests.support import ROOT, compile_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST = """\
version: 1
name: {project}
networks:
  {network}:
    driver: {driver}
  outside:
    external: true
    name: {actual}
ports:
  bind: {bind}
  range: {range}
secrets:
  {secret}: generated
infrastructure:
  {instance}:
    type: {type}
    version: {version}
    volume: {volume}
    publish: {publish}
    databases:
      {database}:
        owner: {owner}
    environment:
      {instance_variable}: a
    config:
      {setting}: a
  stream:
    type: kafka
    topics:
      {topic}:
        partitions: {partitions}
        replication: {replication}
services:
  {service}:
    image: {image}
    protocol: {protocol}
    port: {port}
    healthcheck:
      liveness: {health}
      probe: none
    environment:
      {variable}: ${{{instance}.{database}.url}}
      SECRET: ${{secrets.{secret}}}
      FILLED: ${{{filled}:-a}}
      TOPIC: ${{stream.{topic}.name}}
    compose:
      hostname: {hostname}
      stop_grace_period: {duration}
      mem_limit: {size}
      restart: {restart}
    volumes:
      - {mounted}:/var/data
    networks:
      - {network}
      - outside
  worker:
    build:
      context: .
      args:
        {argument}: a
    ports:
      {port_name}: 8000
    healthcheck:
      liveness: /health
      port: {asked_port}
      probe: curl
    profiles:
      - {profile}
    depends_on:
      {dependency}:
        purpose: calls
gateway:
  version: {gateway_version}
  host: {host}
  port: {gateway_port}
  routes:
    - path: {path}
      service: {routed}
      timeout: {timeout}
environments:
  {environment}:
tests:
  smoke:
    - name: a
      steps:
        - request: {method} {target} /
          headers:
            {header}: a
          save:
            {saved}: .id
        - request: GET {target} /${{{saved}}}
"""
GOOD = {
    "project": "shop",
    "network": "inside",
    "driver": "bridge",
    "actual": "shared.net",
    "bind": "127.0.0.1",
    "range": "8000-8999",
    "secret": "TOKEN",
    "instance": "db",
    "type": "postgres",
    "version": "17",
    "volume": "orders.data",
    "publish": "8500",
    "database": "orders",
    "owner": "keeper",
    "instance_variable": "TZ",
    "setting": "work_mem",
    "topic": "audit.log",
    "partitions": "3",
    "replication": "1",
    "service": "web",
    "image": "nginx:1.28",
    "protocol": "http",
    "port": "8100:8000",
    "health": "/health",
    "variable": "DATABASE_URL",
    "filled": "LEVEL",
    "hostname": "web.local",
    "duration": "5s",
    "size": "64m",
    "restart": "always",
    "mounted": "files",
    "argument": "NOTE",
    "port_name": "api",
    "asked_port": "api",
    "profile": "tools",
    "dependency": "db",
    "gateway_version": "1.28",
    "host": "shop.localhost",
    "gateway_port": "8080",
    "path": "/api/",
    "routed": "web",
    "timeout": "60s",
    "environment": "staging",
    "method": "GET",
    "target": "web",
    "header": "Authorization",
    "saved": "id",
}
TRAPS: dict[str, Callable[[str], str]] = {
    "a line break at the end": lambda name: f"{name}\n",
    "a return at the end": lambda name: f"{name}\r",
    "a line break in front": lambda name: f"\n{name}",
    "an Arabic digit": lambda name: f"{name}\u0661",
    "a full-width digit": lambda name: f"{name}\uff11",
    "NUL": lambda name: f"{name}\0",
    "a letter that looks like another": lambda name: f"{name}\u0430",
    "a letter whose lower case is ASCII": lambda name: f"{name}\u212a",
    "a space of no width": lambda name: f"{name[:1]}\u200b{name[1:]}",
    "text turned around": lambda name: f"\u202e{name}",
    "a combining accent": lambda name: f"{name}\u0301",
    "a lone dollar": lambda name: f"{name}$",
    "a command": lambda name: f"{name}$(id)",
    "a quote": lambda name: f"{name}'",
    "a double quote": lambda name: f'{name}"',
    "a backslash": lambda name: f"{name}\\",
    "a second directive": lambda name: f"{name}; }}",
}


IN_A_PATH = {"a lone dollar", "a command", "a quote"}
"""What a URL's path may hold: there, a name it is not."""
FIRST = ("a line break at the end", "an Arabic digit")


def manifest_with(slot: str, name: str) -> str:
    """The text of the manifest with a name in its slot; the whole value or key is written in double quotes."""
    marked = MANIFEST.format(**{**GOOD, slot: f"\ufdd0{GOOD[slot]}\ufdd0"})
    lines = (_line(line, name, GOOD[slot]) for line in marked.split("\n"))
    return "\n".join(lines)


def _line(line: str, name: str, good: str) -> str:
    if "\ufdd0" not in line:
        return line
    indent, rest = " " * (len(line) - len(line.lstrip())), line.lstrip()
    item, rest = ("- ", rest[2:]) if rest.startswith("- ") else ("", rest)
    key, colon, value = rest.removesuffix(":").partition(": ")
    end = ":" if rest.endswith(":") else ""
    return f"{indent}{item}{_scalar(key, name, good)}{colon}{_scalar(value, name, good)}{end}"


def _scalar(part: str, name: str, good: str) -> str:
    if "\ufdd0" not in part:
        return part
    written = part.replace(f"\ufdd0{good}\ufdd0", name)
    return str(yaml.dump(written, default_style='"', width=10**9, allow_unicode=True)).strip()


def test_the_manifest_is_good_as_it_stands() -> None:
    made = compile_texts({"integration.yaml": MANIFEST.format(**GOOD), "Dockerfile": "FROM scratch\n"})
    assert [finding for finding in made.diagnostics if finding.severity.value == "error"] == []
    assert made.tree
    good = loaded(MANIFEST.format(**GOOD))
    for slot, name in GOOD.items():
        assert loaded(manifest_with(slot, name)) == good, slot


def loaded(text: str) -> object:
    """A document as StrictYAML has it: nothing but text."""
    return yaml.load(text, yaml.CBaseLoader)


@pytest.mark.parametrize("slot", GOOD)
@pytest.mark.parametrize("traps", [FIRST, pytest.param(tuple(TRAPS), marks=pytest.mark.slow)], ids=["some", "all"])
def test_a_name_outside_its_grammar_reaches_no_output(slot: str, traps: tuple[str, ...]) -> None:
    taken = [trap for trap in traps if not is_refused(manifest_with(slot, TRAPS[trap](GOOD[slot])))]
    assert set(taken) == (set(traps) & IN_A_PATH if slot == "health" else set())


def is_refused(text: str) -> bool:
    made = compile_texts({"integration.yaml": text, "Dockerfile": "FROM scratch\n"})
    return any(finding.severity.value == "error" for finding in made.diagnostics) and not made.tree


def patterns(schema: object) -> Iterator[dict[str, object]]:
    """Every part of a schema that holds a text against a pattern."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield {"type": "string", "pattern": schema["pattern"]}
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        yield from patterns(inner)


@pytest.mark.slow
def test_both_judges_of_the_schema_take_a_pattern_in_full_and_in_ascii() -> None:
    """A `$` lets a line break through at the end, a `\\d` foreign digits: where a pattern is searched for."""
    judged = 0
    for schema in patterns(json.loads((ROOT / "schemas/integration.schema.json").read_text(encoding="utf-8"))):
        fitting = filter(re.compile(str(schema["pattern"]), re.ASCII).fullmatch, GOOD.values())
        for name in itertools.islice(fitting, 2):
            for text in (name, *(spoil(name) for spoil in TRAPS.values())):
                fits = re.fullmatch(str(schema["pattern"]), text, re.ASCII) is not None
                assert Acceptor({}).accepts(text, schema) is fits
                assert (not list(found_by_jsonschema(text, schema))) is fits
                judged += 1
    assert judged > 800
