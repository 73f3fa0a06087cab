"""The door before all that is heavy: a compile of what has not changed is answered from the record of the last one.

Nothing is trusted but content: every file that was read, every absence and pattern, all that stands in the output, the
lock, git's merge, and the program itself are as they were, or somebody else answers. Only what is asked for in the
plainest way is answered here.
"""

import os
import stat
import sys

from compiler.commands.quick_arguments import understood
from compiler.hands.installation import installation
from compiler.hands.sight import ABSENT, Sight, is_temporary, read_record, tree_digest, waiting_commit
from compiler.ownership.unchanged import read_record as record_of
from compiler.text.beside import default_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.commands.quick_arguments import Asked
    from compiler.ownership.unchanged import Record

_MANIFEST = "integration.yaml"
_OUTPUT = b"\noutput:"


def answer(words: "Sequence[str]") -> int | None:
    """The exit code, everything said; None where the whole program is to answer, and nothing was said."""
    asked = understood(words)
    if asked is None or asked.command != "compile" or None in {sys.stdout, sys.stderr}:
        return None
    try:
        records = [_unchanged(*place, asked) for place in _places(asked)]
        _insist(all(map(_is_sayable, records)))
        _insist(len(records) == 1 or not any(record.findings for record in records))
    except (OSError, ValueError, LookupError):
        return None
    reports = () if "quiet" in asked.flags else (record.report for record in records)
    return _say("".join(record.findings for record in records), "".join(reports))


def _insist(is_so: bool) -> None:  # noqa: FBT001 - reads like a sentence
    if not is_so:
        message = "somebody else must answer"
        raise ValueError(message)


def _places(asked: "Asked") -> "list[tuple[str, str]]":
    """The folder and name of each manifest, in the order they are named; the one here or in a folder above."""
    if not asked.manifests:
        return [_above(asked.directory)]
    named = (os.path.join(asked.directory, name) for name in asked.manifests)
    return list(dict.fromkeys(_place(path) for path in named))


def _above(directory: str) -> tuple[str, str]:
    parts = _parts(directory)
    while parts:
        folder = "/".join(parts) or "/"
        if os.path.lexists(f"{folder}/{_MANIFEST}"):
            return os.path.realpath(folder), _MANIFEST
        parts.pop()
    raise LookupError(directory)


def _place(path: str) -> tuple[str, str]:
    *folder, name = _parts(path)
    _insist(name not in {"", ".."} and os.path.exists(path))
    return os.path.realpath("/".join(folder) or "/"), name


def _parts(path: str) -> list[str]:
    """The names on the way to a path, as pathlib has them; the first is empty, for the root."""
    return ["", *(part for part in path.split("/") if part not in {"", "."})]


def _unchanged(folder: str, manifest: str, asked: "Asked") -> "Record":
    """The record of a manifest, if all is as it says. Raises ValueError, OSError or LookupError where it is not."""
    sight = Sight(folder)
    output = _output(sight, manifest)
    place = f"{folder}/{output}"
    record = record_of(read_record(place))
    shown = os.path.relpath(folder, os.path.realpath(asked.directory))
    _insist(record.place == (folder, sight.repository, manifest, output, "" if shown == "." else shown))
    _insist(sight.real(output) == os.path.normpath(place))
    _insist(record.reads[manifest] != ABSENT)
    _insist(record.lock in record.reads and stat.S_ISREG(os.lstat(f"{folder}/{record.lock}").st_mode))
    _insist(all(sight.file(path) == digest for path, digest in record.reads.items()))
    _insist(all(sight.glob(pattern) == digest for pattern, digest in record.globs.items()))
    _insist(waiting_commit(place) is None)
    _insist(not any(map(is_temporary, os.listdir(folder))))
    _insist(installation() == record.installation)
    _insist(tree_digest(place, record.wanted) == record.tree)
    return record


def _output(sight: Sight, manifest: str) -> str:
    """Where the output directory probably is; its record knows whether it is that."""
    lines = b"\n" + sight.content(manifest)
    _, found, after = lines.partition(_OUTPUT)
    told = after.partition(b"\n")[0].decode().partition(" #")[0].strip().strip("\"'")
    name = os.path.normpath(told) if found else default_output(manifest)
    _insist(not name.startswith(("/", "..")))
    return name


def _is_sayable(record: "Record") -> bool:
    """Whether a record's texts hold nothing that a terminal would obey but our own colours, and look as they would."""
    findings = record.findings
    if findings:
        from compiler.hands.terminal import stderr_width  # noqa: PLC0415 - most compiles find nothing
        from compiler.render.colour import COLOURED, use_colour  # noqa: PLC0415

        is_coloured = use_colour("auto", os.environ, is_tty=sys.stderr.isatty())
        _insist(record.seen == f"{is_coloured:d} {stderr_width()}")
        for colour in COLOURED if is_coloured else ():
            findings = findings.replace(colour, "")
    text = f"{findings}{record.report}"
    is_plain = text.isascii() or sys.stdout.encoding == sys.stderr.encoding == "utf-8"
    return is_plain and text.replace("\n", "").isprintable()


def _say(findings: str, report: str) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for stream, text in ((sys.stderr, findings), (sys.stdout, report)):
        try:
            stream.write(text)
            stream.flush()
        except OSError as problem:
            from compiler.cli import failed  # noqa: PLC0415 - hardly any stream takes nothing
            from compiler.commands.saying import drop  # noqa: PLC0415

            if not isinstance(problem, BrokenPipeError):
                return failed(problem)
            drop(stream)  # a reader that has gone misses it, and nothing else changes
    return 0
