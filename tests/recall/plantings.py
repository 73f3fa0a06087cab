"""Faults to plant into the examples: edits of their texts, and the line that must be named for each.

The line where the finding belongs ends in `# here`, in the manifest or in the file that has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

HERE = "# here"


class Cast(NamedTuple):
    """What of an example plays which part; every line stands there exactly once."""

    service: str
    """Which service the faults are planted into."""
    port: str
    dockerfile: str
    host: str
    exposed: str
    """What its Dockerfile listens on."""
    environment: str
    """The last line of its environment."""
    second: str
    """The port of a service further down."""
    second_exposed: str
    route: str
    """The last line of the routes."""
    path: str
    """A prefix that leads somewhere, without its slash."""
    range: str


CASTS = {
    "01-gateway": Cast(
        service="auth-service",
        port="    port: 8091:8000\n",
        dockerfile="auth-service/Dockerfile",
        host="8091",
        exposed="8000",
        environment="      JWT_SECRET: ${secrets.JWT_SECRET}\n",
        second="    port: 8092:8000\n",
        second_exposed="8000",
        route="      access_log: false\n",
        path="/api",
        range="  range: 8090-8199\n",
    ),
    "02-trading": Cast(
        service="accounts",
        port="    port: 3001:3001\n",
        dockerfile="accounts/Dockerfile",
        host="3001",
        exposed="3001",
        environment="      LOG_LEVEL: ${LOG_LEVEL:-info}\n",
        second="    port: 3000:3000\n",
        second_exposed="3000",
        route="    - path: /\n      service: trading\n",
        path="/accounts",
        range="  range: 3000-3099\n",
    ),
    "03-commerce": Cast(
        service="storefront",
        port="    port: 4000:3000\n",
        dockerfile="storefront/Dockerfile",
        host="4000",
        exposed="3000",
        environment="      ORDERS_URL: ${orders.url}\n",
        second="    role: Orders\n    port: 8080\n",
        second_exposed="8080",
        route="      websocket: true\n",
        path="/api/orders",
        range="  range: 4000-4199\n",
    ),
}

CHECKED = "the Dockerfile of the cast, with a HEALTHCHECK"


class Planting(NamedTuple):
    """One fault, planted the same way into every example.

    `edits` are by anchor: `replace port` and `after environment` name a line of the cast, `under services` the line
    that opens a section. `files` are further texts by path, None to take one away.
    """

    fault: str
    form: str
    edits: Mapping[str, str]
    files: Mapping[str, str | None] = {}
    without: Mapping[str, str] = {}
    """Examples it makes no sense in, each with the reason."""

    @property
    def of_file(self) -> bool:
        """Whether the finding is of a file as a whole, not of a line."""
        return self.fault == "foreign-compose"

    @property
    def name(self) -> str:
        """What the test is called by."""
        return f"{self.fault}-{self.form}"


def planted(planting: Planting, example: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The example with the fault in it. Raises AssertionError where an anchor is not there exactly once."""
    cast = CASTS[example]
    changed = dict(texts)
    for path, text in planting.files.items():
        place = _filled(path, cast)
        if text is None:
            del changed[place]
        else:
            changed[place] = _with_check(changed[place]) if text == CHECKED else _filled(text, cast)
    manifest = changed["integration.yaml"]
    for anchor, text in planting.edits.items():
        manifest = _edited(manifest, anchor, _filled(text, cast), cast)
    changed["integration.yaml"] = manifest
    return changed


def place_in(texts: Mapping[str, str]) -> tuple[str, int]:
    """Path and line of what was planted."""
    places = [
        (path, number)
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if line.endswith(HERE)
    ]
    assert len(places) == 1, places
    return places[0]


def service(*lines: str) -> str:
    """A service of its own, to stand under `services`."""
    return "".join(f"{line}\n" for line in ("  planted:", *(f"    {line}" for line in lines)))


def infrastructure(*lines: str) -> str:
    """An instance of its own, to stand under `infrastructure`."""
    return "".join(f"{line}\n" for line in ("  planted-db:", *(f"    {line}" for line in lines)))


REFERRED = "      PLANTED_HOST: ${planted.host}\n"
"""What uses a planted service."""
NODE = {
    "planted/Dockerfile": (
        "FROM node:22-alpine\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\nEXPOSE 3000\n"
        'CMD ["node", "server.js"]\n'
    ),
    "planted/package.json": "{}\n",
}
"""What a planted service is built of."""
DEVELOPED = service(
    "build: ./planted",
    "port: 3000",
    "healthcheck: /health",
    "develop:",
    "  debug_port: 9229",
    "  command: node --inspect=0.0.0.0:9229 server.js",
)


def _filled(text: str, cast: Cast) -> str:
    for name, value in {**cast._asdict(), "PATH": cast.path.upper()}.items():
        text = text.replace(f"<{name}>", value.removesuffix("\n"))
    return text


def _with_check(dockerfile: str) -> str:
    line = next(line for line in dockerfile.splitlines(keepends=True) if line.startswith("EXPOSE "))
    return dockerfile.replace(line, f"{line}HEALTHCHECK --interval=5s CMD /usr/local/bin/is-alive\n", 1)


def _edited(manifest: str, anchor: str, text: str, cast: Cast) -> str:
    where, _, name = anchor.partition(" ")
    line = f"\n{name}:\n" if where == "under" else getattr(cast, name)
    if where == "under" and line not in manifest:
        return f"{manifest}\n{name}:\n{text}"
    assert manifest.count(line) == 1, (anchor, line)
    return manifest.replace(line, text if where == "replace" else line + text)
