"""Ports: taken twice, out of range, for more than this machine, of a debugger, not exposed."""

from __future__ import annotations

from tests.recall.plantings import DEVELOPED, NODE, Planting, infrastructure

PORTS = (
    Planting("port-duplicate", "services", {"replace second": "    port: <host>:<second_exposed> # here\n"}),
    Planting(
        "port-duplicate",
        "one-service",
        {"replace port": "    ports:\n      web: <host>:<exposed>\n      more: <host>:<exposed> # here\n"},
    ),
    Planting(
        "port-overlap",
        "infrastructure",
        {"under infrastructure": infrastructure("type: mailpit", "publish: <host> # here")},
    ),
    Planting(
        "port-overlap",
        "gateway",
        {"under gateway": "  port: <host> # here\n"},
        without={"01-gateway": "its gateway runs on the host, where no port can be given"},
    ),
    Planting("port-overlap", "replicas", {"replace port": "    port: <host>:<exposed> # here\n    replicas: 2\n"}),
    Planting(
        "port-overlap",
        "debugger",
        {
            "replace second": "    port: 9339:<second_exposed> # here\n",
            "under services": DEVELOPED.replace("9229", "9339"),
        },
        NODE,
    ),
    Planting(
        "bind-public",
        "everywhere",
        {"under ports": "  bind: 0.0.0.0 # here\n"},
    ),
    Planting("bind-public", "six", {"under ports": '  bind: "::" # here\n'}),
    Planting("bind-public", "address", {"under ports": "  bind: 192.0.2.7 # here\n"}),
    Planting(
        "debug-port",
        "node",
        {"replace port": "    ports:\n      web: <host>:<exposed>\n      inspector: 9339:9229 # here\n"},
    ),
    Planting(
        "debug-port",
        "java",
        {
            "replace port": "    ports:\n      web: <host>:<exposed>\n      jdwp: 5005:5005\n",
            "after environment": "      JAVA_TOOL_OPTIONS: -agentlib:jdwp=transport=dt_socket,server=y,address=*:5005 # here\n",
        },
    ),
    Planting(
        "debug-port",
        "command",
        {"replace port": "    port: <host>:<exposed>\n    command: node --inspect=0.0.0.0:9229 server.js # here\n"},
    ),
    Planting("port-not-exposed", "host", {"replace port": "    port: <host>:9999 # here\n"}),
    Planting(
        "port-not-exposed",
        "internal",
        {"replace port": "    ports:\n      web: <host>:<exposed>\n      more: internal:9999 # here\n"},
    ),
)


def ranges() -> tuple[Planting, ...]:
    fault = "port-range"
    no_host_mode = {"01-gateway": "its gateway runs on the host, where no port can be given"}
    return (
        Planting(fault, "host", {"replace port": "    port: 70000:<exposed> # here\n"}),
        Planting(fault, "zero", {"replace port": "    port: 0:<exposed> # here\n"}),
        Planting(fault, "container", {"replace port": "    port: <host>:70000 # here\n"}),
        Planting(
            fault,
            "internal",
            {"replace port": "    ports:\n      web: <host>:<exposed>\n      more: internal:65536 # here\n"},
        ),
        Planting(
            fault, "named", {"replace port": "    ports:\n      web: <host>:<exposed>\n      more: 99999 # here\n"}
        ),
        Planting(fault, "checked", {"after port": "    healthcheck:\n      port: 65536 # here\n"}),
        Planting(fault, "debugger", {"under services": DEVELOPED.replace("9229", "92290 # here")}, NODE),
        Planting(
            fault,
            "infrastructure",
            {"under infrastructure": infrastructure("type: mailpit", "publish: 70000 # here")},
        ),
        Planting(fault, "gateway", {"under gateway": "  port: 65536 # here\n"}, without=no_host_mode),
        Planting(fault, "range", {"replace range": "  range: 65000-65536 # here\n"}),
        Planting(fault, "backwards", {"replace range": "  range: 9000-8000 # here\n"}),
    )
