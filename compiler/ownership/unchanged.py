"""The record of the last compile: what it read, what stood when it ended, and what it would say once more.

Text, a line for each entry, and light enough for the door to import. Untrusted: whatever is odd is no record.
"""

from compiler.text.digest import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FORMAT = 1
_PLACE = ("folder", "repository", "manifest", "output", "shown")


class Record:
    """Everything that the answer of a compile depends on, and the answer.

    `place` is the manifest's folder, its repository, the manifest, the output directory from there, and the folder as
    the person saw it. `reads` and `globs` are the digests of what was asked for; `wanted` are those of the person's
    files in the output that are ours, too; `tree` is the digest of all that stands there. `report` goes to stdout,
    `findings` to stderr where it looks as `seen`: coloured or not, and its width.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a NamedTuple costs more than all that the door does
        self,
        place: "tuple[str, ...]",
        lock: str,
        installation: str,
        reads: "Mapping[str, str]",
        globs: "Mapping[str, str]",
        wanted: "Sequence[str]",
        tree: str,
        report: str,
        findings: str = "",
        seen: str = "",
    ) -> None:
        """A record of these."""
        self.place = place
        self.lock = lock
        self.installation = installation
        self.reads = reads
        self.globs = globs
        self.wanted = tuple(wanted)
        self.tree = tree
        self.report = report
        self.findings = findings
        self.seen = seen


def write_record(record: Record) -> bytes:
    """The record as it is written down. Raises ValueError where a line break would break it up."""
    lines = [
        *zip(_PLACE, record.place, strict=True),
        ("lock", record.lock),
        ("installation", record.installation),
        *(("read", f"{digest} {path}") for path, digest in record.reads.items()),
        *(("glob", f"{digest} {pattern}") for pattern, digest in record.globs.items()),
        *(("wanted", path) for path in record.wanted),
        ("tree", record.tree),
        ("seen", record.seen),
        *(("report", line) for line in record.report.split("\n")),
        *(("finding", line) for line in record.findings.split("\n")),
    ]
    if any("\n" in rest for _, rest in lines):
        message = "a path has a line break in it"
        raise ValueError(message)
    body = "".join(f"{word} {rest}\n" for word, rest in lines).encode("utf-8", "surrogateescape")
    return _first(body) + body


def read_record(content: bytes) -> Record:
    """The record that was written down. Raises ValueError where this is none, LookupError where it is not whole."""
    body = content[content.find(b"\n") + 1 :]
    if not content.startswith(_first(body)):
        message = "this is no record"
        raise ValueError(message)
    entries: dict[str, list[str]] = {"read": [], "glob": [], "wanted": []}
    for line in body.decode("utf-8", "surrogateescape").split("\n"):
        word, _, rest = line.partition(" ")
        entries.setdefault(word, []).append(rest)
    return Record(
        tuple(entries[word][0] for word in _PLACE),
        entries["lock"][0],
        entries["installation"][0],
        dict(map(_digest_last, entries["read"])),
        dict(map(_digest_last, entries["glob"])),
        entries["wanted"],
        entries["tree"][0],
        "\n".join(entries["report"]),
        "\n".join(entries["finding"]),
        entries["seen"][0],
    )


def _first(body: bytes) -> bytes:
    """The first line, which tells whether the others are whole."""
    return f"periplus unchanged {_FORMAT} {digest_of([body])}\n".encode()


def _digest_last(entry: str) -> tuple[str, str]:
    digest, _, path = entry.partition(" ")
    return path, digest
