"""What can be made and started as it is written, and bites later: each case with what is said, and much that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compiler.hands.shipped import shipped_files
from compiler.pipeline import Request, plan_manifest
from tests.support import MappingFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "version: 1\nname: shop\n"
AREAS = ("BUILD", "DEVELOP", "HEALTH")
SLIM = "FROM python:3.12-slim\n"
NODE = "FROM node:22-alpine\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n"
MISSING, EARLY, LOGIN, ANY, TIMES, OWN, IGNORED, WORD = (f"HEALTH{number:03}" for number in range(7, 15))


def found(text: str, files: Mapping[str, str] | None = None) -> list[str]:
    """The codes of the areas that are tested here."""
    contents = {"integration.yaml": HEAD + text, **(files or {})}
    source = MappingFiles({path: content.encode() for path, content in contents.items()})
    planned = plan_manifest(Request("integration.yaml", source, shipped_files(), lambda _output, _wanted: {}))
    return [one.code for one in planned.diagnostics if one.code.startswith(AREAS)]


def published(image: str, check: str, further: str = "") -> str:
    return f"services:\n  a:\n    image: {image}\n    healthcheck:\n      command: {check}\n{further}"


def built(settings: str) -> str:
    return f"services:\n  a:\n    build: ./a\n{settings}"


@pytest.mark.parametrize(
    ("image", "check", "expected"),
    [
        ("nats:2.10", "wget -q -O /dev/null http://127.0.0.1:8222/healthz", [MISSING]),
        ("nats:2.10-alpine", "wget -q -O /dev/null http://127.0.0.1:8222/healthz", []),
        ("nats:2.10-alpine", "curl -f http://127.0.0.1:8222/healthz", [MISSING]),
        ("docker.io/library/nats:2.10@sha256:" + "0" * 64, "nats-server --help", [MISSING]),
        ("registry.example/nats:2.10", "wget -q http://127.0.0.1:8222/", []),
        ("${MIRROR}/nats:2.10", "wget -q http://127.0.0.1:8222/", []),
        ("quay.io/keycloak/keycloak:26.0", "curl -f http://127.0.0.1:9000/health", [MISSING]),
        ("qdrant/qdrant:v1.12.0", "curl -f http://127.0.0.1:6333/readyz", [MISSING]),
        ("qdrant/qdrant:v1.12.0", "bash -c 'exec 3<>/dev/tcp/127.0.0.1/6333'", []),
        ("apache/kafka-native:3.8.0", "/opt/kafka/bin/kafka-topics.sh --list", [MISSING]),
        ("apache/kafka:3.8.0", "/opt/kafka/bin/kafka-topics.sh --list", [TIMES]),
        ("mariadb:11.4", "mysqladmin ping -h 127.0.0.1", [MISSING]),
        ("mariadb:10.11", "mysqladmin ping -h 127.0.0.1", []),
        ("mariadb:11.4", "healthcheck.sh --connect --innodb_initialized", []),
        ("mongo:7.0", "mongo --host a --eval 1", [MISSING]),
        ("mongo:5.0", "mongo --host a --eval 1", []),
        ("mongo:4.4", "mongosh --host a --eval 1", [MISSING]),
        ("nginx:1.27", "curl -f http://127.0.0.1/", []),
        ("nginx:1.27", "wget -q http://127.0.0.1/", [MISSING]),
        ("nginx:1.27-alpine", "curl -f http://127.0.0.1/", []),
        ("nginx:1.27-alpine-slim", "curl -f http://127.0.0.1/", [MISSING]),
        ("alpine:3.20", "bash -c 'test -f /ready'", [MISSING]),
        ("alpine:3.20", "nc -z 127.0.0.1 80", []),
        ("debian:12", "pgrep worker", [MISSING]),
        ("ubuntu:24.04", "pgrep worker", []),
        ("python:3.12", "pgrep python", []),
        ("python:3.12-slim", "pgrep python", [MISSING]),
        ("python:3.12-slim", "python -c 'import os'", []),
        ("python:3.12-slim", "/usr/bin/curl -f http://127.0.0.1/", [MISSING]),
        ("python:3.12-slim", "/opt/tools/curl -f http://127.0.0.1/", []),
        ("python:3.12-slim", "curl -f http://127.0.0.1/ || exit 1", [MISSING]),
        ("python:3.12-slim", "curl -f http://127.0.0.1/ || wget -q http://127.0.0.1/", []),
        ("python:3.12-slim", "wget -q http://127.0.0.1/ || test -f /ready", []),
        ("python:3.12-slim", "if curl -f http://127.0.0.1/; then true; fi", []),
        ("python:3.12-slim", "command -v curl && curl -f http://127.0.0.1/", []),
        ("python:3.12-slim", "test -f /a && curl -f http://127.0.0.1/", [MISSING]),
        ("python:3.12-slim", "curl -f http://127.0.0.1/ ; test -f /a", []),
        ("python:3.12-slim", "timeout 3 curl -f http://127.0.0.1/", [MISSING]),
        ("python:3.12-slim", "echo 'curl -f http://127.0.0.1/' > /dev/null", []),
        ("python:3.12-slim", "echo \"it's", []),
        ("redis:7.4-alpine", "redis-cli ping", []),
        ("redis:7.4-alpine", "valkey-cli ping", [MISSING]),
        ("valkey/valkey:8.0", "redis-cli ping", []),
        ("postgres:17", "curl -f http://127.0.0.1/", [MISSING]),
        ("gcr.io/distroless/static-debian12", "test -f /ready", [MISSING]),
        ("gcr.io/distroless/static-debian12:debug", "test -f /ready", []),
        ("mcr.microsoft.com/dotnet/aspnet:9.0", "curl -f http://127.0.0.1/", [MISSING]),
        ("mcr.microsoft.com/dotnet/sdk:9.0", "curl -f http://127.0.0.1/", []),
        ("shop/web:1.0", "curl -f http://127.0.0.1/", []),
    ],
)
def test_programs_of_published_images(image: str, check: str, expected: list[str]) -> None:
    assert found(published(image, check)) == expected


def test_a_program_without_a_shell_needs_none() -> None:
    text = "services:\n  a:\n    image: nats:2.10\n    healthcheck:\n      command:\n        - {}\n        - --help\n"
    assert found(text.format("/nats-server")) == []
    assert found(text.format("wget")) == [MISSING]


@pytest.mark.parametrize(
    ("dockerfile", "probe", "expected"),
    [
        (SLIM, "curl", [MISSING]),
        (SLIM, "wget", [MISSING]),
        (SLIM, "bash", []),
        (SLIM, "python", []),
        (SLIM, "node", [MISSING]),
        (SLIM + "RUN apt-get update && apt-get install -y curl\n", "curl", []),
        (SLIM + "RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev\n", "curl", [MISSING]),
        (SLIM + "RUN apt-get update && apt-get install -y $TOOLS\n", "curl", []),
        (SLIM + "RUN apt-get update && apt-get install -y gcc\n", "node", []),
        (SLIM + "RUN if true; then apt-get install -y curl; fi\n", "curl", []),
        (SLIM + "RUN ./install.sh\n", "curl", []),
        (SLIM + "COPY tools/ /usr/local/bin/\n", "curl", []),
        (SLIM + "COPY entry.sh /usr/local/bin/\n", "curl", [MISSING]),
        (SLIM + "COPY --from=tools /out /\n", "curl", []),
        (SLIM + "ADD tools.tar.gz /\n", "curl", []),
        (SLIM + "COPY --from=tools /x/curl /x/curl\n", "curl", []),
        (SLIM + "WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n", "curl", [MISSING]),
        ("FROM python:3.12 AS b\nRUN apt-get install -y curl\n" + SLIM + "COPY --from=b /a /a\n", "curl", [MISSING]),
        ("FROM python:3.12\n", "curl", []),
        ("FROM python:3.12-alpine\n", "curl", [MISSING]),
        ("FROM python:3.12-alpine\n", "wget", []),
        ("FROM python:3.12-alpine\n", "bash", [MISSING]),
        ("FROM python:3.12-alpine\nRUN apk add git\n", "bash", []),
        ("FROM some/thing:1\n", "curl", []),
        ("FROM $BASE\n", "curl", []),
        ("FROM scratch\nCOPY web /web\n", "curl", [MISSING]),
        ("FROM scratch\nCOPY --from=b /rootfs /\n", "curl", []),
        ("FROM scratch\nCOPY --from=b /usr/bin/curl /usr/bin/\n", "curl", []),
        ("FROM gcr.io/distroless/nodejs22-debian12\n", "node", []),
        ("FROM gcr.io/distroless/nodejs22-debian12\n", "curl", [MISSING]),
    ],
)
def test_probes_of_builds(dockerfile: str, probe: str, expected: list[str]) -> None:
    text = built(f"    port: 80\n    healthcheck:\n      liveness: /\n      probe: {probe}\n")
    assert found(text, {"a/Dockerfile": dockerfile}) == expected


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        (SLIM + "HEALTHCHECK CMD curl -f http://127.0.0.1/\n", [MISSING]),
        (SLIM + 'HEALTHCHECK --interval=5s --timeout=1s CMD ["curl", "-f", "http://127.0.0.1/"]\n', [MISSING]),
        (SLIM + 'HEALTHCHECK CMD ["python", "-m", "check"]\n', []),
        (SLIM + "RUN apt-get install -y curl\nHEALTHCHECK CMD curl -f http://127.0.0.1/\n", []),
        ("FROM scratch\nCOPY web /web\nHEALTHCHECK CMD /web --check\n", [MISSING]),
        ('FROM scratch\nCOPY web /web\nHEALTHCHECK CMD ["/web", "--check"]\n', []),
        (SLIM + "HEALTHCHECK NONE\n", []),
    ],
)
def test_the_image_asks_by_what_it_has_not(dockerfile: str, expected: list[str]) -> None:
    assert found(built(""), {"a/Dockerfile": dockerfile}) == expected


@pytest.mark.parametrize(
    ("image", "check", "further", "expected"),
    [
        ("postgres:17", "pg_isready -U a", "", [EARLY]),
        ("postgres:17", "pg_isready -h /var/run/postgresql", "", [EARLY]),
        ("postgres:17", "psql -U a -c 'select 1'", "", [EARLY]),
        ("postgres:17", "pg_isready -h 127.0.0.1", "", []),
        ("postgres:17", "pg_isready -hlocalhost", "", []),
        ("postgres:17", "pg_isready --host=a", "", []),
        ("postgres:17", "pg_isready && psql -h 127.0.0.1 -c 'select 1'", "", []),
        ("postgres:17", "psql postgresql://a@127.0.0.1/a -c 'select 1'", "", []),
        ("postgres:17", "PGHOST=127.0.0.1 pg_isready", "", []),
        ("postgres:17", "pg_isready", "    environment:\n      PGHOST: 127.0.0.1\n", []),
        ("postgres:17", "pg_isready", "    compose:\n      entrypoint: /start\n", []),
        ("postgis/postgis:17-3.5", "pg_isready", "", [EARLY]),
        ("bitnamilegacy/postgresql:17", "pg_isready", "", []),
        ("shop/api:1.0", "pg_isready", "", []),
        ("mysql:8.4", "mysqladmin ping", "", [EARLY]),
        ("mysql:8.4", "mysqladmin ping -h localhost -u root", "", [EARLY]),
        ("mysql:8.4", "mysqladmin ping -h 127.0.0.1", "", []),
        ("mysql:8.4", "mysqladmin ping --host=a", "", []),
        ("mysql:8.4", "mysqladmin ping -h localhost --protocol=tcp", "", []),
        ("mariadb:11.4", "mariadb-admin ping", "", [EARLY]),
        ("mariadb:11.4", "mariadb -h 127.0.0.1 -e 'select 1'", "", []),
        ("mongo:7.0", "mongosh --eval 'db.adminCommand(1)'", "", []),
        (
            "mongo:7.0",
            "mongosh --eval 'db.adminCommand(1)'",
            "    environment:\n      MONGO_INITDB_ROOT_USERNAME: a\n",
            [EARLY],
        ),
        (
            "mongo:7.0",
            "mongosh mongodb://127.0.0.1:27017/a --eval 1",
            "    volumes:\n      - ./a/init:/docker-entrypoint-initdb.d:ro\n",
            [EARLY],
        ),
        (
            "mongo:7.0",
            'mongosh --host "$$(hostname)" --eval 1',
            "    environment:\n      MONGO_INITDB_ROOT_USERNAME: a\n",
            [],
        ),
        ("mongo:7.0", "mongosh a:27017 --eval 1", "    environment:\n      MONGO_INITDB_ROOT_USERNAME: a\n", []),
    ],
)
def test_what_is_true_too_early(image: str, check: str, further: str, expected: list[str]) -> None:
    assert found(published(image, check, further), {"a/init/a.js": ""}) == expected


def test_a_database_of_ones_own_is_asked_as_its_base_is() -> None:
    text = built("    healthcheck:\n      command: pg_isready\n")
    assert found(text, {"a/Dockerfile": "FROM postgres:17\n"}) == [EARLY]
    assert found(text, {"a/Dockerfile": 'FROM postgres:17\nENTRYPOINT ["/start"]\n'}) == []


@pytest.mark.parametrize(
    ("command", "check", "further", "expected"),
    [
        ("redis-server --requirepass x", "redis-cli ping", "", [LOGIN]),
        ("redis-server --requirepass x", "redis-cli -e ping", "", [LOGIN]),
        ("redis-server --requirepass x", "redis-cli ping | grep PONG", "", [LOGIN]),
        ("redis-server --requirepass x", "redis-cli -a x ping", "", []),
        ("redis-server --requirepass x", "REDISCLI_AUTH=x redis-cli ping", "", []),
        ("redis-server --requirepass x", "redis-cli ping", "    environment:\n      REDISCLI_AUTH: x\n", []),
        ("redis-server --requirepass x", "redis-cli ping", "    compose:\n      env_file: ./a.env\n", []),
        ("redis-server --appendonly yes", "redis-cli ping", "", []),
        ("redis-server --requirepass x", "test -f /ready", "", []),
    ],
)
def test_who_is_turned_away(command: str, check: str, further: str, expected: list[str]) -> None:
    assert found(published("redis:7.4", check, f"    command: {command}\n{further}")) == expected


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("curl http://127.0.0.1/", [ANY]),
        ("curl -sS -o /dev/null http://localhost:80/health || exit 1", [ANY]),
        ("curl -fsS http://127.0.0.1/", []),
        ("curl -sSf http://127.0.0.1/", []),
        ("curl --fail http://127.0.0.1/", []),
        ("curl --fail-with-body http://127.0.0.1/", []),
        ("curl -s http://127.0.0.1/ | grep -q ok", []),
        ("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1/ | grep 200", []),
        ('test "$$(curl -s http://127.0.0.1/)" = ok', []),
        ("curl --version", []),
        ("curl -s telnet://127.0.0.1:25", []),
    ],
)
def test_which_answer_satisfies(check: str, expected: list[str]) -> None:
    assert found(published("shop/web:1.0", check)) == expected


@pytest.mark.parametrize(
    ("image", "times", "expected"),
    [
        ("shop/web:1.0", "", []),
        ("shop/web:1.0", "      interval: 1s\n      retries: 2\n      start_period: 1s\n", [TIMES]),
        ("shop/web:1.0", "      interval: 1s\n      retries: 5\n      start_period: 0s\n", []),
        ("shop/web:1.0", "      interval: 2s\n      timeout: 20s\n", []),
        ("elasticsearch:8.17.0", "      start_period: 5s\n      interval: 2s\n      retries: 3\n", [TIMES]),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.17.0", "      start_period: 0s\n      retries: 3\n", [TIMES]),
        ("elasticsearch:8.17.0", "", []),
        ("shop/web:1.0", "      interval: 10m\n", []),
        ("shop/web:1.0", "      interval: 11m\n", [TIMES]),
    ],
)
def test_times(image: str, times: str, expected: list[str]) -> None:
    assert found(published(image, "test -f /ready", times)) == expected


def test_a_check_that_starts_slowly_has_time() -> None:
    times = "      start_period: 60s\n"
    assert found(published("rabbitmq:4.1", "rabbitmq-diagnostics -q ping", times)) == [TIMES]
    assert found(published("rabbitmq:4.1", "rabbitmq-diagnostics -q ping", f"{times}      timeout: 15s\n")) == []


def test_intervals_add_up_along_the_longest_way() -> None:
    service = "  {}:\n    image: shop/web:1.0\n    healthcheck:\n      command: test -f /a\n      interval: 4m\n"
    waits = "    depends_on:\n      {}:\n"
    three = service.format("a") + service.format("b") + waits.format("a") + service.format("c")
    assert found("services:\n" + three) == []
    assert found("services:\n" + three + waits.format("b")) == [TIMES]


@pytest.mark.parametrize(
    ("check", "dockerfile", "expected"),
    [
        ("healthcheck: /", SLIM + "HEALTHCHECK CMD true\n", [OWN]),
        ("healthcheck:\n      command: test -f /a", SLIM + "HEALTHCHECK CMD true\n", [OWN]),
        ("healthcheck:\n      readiness: /", SLIM + "HEALTHCHECK CMD true\n", []),
        ("healthcheck:\n      liveness: /\n      probe: image", SLIM + "HEALTHCHECK CMD true\n", []),
        ("healthcheck:\n      probe: none", SLIM + "HEALTHCHECK CMD true\n", []),
        ("healthcheck: /", SLIM + "HEALTHCHECK NONE\n", []),
        ("role: a", SLIM + "HEALTHCHECK CMD true\n", []),
        ("healthcheck:\n      interval: 2s", SLIM + "HEALTHCHECK CMD true\n", [IGNORED]),
        ("healthcheck:\n      interval: 2s\n      retries: 3", SLIM, [IGNORED]),
        ("healthcheck:\n      probe: python", SLIM, [IGNORED]),
        ("healthcheck:\n      probe: auto", SLIM, []),
        ("healthcheck:\n      probe: none\n      interval: 2s", SLIM, [IGNORED]),
        ("healthcheck:\n      probe: none\n      readiness: /", SLIM, []),
        ("healthcheck:\n      command: test -f /a\n      port: 80", SLIM, [IGNORED]),
        ("healthcheck:\n      command: test -f /a\n      port: 80\n      readiness: /", SLIM, []),
        ("healthcheck:\n      readiness: /\n      interval: 2s", SLIM, []),
    ],
)
def test_which_check_counts(check: str, dockerfile: str, expected: list[str]) -> None:
    assert found(built(f"    port: 80\n    {check}\n"), {"a/Dockerfile": dockerfile}) == expected


def test_a_default_that_nothing_uses_is_no_mistake() -> None:
    service = "services:\n  a:\n    image: shop/web:1.0\n    port: 80\n"
    assert found(f"defaults:\n  healthcheck:\n    interval: 2s\n    retries: 9\n{service}") == []
    own = "    healthcheck:\n      timeout: 2s\n"
    assert found(f"defaults:\n  healthcheck:\n    interval: 2s\n{service}{own}") == [IGNORED]


def test_an_environment_without_a_check_may_leave_its_times() -> None:
    text = published("shop/web:1.0", "test -f /a", "      interval: 2s\n")
    assert (
        found(
            f"{text}environments:\n  staging:\n    services:\n      a:\n        healthcheck:\n          probe: none\n"
        )
        == []
    )


@pytest.mark.parametrize(
    "command",
    [
        "CMD curl -f http://127.0.0.1/",
        "CMD-SHELL curl -f http://127.0.0.1/",
        "NONE",
        "\n        - CMD\n        - curl",
    ],
)
def test_words_of_compose(command: str) -> None:
    assert found(published("shop/web:1.0", command)) == [WORD]


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        ("    build: ./a\n", {}, []),
        ("    build: ./a\n", {"a/main.py": ""}, ["BUILD001"]),
        ("    build: ./a\n", {"b/Dockerfile": SLIM}, ["BUILD001"]),
        ("    build: ./a\n", {"README.md": ""}, []),
        ("    build: .\n", {"README.md": ""}, []),
        ("    build: ./x/a\n", {"x/b/Dockerfile": SLIM}, ["BUILD001"]),
        ("    build: ../a\n", {"b/Dockerfile": SLIM}, []),
        ("    build: ./a\n    port: 80\n    healthcheck: /\n", {"a/main.py": ""}, ["HEALTH002"]),
        (
            "    build: ./a\n    port: 80\n    healthcheck:\n      liveness: /\n      probe: curl\n",
            {"a/main.py": ""},
            ["BUILD001"],
        ),
        ("    build:\n      context: ./a\n      dockerfile: Dockerfile.dev\n", {"a/Dockerfile": SLIM}, ["BUILD001"]),
        ("    build:\n      context: ./a\n      target: b\n", {"a/Dockerfile": SLIM}, ["BUILD002"]),
        ("    build:\n      context: ./a\n      target: b\n", {"a/Dockerfile": "FROM x AS B\n"}, []),
        ("    build:\n      context: ./a\n      target: '0'\n", {"a/Dockerfile": SLIM}, []),
        ("    build:\n      context: ./a\n      target: ${TARGET:-b}\n", {"a/Dockerfile": SLIM}, []),
        ("    build: ./a\n", {"a/Dockerfile": "\n"}, ["BUILD003"]),
    ],
)
def test_builds(settings: str, files: dict[str, str], expected: list[str]) -> None:
    assert found(f"services:\n  a:\n{settings}", files) == expected


def test_a_build_is_missing_beside_one_that_is_there() -> None:
    text = "services:\n  a:\n    build: ./a\n  b:\n    build: ./b\n"
    assert found(text, {"b/Dockerfile": SLIM}) == ["BUILD001"]


@pytest.mark.parametrize(
    ("ports", "dockerfile", "expected"),
    [
        ("port: 80", SLIM, []),
        ("port: 80", SLIM + "EXPOSE 80\n", []),
        ("port: 81", SLIM + "EXPOSE 80\n", ["BUILD004"]),
        ("port: internal:81", SLIM + "EXPOSE 80 82\n", ["BUILD004"]),
        ("port: 81", SLIM + "EXPOSE 80-90\n", []),
        ("port: 81", SLIM + "EXPOSE 81/udp\n", []),
        ("port: 81", SLIM + "EXPOSE $PORT 80\n", []),
        ("port: 81", SLIM + "ENV PORT=80\nEXPOSE $PORT\n", ["BUILD004"]),
        ("port: 81", "FROM nginx:1.27\nEXPOSE 80\n", []),
        ("port: 81", "FROM php:8.3-apache\nEXPOSE 80\n", []),
        ("port: 81\n    environment:\n      PORT: 81", SLIM + "EXPOSE 80\n", []),
        ("port: 81\n    command: serve --port=81", SLIM + "EXPOSE 80\n", []),
        ("ports:\n      site: 80\n      more: 81", SLIM + "EXPOSE 80\n", ["BUILD005"]),
        ("ports:\n      site: 82\n      more: 81", SLIM + "EXPOSE 80 81\n", ["BUILD004"]),
        ("ports:\n      site: 80\n      more: 9229", SLIM + "EXPOSE 80\n", []),
        ("ports:\n      site: 80\n      debugger: 81", SLIM + "EXPOSE 80\n", []),
        ("port: 80\n    develop:\n      debug_port: 5678", SLIM + "EXPOSE 80\n", []),
    ],
)
def test_ports_that_are_not_exposed(ports: str, dockerfile: str, expected: list[str]) -> None:
    assert found(built(f"    {ports}\n"), {"a/Dockerfile": dockerfile}) == expected


@pytest.mark.parametrize(
    ("path", "target", "further", "files", "expected"),
    [
        ("./a", "/app", "", {}, ["DEVELOP002"]),
        ("./a/src", "/app/src", "", {}, []),
        ("./a", "/srv", "", {}, []),
        ("./a/node_modules", "/app/node_modules", "", {}, ["DEVELOP002"]),
        ("./a", "/app", "          ignore:\n            - node_modules/\n", {}, []),
        ("./a", "/app", "", {"a/.dockerignore": "# x\n**/node_modules\n"}, []),
        ("./a", "/app", "", {"a/.dockerignore": "!node_modules\n"}, ["DEVELOP002"]),
        ("./a", "/app", "", {"a/Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n"}, []),
        ("./a", "/app", "", {"a/Dockerfile": "FROM node:22\nWORKDIR /app\nRUN npm install -g pnpm\n"}, []),
        ("./a", "/app", "", {"a/Dockerfile": "FROM node:22\nWORKDIR /app\nRUN cd /deps && npm ci\n"}, []),
        (
            "./a",
            "/app",
            "",
            {"a/Dockerfile": SLIM + "WORKDIR /app\nRUN uv sync --frozen\n", "a/pyproject.toml": ""},
            ["DEVELOP002"],
        ),
        ("./a", "/app", "", {"a/Dockerfile": SLIM + "WORKDIR /app\nRUN pip install .\n", "a/pyproject.toml": ""}, []),
    ],
)
def test_what_is_synced(path: str, target: str, further: str, files: dict[str, str], expected: list[str]) -> None:
    watch = f"        - path: {path}\n          action: sync\n          target: {target}\n{further}"
    texts = {"a/Dockerfile": NODE, "a/package.json": "{}", **files}
    assert found(built(f"    develop:\n      watch:\n{watch}"), texts) == expected
    assert found(built(f"    develop:\n      watch:\n{watch.replace('sync', 'rebuild', 1)}"), texts) == []


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        ("    volumes:\n      - ./a:/app\n", {}, ["DEVELOP003"]),
        ("    volumes:\n      - ./a:/app\n      - packages:/app/node_modules\n", {}, []),
        ("    volumes:\n      - ./a/src:/app/src\n", {}, []),
        ("    volumes:\n      - packages:/app\n", {}, []),
        ("    volumes:\n      - ./a:/app\n    command: sh -c 'npm install && npm start'\n", {}, []),
        ("    volumes:\n      - ./a:/app\n", {"a/Dockerfile": NODE + 'ENTRYPOINT ["/start"]\n'}, []),
        ("    volumes:\n      - ./a:/app\n", {"a/Dockerfile": NODE + 'CMD ["sh", "-c", "npm ci && npm start"]\n'}, []),
        ("    volumes:\n      - ./b:/app\n", {"b/index.html": ""}, []),
        (
            "    volumes:\n      - ./a:/app\n",
            {"a/Dockerfile": "FROM node:22\nWORKDIR /app\nRUN npm install && mv node_modules /node_modules\n"},
            [],
        ),
        (
            "    volumes:\n      - ./a:/app\n",
            {"a/Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY --from=b /app/node_modules ./node_modules\n"},
            ["DEVELOP003"],
        ),
    ],
)
def test_what_is_mounted_over_packages(settings: str, files: dict[str, str], expected: list[str]) -> None:
    texts = {"a/Dockerfile": NODE, "a/package.json": "{}", "a/src/a.js": "", **files}
    assert found(built(settings), texts) == expected
