"""What `ports claim` and `ports release` did to the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.text.display import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.ownership.registry import Edited


def claims_text(edited: Edited, path: str, kept: int, *, check: bool) -> str:
    """The entries that came and went, and how many; `kept` of ours stayed. With `check` it says what would be done."""
    return "".join(f"{escaped(line)}\n" for line in _lines(edited, path, kept, check=check))


def moves_text(before: Mapping[str, int], after: Mapping[str, int], owners: Mapping[int, str]) -> str:
    """Which port is no longer the lock's, and why: a line for each, empty for none."""
    moved = [(key, port, after[key]) for key, port in before.items() if after.get(key, port) != port]
    return "".join(
        f"{escaped(f'`{key}` moves from host port {old} to {new} {_reason(old, owners)}')}\n" for key, old, new in moved
    )


def _lines(edited: Edited, path: str, kept: int, *, check: bool) -> Iterator[str]:
    claimed, released = edited.claimed, edited.released
    for port in sorted({*claimed, *released}):
        if port not in released:
            yield f"  + {port:<5}  {claimed[port]}"
        elif port not in claimed:
            yield f"  - {port:<5}  {released[port]}"
        else:
            yield f"  ~ {port:<5}  {claimed[port]}, was {released[port]}"
    gone = len(released.keys() - claimed.keys())
    told = [f"{len(claimed)} claimed"] if claimed else []
    told += [f"{gone} released"] if gone else []
    verb = "would be " if check and told else ""
    yield f"{path}: {verb}{', '.join([*told, f'{kept} unchanged'])}"


def _reason(port: int, owners: Mapping[int, str]) -> str:
    at = "with the next `periplus compile`"
    return f"{at}: the registry gives {port} to `{owners[port]}`" if port in owners else at
