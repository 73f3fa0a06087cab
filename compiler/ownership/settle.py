"""What is done about the whole output: which files are kept, what is merged, and a decision for every path."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.model.tree import Action, Artifact, Owner, Standing
from compiler.ownership.decide import ABSENT, REFUSED, decide_all
from compiler.ownership.kept import UNKEEPABLE, base_path, holds_nothing_else, kept_path, weave
from compiler.ownership.signature import judge, manifest_of
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.tree import Decision, Tree
    from compiler.ownership.branches import Lost
    from compiler.ownership.kept import Woven


class Words(NamedTuple):
    """What the person says about paths of the output: replace; keep, with the signed text it was made from; release."""

    overwrite: frozenset[str] = frozenset()
    keep: tuple[tuple[str, str], ...] = ()
    release: frozenset[str] = frozenset()


class Settled(NamedTuple):
    """The tree as it is to stand, what is done about each path, and what there is to say about it.

    `texts` are those of files that findings point into.
    """

    tree: Tree
    decisions: tuple[Decision, ...]
    defects: tuple[Defect, ...]
    texts: Mapping[str, str]


class Kept(NamedTuple):
    """Paths of the tree that are kept; of the listed those that were and are no longer generated, and the senseless.

    `unlisted` are kept though the lock does not say so any more.
    """

    paths: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    senseless: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


def kept_files(listed: tuple[str, ...], tree: Tree, standing: Mapping[str, Standing], words: Words) -> Kept:
    """What is kept: as the lock lists it, and as the bases show it where a lock was lost."""
    keepable = {path for path, one in tree.items() if one.owner is Owner.GENERATED and path not in UNKEEPABLE}
    said = {path for path, _ in words.keep}
    unlisted = {
        path
        for path in map(kept_path, standing)
        if path in keepable.difference(listed, said, words.release) and _is_kept_still(path, standing)
    }
    paths = keepable.intersection({*listed, *said, *unlisted}) - words.release
    gone = [path for path in listed if path not in tree]
    left = [path for path in gone if standing.get(base_path(path), ABSENT).kind == "file"]
    senseless = [path for path in listed if path not in keepable and path not in left]
    return Kept(tuple(sorted(paths)), tuple(left), tuple(senseless), tuple(sorted(unlisted)))


def settle(
    tree: Tree,
    standing: Mapping[str, Standing],
    kept: Kept,
    words: Words,
    output: str,
    others: frozenset[str],
    lost: Mapping[str, Lost],
) -> Settled:
    """Decide about everything. `others` are the names of further manifests that are still there."""
    stands = {**standing, **dict(_as_said(tree, standing, words))}
    woven = {path: _woven(path, tree, stands, words) for path in kept.paths}
    whole = {
        **{path: _artifact(artifact, woven.get(path)) for path, artifact in tree.items()},
        **{base_path(path): Artifact(tree[path].text, owner=Owner.BASE) for path in kept.paths},
    }
    merging = {path: one.merging for path, one in woven.items()}
    overwrite = words.overwrite | words.release | {base_path(path) for path in words.release}
    decisions = decide_all(stands, whole, overwrite, merging, others, frozenset(lost))
    told = [one for one in decisions if one.action in REFUSED or one.action is Action.CONFLICT]
    defects = [_defect(one, stands, woven.get(one.path), output, lost.get(one.path)) for one in told]
    defects.extend(
        Defect("own.left", Place(posixpath.join(output, path), line=1), {"path": path, "output": output})
        for path in kept.left
        if standing.get(path, ABSENT).kind == "file"
    )
    texts = {posixpath.join(output, one.path): woven[one.path].text for one in told if one.path in woven}
    return Settled(whole, decisions, tuple(defects), texts)


def _is_kept_still(path: str, standing: Mapping[str, Standing]) -> bool:
    base, text = standing[base_path(path)].text, standing.get(path, ABSENT).text
    return base is not None and judge(base) == "valid" and text is not None and judge(text) == "none"


def _as_said(tree: Tree, standing: Mapping[str, Standing], words: Words) -> Iterator[tuple[str, Standing]]:
    """What counts as standing by the person's word: a base that is known already, a release that loses nothing."""
    for path, base in words.keep:
        yield base_path(path), Standing("file", base)
    for path in words.release:
        base = standing.get(base_path(path), ABSENT).text or ""
        if path in tree and holds_nothing_else(standing.get(path, ABSENT), base, tree[path].text):
            yield path, Standing("file", tree[path].text.replace("\n", "\r\n"), standing[path].executable)


def _woven(path: str, tree: Tree, stands: Mapping[str, Standing], words: Words) -> Woven:
    """With the person's word to overwrite, nothing stands that could be merged with."""
    found = ABSENT if path in words.overwrite else stands.get(path, ABSENT)
    return weave(tree[path].text, found, stands.get(base_path(path), ABSENT))


def _artifact(artifact: Artifact, woven: Woven | None) -> Artifact:
    return artifact if woven is None else artifact._replace(text=woven.text, owner=Owner.KEPT)


def _defect(
    decision: Decision, stands: Mapping[str, Standing], woven: Woven | None, output: str, lost: Lost | None
) -> Defect:
    path = decision.path
    standing = stands.get(path, ABSENT)
    first, *more = (woven.lines if woven else ()) or (1,)
    at = posixpath.join(output, path)
    facts = {
        "path": path,
        "output": output,
        "kind": standing.kind if standing.text is not None or standing.kind != "file" else "unreadable",
        "manifest": manifest_of(standing.text or ""),
        "base": base_path(path),
        "above": standing.above,
        "branch": lost.branch if lost else "",
        "is_base_there": "yes" if stands.get(base_path(path), ABSENT).kind == "file" else "",
    }
    related = tuple(Place(at, line=line) for line in more)
    return Defect(f"own.{decision.action.value}", Place(at, line=first), facts, related)
