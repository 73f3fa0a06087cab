"""What stands around the generated files: secrets that git has or would take, Compose files of somebody else."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.model.source import Files
    from compiler.model.tree import Standing

IGNORES = ".gitignore"
SECRETS = ".env"
_OURS = "docker-compose.yml"
_OURS_ABOVE = "docker-compose.override.yml"
_FOREIGN = {
    "compose.yaml": (_OURS, "yes"),
    "compose.yml": (_OURS, "yes"),
    "docker-compose.yaml": (_OURS, "no"),
    "compose.override.yml": (_OURS_ABOVE, "yes"),
    "compose.override.yaml": (_OURS_ABOVE, "yes"),
    "docker-compose.override.yaml": (_OURS_ABOVE, "no"),
}
"""Names that Compose looks for by itself, each with the file of ours beside it, and whether it is taken before that.

The order is that of compose-go, `cli/options.go`: `DefaultFileNames`, `DefaultOverrideFileNames`.
"""


def surroundings(
    output: str, standing: Mapping[str, Standing], ignores: str | None, files: Files, tracked: Iterable[str]
) -> Iterator[Defect]:
    """What hurts. `ignores` is the text of the output's `.gitignore`, None where it is not settled; `tracked` are the
    files of secrets that git has.
    """  # noqa: D205 - one sentence
    for path in tracked:
        yield Defect("git.tracked", Place(posixpath.join(output, path)), {"output": output, "path": path})
    if ignores is not None and not is_ignored(_ignoring(output, ignores, files), f"{output}/{SECRETS}"):
        at = Place(f"{output}/{IGNORES}", line=max(1, ignores.count("\n")))
        yield Defect("git.not-ignored", at, {"output": output, "path": SECRETS})
    for name, (ours, first) in _FOREIGN.items():
        if name in standing and standing[name].kind == "file":
            facts = {"output": output, "path": name, "ours": ours, "first": first}
            yield Defect("git.foreign-compose", Place(posixpath.join(output, name), line=1), facts)


def is_ignored(texts: Iterable[tuple[str, str]], path: str) -> bool:
    """Whether git ignores a path, by the texts of the `.gitignore` files of these folders, the outermost first.

    The last line that fits the path or a folder above it counts, as in git; paths are relative to the manifest's.
    """
    verdict = False
    for folder, text in texts:
        inside = posixpath.relpath(path, folder or ".")
        for line in text.splitlines():
            pattern = line.rstrip()
            if pattern and not pattern.startswith("#") and _fits(pattern.removeprefix("!"), inside):
                verdict = not pattern.startswith("!")
    return verdict


def _ignoring(output: str, ignores: str, files: Files) -> list[tuple[str, str]]:
    """The folders from the top of the repository to the output, with the texts of their `.gitignore`."""
    if is_ignored([(output, ignores)], f"{output}/{SECRETS}"):
        return [(output, ignores)]  # whatever stands further up counts less
    parts = output.split("/")
    folders = ["/".join([".."] * up) for up in range(files.reach, 0, -1)]
    folders += [".", *("/".join(parts[:count]) for count in range(1, len(parts)))]
    above = [(folder, files.read(posixpath.join(folder, IGNORES)) or b"") for folder in folders]
    return [*((folder, text.decode("utf-8", "replace")) for folder, text in above), (output, ignores)]


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern fits a path or a folder above it; both as seen from the folder of the pattern's file."""
    parts = path.split("/")
    folders = ["/".join(parts[:count]) for count in range(1, len(parts))]
    candidates = folders if pattern.endswith("/") else [*folders, path]
    plain = pattern.rstrip("/")
    if "/" in plain:
        return any(fnmatchcase(candidate, plain.lstrip("/").removeprefix("**/")) for candidate in candidates)
    return any(fnmatchcase(candidate.rpartition("/")[2], plain) for candidate in candidates)
