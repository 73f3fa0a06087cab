"""Start order and routes."""

from __future__ import annotations

from tests.recall.plantings import Planting, infrastructure, service

ORDER = (
    Planting(
        "one-shot-unawaited",
        "none",
        {
            "under infrastructure": infrastructure("type: postgres", "databases:", "  planted: # here"),
            "after environment": "      PLANTED_URL: ${planted-db.planted.url}\n",
            "after port": "    depends_on:\n      planted-db:\n        condition: none\n",
        },
    ),
    Planting(
        "one-shot-unawaited",
        "profile",
        {
            "under infrastructure": infrastructure("type: postgres", "databases:", "  planted:"),
            "under services": service(
                "image: registry.example/planted:1.4.2",
                "profiles:",
                "  - tools",
                "environment:",
                "  PLANTED_URL: ${planted-db.planted.url}",
            ),
            "after environment": "      PLANTED_URL: ${planted-db.planted.url}\n",
            "after port": "    depends_on:\n      planted-db:\n        condition: none # here\n",
        },
    ),
    Planting(
        "one-shot-as-service",
        "name",
        {
            "under services": service("image: registry.example/planted:1.4.2").replace(
                "planted:", "planted-migrate:", 1
            ),
            "after port": "    depends_on:\n      planted-migrate: # here\n        condition: started\n",
        },
    ),
    Planting(
        "one-shot-as-service",
        "command",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2",
                "command: manage.py migrate --no-input",
                "compose:",
                '  restart: "no"',
            ).replace("planted:\n", "planted: # here\n", 1)
        },
    ),
    Planting(
        "dependency-inactive",
        "reference",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2",
                "profiles:",
                "  - tools",
                "port: 9000",
                "healthcheck:",
                "  probe: none",
            ),
            "after environment": "      PLANTED_URL: ${planted.url} # here\n",
        },
    ),
    Planting(
        "dependency-inactive",
        "written",
        {
            "under services": service("image: registry.example/planted:1.4.2", "profiles:", "  - tools"),
            "after port": "    depends_on:\n      planted: # here\n",
        },
    ),
)


ROUTES = (
    Planting("route-ambiguous", "twice", {"after route": "    - path: <path>/ # here\n      service: <service>\n"}),
    Planting("route-ambiguous", "slash", {"after route": "    - path: <path> # here\n      service: <service>\n"}),
    Planting(
        "route-ambiguous", "gateway", {"after route": "    - path: /__gateway/ # here\n      service: <service>\n"}
    ),
    Planting("route-ambiguous", "case", {"after route": "    - path: <PATH>/ # here\n      service: <service>\n"}),
    Planting(
        "route-shadowed", "placeholder", {"after route": "    - path: /planted/:id # here\n      service: <service>\n"}
    ),
    *(
        Planting(
            "gateway-stale",
            form,
            {
                "under services": service(
                    "image: nginx:1.28.0-alpine",
                    "port: 80",
                    "healthcheck:",
                    "  probe: none",
                    "volumes:",
                    "  - ./planted/nginx.conf:/etc/nginx/conf.d/default.conf:ro",
                    "depends_on:",
                    "  <service>:",
                ),
            },
            {"planted/nginx.conf": conf},
        )
        for form, conf in (
            (
                "direct",
                "server {\n    listen 80;\n    location / {\n        proxy_pass http://<service>:<exposed>; # here\n    }\n}\n",
            ),
            (
                "upstream",
                (
                    "upstream planted {\n    server <service>:<exposed>; # here\n}\n"
                    "server {\n    listen 80;\n    location / {\n        proxy_pass http://planted;\n    }\n}\n"
                ),
            ),
        )
    ),
)
