"""Images, what nobody uses or reaches, development, builds, and what stands beside our files."""

from __future__ import annotations

from tests.recall.plantings import NODE, Planting, infrastructure, service

IMAGES = (
    *(
        Planting(fault, form, {"under services": service(f"image: {image} # here")})
        for fault, form, image in (
            ("image-floating", "latest", "registry.example/planted:latest"),
            ("image-floating", "untagged", "registry.example/planted"),
            ("image-floating", "port-and-untagged", "registry.example:5000/planted"),
            ("image-moved", "bitnami", "bitnami/redis:7.4.2"),
            ("image-moved", "bitnami-in-full", "docker.io/bitnami/postgresql:16.4.0"),
            ("image-moved", "minio", "minio/minio:RELEASE.2025-04-22T22-12-26Z"),
            ("image-moved", "localstack", "localstack/localstack:latest"),
        )
    ),
    Planting(
        "image-floating",
        "infrastructure",
        {
            "under infrastructure": infrastructure("type: redis", "image: redis:latest # here"),
            "after environment": "      PLANTED_URL: ${planted-db.url}\n",
        },
    ),
    Planting(
        "image-floating",
        "version",
        {
            "under infrastructure": infrastructure("type: redis", "version: latest # here"),
            "after environment": "      PLANTED_URL: ${planted-db.url}\n",
        },
    ),
    Planting(
        "image-moved",
        "infrastructure",
        {
            "under infrastructure": infrastructure("type: redis", "image: bitnami/redis:7.4.2 # here"),
            "after environment": "      PLANTED_URL: ${planted-db.url}\n",
        },
    ),
)


_OF_NODE = NODE["planted/Dockerfile"]
BASES = tuple(
    Planting(
        fault,
        form,
        {"under services": service("build: ./planted", "port: 3000")},
        {**NODE, "planted/Dockerfile": text},
    )
    for fault, form, text in (
        ("base-floating", "untagged", _OF_NODE.replace("node:22-alpine", "node # here")),
        ("base-floating", "latest", _OF_NODE.replace("node:22-alpine", "node:latest # here")),
        ("base-floating", "stage", f"FROM golang AS build # here\n{_OF_NODE}"),
        ("base-moved", "bitnami", _OF_NODE.replace("node:22-alpine", "bitnami/node:22.4.0 # here")),
    )
)
REST = (
    Planting("infrastructure-unused", "instance", {"under infrastructure": "  planted-db: # here\n    type: redis\n"}),
    Planting(
        "infrastructure-unused",
        "part",
        {
            "under infrastructure": infrastructure("type: postgres", "databases:", "  used:", "  unused: # here"),
            "after environment": "      PLANTED_URL: ${planted-db.used.url}\n",
        },
    ),
    Planting(
        "service-unreachable",
        "internal",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "port: internal:9000", "healthcheck:", "  probe: none"
            ).replace("planted:\n", "planted: # here\n", 1)
        },
        without={"01-gateway": "every service joins a network there that other projects reach it by"},
    ),
    Planting(
        "sync-node-modules",
        "whole",
        {
            "under services": service(
                "build: ./planted",
                "port: 3000",
                "develop:",
                "  watch:",
                "    - path: ./planted # here",
                "      action: sync",
                "      target: /app",
            )
        },
        NODE,
    ),
    Planting(
        "sync-node-modules",
        "itself",
        {
            "under services": service(
                "build: ./planted",
                "port: 3000",
                "develop:",
                "  watch:",
                "    - path: ./planted/node_modules # here",
                "      action: sync",
                "      target: /app/node_modules",
            )
        },
        NODE,
    ),
    Planting(
        "old-data-folder",
        "postgres",
        {
            "under services": service(
                "image: postgres:18.1",
                "environment:",
                "  POSTGRES_HOST_AUTH_METHOD: trust",
                "volumes:",
                "  - planted:/var/lib/postgresql/data # here",
            )
        },
    ),
    Planting("environment-owned", "path", {"after environment": "      PATH: /opt/planted/bin # here\n"}),
    Planting("environment-owned", "preload", {"after environment": "      LD_PRELOAD: /opt/planted.so # here\n"}),
    Planting(
        "environment-owned",
        "developing",
        {
            "under services": service(
                "build: ./planted",
                "port: 3000",
                "healthcheck: /health",
                "develop:",
                "  environment:",
                "    PATH: /opt/planted/bin # here",
            )
        },
        NODE,
    ),
    Planting(
        "dockerfile-missing",
        "asked-by-http",
        {"under services": service("build: ./planted # here", "port: 3000", "healthcheck: /health")},
        {"planted/package.json": "{}\n"},
    ),
    Planting(
        "dockerfile-missing",
        "other-name",
        {
            "under services": service(
                "build:", "  context: ./planted", "  dockerfile: Dockerfile.dev # here", "port: 3000"
            )
        },
        NODE,
    ),
    Planting(
        "dockerfile-missing",
        "with-probe",
        {
            "under services": service(
                "build: ./planted # here", "port: 3000", "healthcheck:", "  liveness: /health", "  probe: node"
            )
        },
        {"planted/package.json": "{}\n"},
    ),
    *(
        Planting("foreign-compose", name.replace(".", "-"), {}, {f"integration/{name}": "services: {} # here\n"})
        for name in ("compose.yaml", "compose.yml", "docker-compose.yaml", "compose.override.yaml")
    ),
)
