"""Attempts to write, or to read, outside the output directory: each prepares a project, and says how it is run."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HEAD = "version: 1\nname: shop\n"
WEB = "services:\n  web:\n    image: nginx:1.27\n    port: 8000\n"
DATABASE = """\
infrastructure:
  postgres:
    type: postgres
    databases:
      shop:
        {key}: {path}
services:
  web:
    image: nginx:1.27
    port: 8000
    environment:
      DB: ${{postgres.shop.url}}
"""
LOCK = {"format": 1, "periplus": "0.1.0", "ports": {}, "versions": {}}


class Attempt(NamedTuple):
    """A manifest, further files, what is done to the folder then, and the words of the command."""

    name: str
    manifest: str
    files: Mapping[str, str] = MappingProxyType({})
    prepare: Callable[[Path], object] = lambda _: None
    words: tuple[str, ...] = ("compile",)
    compiled_first: bool = False


OUTPUTS = (
    *(
        "..",
        "../out",
        "../../out",
        "../secret",
        "a/../../out",
        "./../out",
        "/tmp/periplus-escape",
        "~/out",
        "~root/out",
    ),
    *(
        "..\\out",
        "a\\..\\..\\out",
        "C:\\out",
        "C:/out",
        "C:out",
        "\\\\server\\share",
        "//server/share",
        "file:///tmp/x",
    ),
    *(
        "%2e%2e/out",
        "%2e%2e%2fout",
        "..%2fout",
        "\uff0e\uff0e/out",
        "\u2024\u2024/out",
        "..\u200b/out",
        "\u2026/out",
        ".../out",
    ),
    *(
        ".. /out",
        " ../out",
        "../ out",
        ".",
        "./",
        "a/..",
        ".git",
        ".git/hooks",
        "x/.git/hooks",
        ".GIT/hooks",
        ".git./hooks",
        ".git /x",
        "git~1/x",
        ".g\u200cit/x",
    ),
    *("out:stream", "out::$DATA", "CON", "NUL", "aux.txt", "integration.yaml", "integration.lock.json", "out\\x00"),
    *('"out\\n../x"', "$HOME/out", "${HOME}/out", "$(id)/out", "`id`", "-rf", "--check"),
)
"""What is written after `output:`; most of it is refused, some is an odd name of a folder below."""


def link(path: str, target: str) -> Callable[[Path], None]:
    """Put a link, with the folders above it, in place of what stands there."""

    def prepare(folder: Path) -> None:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir() and not place.is_symlink():
            place.rename(folder / "moved")
        else:
            place.unlink(missing_ok=True)
        place.symlink_to(target)

    return prepare


def lock(**entries: object) -> dict[str, str]:
    """A lock with further entries."""
    return {"integration.lock.json": json.dumps({**LOCK, **entries})}


def attempts() -> tuple[Attempt, ...]:
    """Every attempt."""
    return (
        *(Attempt(f"output {each!r}", f"{HEAD}output: {each}\n{WEB}") for each in OUTPUTS),
        *_linked(),
        *_named_files(),
        *_locked(),
    )


def _linked() -> tuple[Attempt, ...]:
    """Links where files and folders of the tree, the lock and the registry belong."""
    plain = HEAD + WEB
    out = "integration"
    places = (
        *((out, "../outside"), (f"{out}/scripts", "../../outside"), (f"{out}/tests", "../../outside")),
        *((f"{out}/README.md", "../../outside/notes"), (f"{out}/docker-compose.yml", "../../outside/none")),
        *((f"{out}/scripts/start.sh", "../../../outside/notes"), (f"{out}/.gitignore", "/dev/null")),
        *((f"{out}/.periplus", "../../outside"), (f"{out}/.periplus/base", "../../../outside")),
        *((f"{out}/.periplus/unchanged", "../../../outside/notes"), (f"{out}/.env.example", "../../outside/notes")),
        *((f"{out}/plan.json", "../../outside/notes"), (f"{out}/docker-compose.local.yml", "../../outside/none")),
        *(("integration.lock.json", "../outside/notes"), ("integration.lock.json", "../outside/none")),
    )
    fresh = (Attempt(f"{path} -> {target}", plain, {}, link(path, target)) for path, target in places)
    later = (
        Attempt(f"{path} -> {target}, later", plain, {}, link(path, target), compiled_first=True)
        for path, target in places
    )
    below = HEAD + "output: deep/er/out\n" + WEB
    return (
        *fresh,
        *later,
        Attempt("a folder above the output", below, {}, link("deep", "../outside")),
        Attempt("a second folder above the output", below, {}, link("deep/er", "../../outside")),
        Attempt("a ring of links", plain, {}, link(out, out)),
        Attempt("a link to the root", plain, {}, link(out, "/")),
        Attempt("a link to git's hooks", plain, {}, link(out, ".git/hooks")),
        Attempt("a kept file behind a link", plain, {}, link(f"{out}/README.md", "../../outside/notes"),
                ("keep", f"{out}/README.md"), compiled_first=True),
        Attempt("overwriting a link", plain, {}, link(f"{out}/README.md", "../../outside/notes"),
                ("compile", "--overwrite", f"{out}/README.md"), compiled_first=True),
        Attempt("a registry behind a link", f"{HEAD}ports:\n  registry: PORTS.json\n{WEB}", {},
                link("PORTS.json", "../outside/ports"), ("ports", "claim")),
        Attempt("a registry behind a link to nothing", f"{HEAD}ports:\n  registry: PORTS.json\n{WEB}", {},
                link("PORTS.json", "../outside/none"), ("ports", "claim")),
        Attempt("a registry in a linked folder", f"{HEAD}ports:\n  registry: far/PORTS.json\n{WEB}", {},
                link("far", "../outside"), ("ports", "claim")),
    )  # fmt: skip


def _named_files() -> tuple[Attempt, ...]:
    """Paths in the manifest that lead out, and names that become names of files."""
    climbing = (
        "../outside/notes",
        "/etc/passwd",
        "..\\outside\\notes",
        "%2e%2e/outside/notes",
        "a/../../outside/notes",
    )
    evil = "title: t\nport: 1\nfiles:\n  - {file}\n"
    return (
        *(Attempt(f"a seed {each}", HEAD + DATABASE.format(key="seed", path=each)) for each in climbing),
        *(Attempt(f"a schema {each}", HEAD + DATABASE.format(key="schema", path=each)) for each in climbing),
        *(Attempt(f"an include {each}", f"{HEAD}include:\n  - {each}\n{WEB}") for each in climbing),
        *(Attempt(f"an include of all: {each}", f"{HEAD}include:\n  - '{each}'\n{WEB}")
          for each in ("../**", "/etc/*", "../outside/*", "../../../../../../etc/*.conf")),
        *(Attempt(f"a registry {each}", f"{HEAD}ports:\n  registry: {each}\n{WEB}", words=("ports", "claim"))
          for each in ("../outside/new", "/tmp/periplus-ports", "a/../../outside/new", "~/ports")),
        *(Attempt(f"a certificate {each}", f"{HEAD}{WEB}gateway:\n  type: nginx\n  tls:\n    certificate: {each}\n"
                  f"    key: {each}\n  routes:\n    - path: /\n      service: web\n") for each in climbing[:3]),
        *(Attempt(f"a build of {each}", f"{HEAD}services:\n  web:\n    build: {each}\n    port: 8000\n    healthcheck:\n"
                  "      liveness: /\n      probe: curl\n") for each in ("../outside", "/etc", "~", "a/../../outside")),
        *(Attempt(f"a Dockerfile {each}", f"{HEAD}services:\n  web:\n    build:\n      context: .\n      dockerfile: {each}\n")
          for each in ("../outside/notes", "/etc/passwd")),
        *(Attempt(f"a service {each!r}", f"{HEAD}services:\n  {each}:\n    image: nginx:1.27\n")
          for each in ("../x", '"/x"', '"x\\n"', '"x\\0"', '".."', '"con"', '"x/y"')),
        *(Attempt(f"an environment {each!r}", f"{HEAD}{WEB}environments:\n  {each}:\n    services:\n      web:\n        replicas: 1\n")
          for each in ("../x", '"/x"', '".."', '"x\\n"', '"a/b"')),
        *(Attempt(f"an instance {each!r}", f"{HEAD}infrastructure:\n  {each}:\n    type: postgres\n    databases:\n      shop:\n{WEB}")
          for each in ("../x", '".."', '"/x"', '"init/x"')),
        *(Attempt(f"a project {each!r}", f"version: 1\nname: {each}\n{WEB}") for each in ("../x", '".."', '"/x"', '"x\\n"')),
        *(Attempt(f"a kind {each!r}", f"{HEAD}infrastructure:\n  queue:\n    type: {each}\n{WEB}")
          for each in ("../../outside", "/etc", "..", "nats/../../..")),
        *(Attempt(f"a kind's file {each!r}", f"{HEAD}infrastructure:\n  queue:\n    type: nats\n{WEB}",
                  {"kinds/nats/kind.yaml": evil.format(file=each)}) for each in ("../../x", "/etc/x", "a/b", "'..'")),
    )  # fmt: skip


def _locked() -> tuple[Attempt, ...]:
    """Locks that name files and folders elsewhere."""
    plain = HEAD + WEB
    climbing = (
        "../../outside/notes",
        "/etc/passwd",
        "../integration.yaml",
        "..",
        ".env",
        "scripts/../../../outside/notes",
    )
    return (
        *(Attempt(f"a kept file {each}", plain, lock(kept=[each])) for each in climbing),
        *(Attempt(f"a kept file {each}, after", plain, lock(kept=[each]), compiled_first=True) for each in climbing),
        Attempt("a lock with ports of others", plain, lock(ports={"../../x": 8000, "web": "../x"})),
        Attempt("a lock with versions that climb", plain, lock(versions={"../x": "../../y", "postgres": "1/../.."})),
        *(Attempt(f"keeping {each}", plain, words=("keep", each), compiled_first=True)
          for each in ("../outside/notes", "integration/../../outside/notes", "integration.yaml", "/etc/passwd")),
        *(Attempt(f"overwriting {each}", plain, words=("compile", "--overwrite", each), compiled_first=True)
          for each in ("../outside/notes", "integration.yaml", "/etc/passwd")),
        *(Attempt(f"answering with {each}", plain, {"answers.json": json.dumps({"output": each})},
                  words=("review", "--answers", "answers.json")) for each in ("../outside", "/tmp/periplus-escape", ".git")),
    )  # fmt: skip
