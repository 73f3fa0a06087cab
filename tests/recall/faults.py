"""Which rule finds which class of fault."""

from __future__ import annotations

CODES = {
    "absolute-path": "PATH001",
    "bind-public": "PORT009",
    "check-cannot-run": "HEALTH007",
    "check-any-answer": "HEALTH010",
    "check-cannot-run-http": "HEALTH003",
    "check-first-boot": "HEALTH008",
    "base-floating": "BUILD006",
    "base-moved": "BUILD006",
    "check-left-to-nobody": "HEALTH015",
    "check-noauth": "HEALTH009",
    "debug-port": "PORT010",
    "dependency-inactive": "DEP005",
    "dockerfile-missing": "BUILD001",
    "dockerfile-missing-asked-by-http": "HEALTH002",
    "dockerfile-missing-other-name": "HEALTH002",
    "environment-owned": "VARIABLE001",
    "foreign-compose": "GIT003",
    "gateway-stale": "ROUTE009",
    "healthcheck-replaced": "HEALTH012",
    "healthy-without-check": "HEALTH001",
    "image-floating": "IMAGE002",
    "image-moved": "IMAGE003",
    "infrastructure-unused": "DATA002",
    "infrastructure-unused-part": "DATA001",
    "image-floating-version": "SCHEMA003",
    "mount-hides-packages": "DEVELOP003",
    "old-data-folder": "DATA010",
    "one-shot-as-service": "DEP006",
    "one-shot-unawaited": "DEP004",
    "port-duplicate": "PORT001",
    "port-not-exposed": "BUILD004",
    "port-not-exposed-internal": "BUILD005",
    "port-overlap": "PORT001",
    "port-overlap-replicas": "PORT006",
    "port-range": "PORT003",
    "port-range-backwards": "PORT005",
    "port-range-range": "PORT005",
    "route-ambiguous": "ROUTE001",
    "route-ambiguous-case": "ROUTE010",
    "route-ambiguous-gateway": "ROUTE003",
    "route-shadowed": "ROUTE011",
    "secret-by-default": "SECRET010",
    "secret-text": "SECRET001",
    "secret-text-entropy": "SECRET009",
    "secret-unused": "SECRET003",
    "secret-url-unsafe": "SECRET005",
    "secret-url-unsafe-variable": "SECRET006",
    "secrets-not-ignored": "GIT002",
    "secrets-tracked": "GIT001",
    "service-unreachable": "SERVICE002",
    "start-longer": "HEALTH011",
    "sync-node-modules": "DEVELOP002",
}
"""Class of fault, or class and form where another rule finds that form -> code."""


def code_of(fault: str, form: str = "") -> str:
    """The rule that finds a fault in a form."""
    return CODES.get(f"{fault}-{form}") or CODES[fault]
