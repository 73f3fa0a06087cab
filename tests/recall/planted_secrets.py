"""Secrets: written as text in every form, unsafe in a URL, unused."""

from __future__ import annotations

from tests.recall.plantings import NODE, Planting, infrastructure, service

PLAIN = "planted" + "secret"


_MIXED = "9x-planted" + "-7Q!k"
_SPARSE = "q7Wm2Zr9" + "Xc4Vb6Ny" + "Lk8Tj3Hp" + "Ds5Gf1Qa"


_TOKENS = {
    "github": "gh" + "p_" + "1A2b3C4d5E" * 4,
    "aws": "AK" + "IA" + "QWERTYUIOP123456",
    "stripe": "sk" + "_live_" + "1A2b3C4d5E" * 3,
    "slack": "xo" + "xb-123456789012-" + "1A2b3C4d5E" * 2,
    "gitlab": "glp" + "at-" + "1A2b3C4d5E" * 2,
    "google": "AI" + "za" + "1A2b3C4d5E" * 3 + "12345",
    "web-token": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxMjM0In0." + "1A2b3C4d5E" * 4 + "abc",
}

"""Of the shapes that services give theirs, in pieces: whoever searches this repository for tokens finds none."""


_ZEROS = "0" * 64


PLANTED_SECRETS = (PLAIN, _ZEROS, _MIXED, _SPARSE, *_TOKENS.values())


SECRETS = (
    Planting(
        "secret-url-unsafe",
        "required",
        {
            "under secrets": "  PLANTED_PASSWORD: required # here\n",
            "after environment": "      PLANTED_URL: http://planted:${secrets.PLANTED_PASSWORD}@partner.example/\n",
        },
    ),
    Planting(
        "secret-url-unsafe",
        "variable",
        {
            "after environment": "      PLANTED_URL: http://planted:${PLANTED_PASSWORD:?of the partner}@partner.example/ # here\n"
        },
    ),
    Planting("secret-text", "name", {"after environment": f"      PLANTED_PASSWORD: {PLAIN} # here\n"}),
    Planting("secret-text", "entropy", {"after environment": f"      PLANTED_SETTING: {_SPARSE} # here\n"}),
    Planting(
        "secret-text", "url", {"after environment": f"      PLANTED_URL: amqp://planted:{PLAIN}@mq:5672/ # here\n"}
    ),
    Planting(
        "secret-text", "default", {"after environment": f"      PLANTED_TOKEN: ${{PLANTED_TOKEN:-{_MIXED}}} # here\n"}
    ),
    *(
        Planting("secret-text", form, {"after environment": f"      PLANTED_ID: {token} # here\n"})
        for form, token in _TOKENS.items()
    ),
    Planting(
        "secret-text",
        "build",
        {
            "under services": service(
                "build:", "  context: ./planted", "  args:", f"    NPM_TOKEN: {PLAIN} # here", "port: 3000"
            )
        },
        NODE,
    ),
    Planting(
        "secret-text",
        "infrastructure",
        {
            "under infrastructure": infrastructure("type: redis", f"password: {PLAIN} # here"),
            "after environment": "      PLANTED_URL: ${planted-db.url}\n",
        },
    ),
    Planting(
        "secret-text",
        "command",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", f"command: serve --password={PLAIN} # here"
            )
        },
    ),
    Planting(
        "secret-by-default", "variable", {"after environment": "      PLANTED: ${PLANTED_PASSWORD:-planted} # here\n"}
    ),
    Planting(
        "secret-by-default", "name", {"after environment": "      PLANTED_PASSWORD: ${PLANTED:-planted123} # here\n"}
    ),
    Planting(
        "secret-by-default",
        "url",
        {
            "after environment": "      PLANTED_URL: amqp://${PLANTED_USER:-planted}:${PLANTED:-planted}@mq:5672/ # here\n"
        },
    ),
    Planting(
        "secret-by-default",
        "command",
        {
            "under services": service(
                "image: registry.example/planted:1.4.2", "command: serve --requirepass ${PLANTED:-planted} # here"
            )
        },
    ),
    *(
        Planting("secret-text", form, {"after environment": f"      {line} # here\n"})
        for form, line in (
            ("salt", f"PLANTED_SALT: {PLAIN}"),
            ("glued", f"PLANTEDPASSWORD: {PLAIN}"),
            ("zeros", f'PLANTED_ENCRYPTION_KEY: "{_ZEROS}"'),
            ("cipher", f"PLANTED_AES_256_KEY: {PLAIN}"),
        )
    ),
    Planting("secret-unused", "generated", {"under secrets": "  PLANTED: generated # here\n"}),
)
