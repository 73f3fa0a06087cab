"""The command `periplus`."""

import gc
import sys

from compiler.text.twin import twin

_INTERRUPTED = 130
_YOUNG = 50_000
"""How many objects are made before rings are looked for among them: nearly all that a run makes it needs to the end."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from compiler import __version__  # noqa: PLC0415

        sys.stdout.write(f"periplus {__version__}\n")
        return
    try:
        code = _answered(sys.argv[1:])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


def _answered(words: list[str]) -> int:
    """The exit code: of the door where nothing has changed since the last compile, else of the whole program."""
    door = twin("compiler.quick_door") if "compile" in words else None
    code: int | None = door.answer(words) if door else None
    if code is None:
        gc.set_threshold(_YOUNG)
        from compiler.cli import run  # noqa: PLC0415 - the door imports almost nothing

        code = run(words)
    return code


if __name__ == "__main__":
    main()
