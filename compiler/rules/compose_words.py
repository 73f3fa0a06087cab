"""Words of Compose, and of YAML, that people bring along: what a manifest has instead of each."""

from __future__ import annotations

from compiler.text.regex import regex

_LOCAL = "write it in `docker-compose.local.yml`, which is yours: a manifest has nothing of the kind"
_SERVICE = regex(r"(?:environments\.[^.]+\.)?services\.[^.]+|defaults")
_ADDRESS = regex(r"[0-9.]+:([0-9]+:[0-9]+)")
_JOB = "write the job as the `migrate` of its service: who depends on that service waits for the end of the job"

_OF_SERVICES = {
    "container_name": "leave it out: Compose names each container after the project, so that copies can stand together",
    "deploy": "write `replicas`, and `cpus` or `mem_limit` under `compose`; else see `docker-compose.local.yml`",
    "expose": "write `port`, such as `port: internal:8000`: other services reach it, and nothing is published",
    "links": "leave it out: services reach each other by their names, and `depends_on` orders the start",
    "scale": "write `replicas`",
    **dict.fromkeys(("cgroup", "configs", "gpus", "network_mode", "pull_policy", "userns_mode", "uts"), _LOCAL),
}
_OF_CHECKS = {
    "test": "write `command`, without `CMD` or `CMD-SHELL`; or the path that is asked, such as `healthcheck: /health`",
    "disable": "write `probe: none`",
}
_CONDITIONS = {"service_healthy": "healthy", "service_started": "started"}
_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def of_key(key: str, where: str) -> str:
    """What to write instead of a key of Compose in the mapping `where`; empty for any other."""
    if _SERVICE.fullmatch(where):
        return _OF_SERVICES.get(key, "")
    return _OF_CHECKS.get(key, "") if where.endswith(".healthcheck") else ""


def of_value(value: str, accepted: str) -> str:
    """What to write instead of a value that only Compose takes, where a key takes `accepted`; empty for any other."""
    if accepted == "`true` or `false`" and value.lower() in _FLAGS:
        return f"write `{_FLAGS[value.lower()]}`"
    if "`healthy`" in accepted and value in _CONDITIONS:
        return f"write `{_CONDITIONS[value]}`"
    if "`healthy`" in accepted and value == "service_completed_successfully":
        return _JOB
    address = _ADDRESS.fullmatch(value)
    if address is not None and "`internal:8000`" in accepted:
        return f"write `{address[1]}`; the address is the same for all ports, and stands in `ports.bind`"
    return ""
