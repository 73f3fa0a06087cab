"""The command `periplus`."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from compiler import __version__  # noqa: PLC0415

        sys.stdout.write(f"periplus {__version__}\n")
        return
    try:
        from compiler.cli import run  # noqa: PLC0415 - an interrupt while importing ends as any other

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
