"""What looks like a fault and is none: planted the same way, nothing may be said of it."""

from __future__ import annotations

from tests.recall.plantings import NODE, REFERRED, Planting, service

_TRUSTING = ("environment:", "  POSTGRES_HOST_AUTH_METHOD: trust")

INNOCENT = (
    *(
        Planting("environment", form, {"after environment": f"      {line}\n"})
        for form, line in (
            ("path-of-a-key", "PLANTED_TLS_KEY: /certs/planted.key"),
            ("file-of-a-password", "PLANTED_PASSWORD_FILE: /run/secrets/planted"),
            ("empty-by-default", "PLANTED_PASSWORD: ${PLANTED_PASSWORD:-}"),
            ("path-by-default", "PLANTED_TLS_KEY: ${PLANTED_TLS_KEY:-/certs/planted.key}"),
            ("file-by-default", "PLANTED_SECRET_KEY: ${PLANTED_SECRET_KEY:-planted.pem}"),
            ("path-with-a-parameter", 'PLANTED_SECRET_KEY: "%kernel.project_dir%/config/private.pem"'),
            ("refusal-by-default", "ALLOW_EMPTY_PASSWORD: ${ALLOW_EMPTY_PASSWORD:-yes}"),
            ("wanted", "PLANTED_PASSWORD: ${PLANTED_PASSWORD:?set it}"),
            ("allowed-to-be-empty", 'ALLOW_EMPTY_PASSWORD: "yes"'),
            ("time-of-a-token", "PLANTED_TOKEN_SECONDS: 3600"),
            ("name-of-a-class", "PLANTED_CONVERTER: org.apache.kafka.connect.storage.StringConverter"),
            ("digest", f"PLANTED_REVISION: {'0123456789abcdef' * 2}01234567"),
            ("identifier", "PLANTED_TENANT: 123e4567-e89b-12d3-a456-426614174000"),
            ("url-without-a-password", "PLANTED_URL: amqp://planted@mq:5672/"),
            ("whole-path", "PATH: /app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("host-of-everybody", "HOSTNAME: 0.0.0.0"),
        )
    ),
    *(
        Planting("check", form, {"under services": service(*lines), "after environment": REFERRED})
        for form, lines in (
            (
                "postgres-over-tcp",
                ("image: postgres:17.6", "healthcheck:", "  command: pg_isready -h 127.0.0.1 -U postgres", *_TRUSTING),
            ),
            ("redis-without-password", ("image: redis:7.4-alpine", "healthcheck:", "  command: redis-cli ping")),
            (
                "mariadb-of-its-own",
                (
                    "image: mariadb:11.4.8",
                    "healthcheck:",
                    "  command: healthcheck.sh --connect --innodb_initialized",
                    "environment:",
                    '  MARIADB_RANDOM_ROOT_PASSWORD: "yes"',
                ),
            ),
            (
                "alpine-asks-by-wget",
                ("image: nginx:1.28.0-alpine", "healthcheck:", "  command: wget -q --spider http://127.0.0.1/"),
            ),
        )
    ),
    Planting(
        "service",
        "named-by-hand",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "port: internal:9000", "healthcheck:", "  probe: none"
            ),
            "after environment": "      PLANTED_HOST: planted:9000\n",
        },
    ),
    Planting("service", "digest", {"under services": service(f"image: postgres@sha256:{'1' * 64}", *_TRUSTING)}),
    Planting(
        "service",
        "data-folder",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "volumes:", "  - ./planted:/var/lib/planted"
            )
        },
    ),
    Planting(
        "service",
        "port-of-a-debugger-of-others",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "port: 5678", "healthcheck:", "  probe: none"
            )
        },
    ),
    Planting(
        "watch",
        "without-packages",
        {
            "under services": service(
                "build: ./planted",
                "port: 3000",
                "healthcheck: /health",
                "develop:",
                "  watch:",
                "    - path: ./planted",
                "      action: sync",
                "      target: /app",
                "      ignore:",
                "        - node_modules/",
            )
        },
        NODE,
    ),
    Planting(
        "secret",
        "generated-in-a-url",
        {
            "under secrets": "  PLANTED_PASSWORD: generated\n",
            "after environment": "      PLANTED_URL: http://planted:${secrets.PLANTED_PASSWORD}@partner.example/\n",
        },
    ),
)
