"""Whole processes, timed in turn with a reference command of the same run: ratios of medians, never absolute verdicts.

`make bench` prints the table. Absolute times drift with the machine; the ratios hold.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
SIZES = (5, 50, 200)
PERIPLUS = (sys.executable, "-m", "compiler")
REFERENCE = (sys.executable, "-c", "pass")


def chain(size: int) -> str:
    """A manifest of `size` services, each calling the one before, with a database for every tenth."""
    lines = ["version: 1", "name: chain", "ports:", "  range: 20000-29999", "infrastructure:", "  db:"]
    lines += [
        "    type: postgres",
        "    databases:",
        *(f"      d{index}:" for index in range(0, size, 10)),
        "services:",
    ]
    for index in range(size):
        lines += [f"  s{index}:", "    image: registry.example/service:1", "    port: 8000", "    healthcheck:"]
        lines += ["      liveness: /health", "      probe: curl", "    environment:", f"      NAME: s{index}"]
        lines += [f"      DATABASE_URL: ${{db.d{index}.url}}"] if index % 10 == 0 else []
        lines += [f"      BEFORE_URL: ${{s{index - 1}.url}}"] if index else []
    return "\n".join(lines) + "\n"


def once(command: tuple[str, ...], folder: Path) -> float:
    """CPU seconds of one process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def ratio(command: tuple[str, ...], folder: Path, *, fresh: bool) -> tuple[float, float]:
    """Median CPU seconds of the command, and its ratio to starting Python, measured in turn."""
    ours, reference = [], []
    for _ in range(ROUNDS):
        if fresh:
            shutil.rmtree(folder / "integration", ignore_errors=True)
        reference.append(once(REFERENCE, folder))
        ours.append(once(command, folder))
    return statistics.median(ours), statistics.median(ours) / max(statistics.median(reference), 1e-4)


def main() -> None:
    """Print the table."""
    start = time.monotonic()
    write = sys.stdout.write
    write(f"{'work':<34}{'CPU s':>9}{'x python -c pass':>19}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in SIZES:
            (folder / "integration.yaml").write_text(chain(size), encoding="utf-8")
            for work, command, fresh in (
                ("compile, cold", (*PERIPLUS, "-q", "compile"), True),
                ("compile --check, unchanged", (*PERIPLUS, "-q", "compile", "--check"), False),
            ):
                seconds, times = ratio(command, folder, fresh=fresh)
                write(f"{f'{work}, {size} services':<34}{seconds:>9.3f}{times:>19.1f}\n")
        seconds, times = ratio((*PERIPLUS, "--version"), folder, fresh=False)
        write(f"{'--version':<34}{seconds:>9.3f}{times:>19.1f}\n")
    write(f"measured in {time.monotonic() - start:.0f} s, median of {ROUNDS}, alternating\n")


if __name__ == "__main__":
    main()
