"""The command `periplus`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from compiler.cli import run  # noqa: PLC0415 - `--version` needs none of it

    if sys.argv[1:] == ["--version"]:
        from compiler import __version__  # noqa: PLC0415

        sys.stdout.write(f"periplus {__version__}\n")
        return
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
