"""The same faults where they are written elsewhere: in an environment, a fragment, the defaults."""

from __future__ import annotations

from tests.recall.planted_secrets import PLAIN
from tests.recall.plantings import Planting


def _in_environment(*lines: str) -> dict[str, str]:
    return {"under environments": "".join(f"{line}\n" for line in ("  staging:", *(f"    {line}" for line in lines)))}


def _in_fragment(*lines: str) -> tuple[dict[str, str], dict[str, str]]:
    services = "".join(f"{line}\n" for line in ("services:", *(f"  {line}" for line in lines)))
    return {"under include": "  - planted/part.yaml\n"}, {"planted/part.yaml": services}


ELSEWHERE = (
    Planting(
        "secret-text",
        "of-an-environment",
        _in_environment("services:", "  <service>:", "    environment:", f"      PLANTED_PASSWORD: {PLAIN} # here"),
    ),
    Planting("bind-public", "of-an-environment", _in_environment("ports:", "  bind: 0.0.0.0 # here")),
    Planting(
        "image-floating",
        "of-an-environment",
        _in_environment("services:", "  planted:", "    image: registry.example/planted:latest # here"),
    ),
    Planting(
        "environment-owned",
        "of-an-environment",
        _in_environment("services:", "  <service>:", "    environment:", "      LD_PRELOAD: /opt/planted.so # here"),
    ),
    Planting("image-moved", "of-a-fragment", *_in_fragment("planted:", "  image: bitnami/redis:7.4.2 # here")),
    Planting(
        "secret-text",
        "of-a-fragment",
        *_in_fragment(
            "planted:",
            "  image: registry.example/planted:1.4.2",
            "  environment:",
            f"    PLANTED_PASSWORD: {PLAIN} # here",
        ),
    ),
    Planting(
        "dependency-inactive",
        "of-a-fragment",
        *_in_fragment(
            "planted:",
            "  image: registry.example/planted:1.4.2",
            "  depends_on:",
            "    sleeping: # here",
            "sleeping:",
            "  image: registry.example/planted:1.4.2",
            "  profiles:",
            "    - tools",
        ),
    ),
    Planting(
        "environment-owned",
        "of-defaults",
        {"under defaults": "  environment:\n    LD_PRELOAD: /opt/planted.so # here\n"},
    ),
    Planting(
        "secret-text", "of-defaults", {"under defaults": f"  environment:\n    PLANTED_PASSWORD: {PLAIN} # here\n"}
    ),
)
