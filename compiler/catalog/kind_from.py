"""From the mapping of a `kind.yaml` to a Kind for one version and one set of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.catalog.rules import applied
from compiler.model.kind import Kind, KindJob, KindPort, PartFamily, PartOption
from compiler.model.plan import Timing

_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000}


def kind_from(
    name: str, written: Mapping[str, Any], files: Mapping[str, str], version: str, given: frozenset[str]
) -> Kind:
    """Give the kind for this version, where the settings `given` were written. The mapping must be valid."""
    kind = applied(written, version, given)
    image, health = kind["image"], kind["health"]
    return Kind(
        name=name,
        title=kind["title"],
        default_version=kind["default_version"],
        image=image["name"],
        image_tag=image["tag"],
        password=kind["password"],
        user=kind.get("user", ""),
        ports=tuple(_port(port, entry) for port, entry in kind["ports"].items()),
        data=kind.get("data", ""),
        hostname=_flag(kind, "hostname"),
        command=tuple(kind.get("command", ())),
        environment=dict(kind.get("environment", {})),
        config=tuple(kind.get("config", ())),
        health=(health["shell"],) if "shell" in health else tuple(health.get("command", ())),
        health_shell="shell" in health,
        image_health=_flag(health, "image"),
        timing=_timing(health),
        parts={family: _family(family, entry) for family, entry in kind.get("parts", {}).items()},
        outputs=dict(kind["outputs"]),
        viewer=_flag(kind, "viewer"),
        client=tuple(kind.get("client", ())),
        files=dict(files),
        verified_on=kind["verified_on"],
    )


def _flag(entry: Mapping[str, Any], key: str) -> bool:
    return entry.get(key) == "true"


def _port(name: str, entry: Mapping[str, str]) -> KindPort:
    return KindPort(name, int(entry["container"]), entry["scheme"], _flag(entry, "publish"))


def _timing(health: Mapping[str, str]) -> Timing:
    return Timing(
        interval_ms=_milliseconds(health["interval"]),
        timeout_ms=_milliseconds(health["timeout"]),
        retries=int(health["retries"]),
        grace_ms=_milliseconds(health["start_period"]),
    )


def _milliseconds(duration: str) -> int:
    number = duration.rstrip("ms")
    return int(number) * _MILLISECONDS[duration[len(number) :]]


def _family(name: str, entry: Mapping[str, Any]) -> PartFamily:
    job = _job(entry["job"]) if "job" in entry else None
    return PartFamily(
        name=name,
        singular=entry["singular"],
        grammar=entry["names"],
        reserved=tuple(entry.get("reserved", ())),
        options={
            option: PartOption(rule["default"], rule["grammar"], tuple(rule.get("reserved", ())))
            for option, rule in entry.get("options", {}).items()
        },
        secret=_flag(entry, "login"),
        job=job,
        schema_job=_with_schema(job, entry["schema"]) if job and "schema" in entry else None,
        seed_job=_job(entry["seed"]) if "seed" in entry else None,
        outputs=dict(entry["outputs"]),
    )


def _job(entry: Mapping[str, Any]) -> KindJob:
    return KindJob(tuple(entry["command"]), dict(entry.get("environment", {})))


def _with_schema(job: KindJob, entry: Mapping[str, Any]) -> KindJob:
    return job._replace(command=(*job.command, *entry["arguments"]))
