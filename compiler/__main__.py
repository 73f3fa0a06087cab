"""The command `periplus`."""

import sys

_INTERRUPTED = 130
_YOUNG = 50_000
"""How many objects are made before rings are looked for among them: nearly all that a run makes it needs to the end."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        code = _version() if sys.argv[1:] == ["--version"] else _answered(sys.argv[1:])
        _heed_no_interrupt()
    except KeyboardInterrupt:
        _heed_no_interrupt()
        code = _INTERRUPTED
    sys.exit(code)


def _version() -> int:
    """Say which version this is, without what a run needs; the whole program does where stdout is not as usual."""
    from compiler import __version__  # noqa: PLC0415

    try:
        sys.stdout.write(f"periplus {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # closed before the start, gone, or full
        return _answered(["--version"])
    return 0


def _answered(words: list[str]) -> int:
    """The exit code: of the door where nothing has changed since the last compile, else of the whole program."""
    import gc  # noqa: PLC0415 - an interrupt here is one, too

    from compiler.text.twin import twin  # noqa: PLC0415

    door = twin("compiler.quick_door") if "compile" in words else None
    code: int | None = door.answer(words) if door else None
    if code is None:
        gc.set_threshold(_YOUNG)
        from compiler.cli import run  # noqa: PLC0415 - the door imports almost nothing

        code = run(words)
    return code


def _heed_no_interrupt() -> None:
    """All is done; while it ends, Python would show where it is."""
    import _signal  # type: ignore[import-not-found] # noqa: PLC0415 - `signal` without what takes it time to import

    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


if __name__ == "__main__":
    main()
