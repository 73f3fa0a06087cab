"""Health checks: that nobody waits in vain for one, that they can run, tell the truth and have the time."""

from __future__ import annotations

from tests.recall.plantings import CHECKED, NODE, REFERRED, Planting, service

CHECKS = (
    Planting(
        "check-left-to-nobody",
        "published",
        {
            "under services": service("image: redis:7.4.2", "healthcheck:", "  probe: image # here"),
            "after port": "    depends_on:\n      planted:\n        condition: healthy\n",
        },
    ),
    Planting(
        "check-left-to-nobody",
        "built",
        {
            "under services": service("build: ./planted", "port: 3000", "healthcheck:", "  probe: image # here"),
        },
        NODE,
    ),
    Planting(
        "healthy-without-check",
        "service",
        {
            "under services": service("image: registry.example/planted:1.4.2"),
            "after port": "    depends_on:\n      planted:\n        condition: healthy # here\n",
        },
    ),
    Planting(
        "healthy-without-check",
        "none",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "port: 9000", "healthcheck:", "  probe: none"
            ),
            "after port": "    depends_on:\n      planted:\n        condition: healthy # here\n",
        },
    ),
    Planting(
        "healthy-without-check",
        "external",
        {
            "under services": service("url: https://partner.example"),
            "after port": "    depends_on:\n      planted:\n        condition: healthy # here\n",
        },
    ),
    Planting(
        "check-cannot-run",
        "command",
        {"after port": "    healthcheck:\n      command: curl -f http://127.0.0.1:<exposed>/health # here\n"},
    ),
    Planting(
        "check-cannot-run",
        "list",
        {
            "under services": service(
                "image: redis:7.4-alpine",
                "healthcheck:",
                "  command:",
                "    - curl # here",
                "    - -f",
                "    - http://127.0.0.1:6379/",
            ),
            "after environment": REFERRED,
        },
    ),
    Planting(
        "check-cannot-run",
        "shell",
        {
            "under services": service("build: ./planted", "healthcheck:", "  command: test -f /ready # here"),
        },
        {"planted/Dockerfile": 'FROM scratch\nCOPY planted /planted\nEXPOSE 3000\nCMD ["/planted"]\n'},
    ),
    Planting(
        "check-cannot-run",
        "http",
        {"under services": service("build: ./planted", "port: 3000", "healthcheck: /health # here")},
        {"planted/Dockerfile": 'FROM scratch\nCOPY planted /planted\nEXPOSE 3000\nCMD ["/planted"]\n'},
    ),
    Planting(
        "check-cannot-run",
        "bash",
        {
            "under services": service(
                "build: ./planted",
                "port: 3000",
                "healthcheck:",
                "  command:",
                "    - bash # here",
                "    - -c",
                "    - exec 3<>/dev/tcp/127.0.0.1/3000",
            ),
        },
        NODE,
    ),
    *(
        Planting(
            "check-first-boot",
            form,
            {
                "under services": service(f"image: {image}", "healthcheck:", f"  command: {command} # here", *more),
                "after environment": REFERRED,
            },
        )
        for form, image, command, more in (
            (
                "postgres",
                "postgres:16.4",
                "pg_isready -U postgres",
                ("environment:", "  POSTGRES_HOST_AUTH_METHOD: trust"),
            ),
            (
                "postgres-psql",
                "postgres:17.6-alpine",
                "psql -U postgres -c 'select 1'",
                ("environment:", "  POSTGRES_HOST_AUTH_METHOD: trust"),
            ),
            (
                "mysql",
                "mysql:8.4.6",
                "mysqladmin ping -h localhost",
                ("environment:", '  MYSQL_RANDOM_ROOT_PASSWORD: "yes"'),
            ),
            (
                "mariadb",
                "mariadb:11.4.8",
                "mariadb-admin ping --silent",
                ("environment:", '  MARIADB_RANDOM_ROOT_PASSWORD: "yes"'),
            ),
            (
                "mongo",
                "mongo:7.0.24",
                "mongosh --quiet --eval 'db.adminCommand(\"ping\").ok'",
                (
                    "environment:",
                    "  MONGO_INITDB_ROOT_USERNAME: planted",
                    "  MONGO_INITDB_ROOT_PASSWORD: ${PLANTED_PASSWORD:?of the database}",
                ),
            ),
        )
    ),
    Planting(
        "check-noauth",
        "redis",
        {
            "under secrets": "  PLANTED_PASSWORD: generated\n",
            "under services": service(
                "image: redis:7.4-alpine",
                "command: redis-server --requirepass ${secrets.PLANTED_PASSWORD}",
                "healthcheck:",
                "  command: redis-cli ping # here",
            ),
            "after environment": REFERRED,
        },
    ),
    Planting(
        "check-noauth",
        "valkey",
        {
            "under secrets": "  PLANTED_PASSWORD: generated\n",
            "under services": service(
                "image: valkey/valkey:8.1.3",
                "command:",
                "  - valkey-server",
                "  - --requirepass",
                "  - ${secrets.PLANTED_PASSWORD}",
                "healthcheck:",
                "  command:",
                "    - valkey-cli # here",
                "    - ping",
            ),
            "after environment": REFERRED,
        },
    ),
    Planting(
        "healthcheck-replaced",
        "path",
        {"after port": "    healthcheck: /health # here\n"},
        {"<dockerfile>": CHECKED},
    ),
    Planting(
        "healthcheck-replaced",
        "command",
        {"after port": "    healthcheck: # here\n      command: test -f /ready\n"},
        {"<dockerfile>": CHECKED},
    ),
    Planting(
        "start-longer",
        "service",
        {"after port": "    healthcheck: # here\n      interval: 1s\n      retries: 2\n      start_period: 1s\n"},
    ),
    Planting(
        "start-longer",
        "check",
        {
            "under services": service(
                "image: rabbitmq:4.1.4",
                "healthcheck:",
                "  command: rabbitmq-diagnostics -q check_port_connectivity",
                "  start_period: 60s",
                "  timeout: 3s # here",
            ),
            "after environment": REFERRED,
        },
    ),
    Planting(
        "start-longer",
        "database",
        {
            "under services": service(
                "image: postgres:17.6-alpine",
                "healthcheck: # here",
                "  command: pg_isready -h 127.0.0.1 -U postgres",
                "  interval: 1s",
                "  retries: 3",
                "  start_period: 1s",
                "environment:",
                "  POSTGRES_HOST_AUTH_METHOD: trust",
            ),
            "after environment": REFERRED,
        },
    ),
)
