"""Children that all compile at once: `race FOLDER COUNT MANIFEST...`; each writes its own edit of a manifest first.

The manifests are taken in turns. Where the first line of one is `# race`, every child gives it another service.
A line for each child is printed: its exit code and what it said.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.commands.project import periplus
from tests.update.remember import remember

EDITED = "# race"


def main(folder: Path, count: int, manifests: list[str]) -> None:
    """Start all of them, let them go at once, and tell how each ended."""
    remember(setattr)
    for manifest in manifests:
        assert periplus(folder, "compile", "--check", manifest).code == 1
    waiting, start = os.pipe()
    children = [_child(folder, number, manifests[number % len(manifests)], waiting, start) for number in range(count)]
    os.close(waiting)
    os.close(start)
    for child in children:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - what the test reads


def _child(folder: Path, number: int, manifest: str, waiting: int, start: int) -> int:
    child = os.fork()
    if child:
        return child
    os.close(start)
    os.read(waiting, 1)  # until nobody can write any more
    _edit(folder / manifest, number)
    outcome = periplus(folder, "compile", manifest)
    sys.stderr.write(outcome.err)
    sys.stderr.flush()
    os._exit(outcome.code)


def _edit(manifest: Path, number: int) -> None:
    text = manifest.read_text()
    if text.startswith(EDITED):
        mine = manifest.with_name(f"{manifest.name}.{number}")
        service = f"services:\n  worker-{number}:\n    image: example/worker:{number}\n    port: 8000\n"
        mine.write_text(text.replace("services:\n", service, 1))
        mine.replace(manifest)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
