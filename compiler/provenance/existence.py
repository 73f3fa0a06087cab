"""What is there as a whole: named things and items of lists, to be taken away with all that mentions them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.provenance.edit import Put, Without
from compiler.provenance.renaming import name_at
from compiler.provenance.sites import UNSEEN, Site, entries, is_mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compiler.provenance.sites import Spot


def things(documents: Mapping[str, Any]) -> Iterator[Site]:
    """What could be absent: what has a name, every item of a list, and every key that holds a mapping or a list."""
    for path, value in documents.items():
        for route, node in entries({key: node for key, node in value.items() if key not in UNSEEN}):
            name = name_at(route)
            if name and not is_mention(route, documents):
                yield Site(path, route, "key", (((Without(name),),),))
            elif len(route) > 1 or isinstance(node, dict):
                yield Site(path, route, "value", (((Put(path, route, None),),),))


def innermost(sites: Sequence[Site]) -> tuple[Site, ...]:
    """Those that hold no other of them."""
    spots: list[Spot] = [site.spot for site in sites]
    return tuple(
        site
        for site in sites
        if not any(
            spot[0] == site.document and len(spot[1]) > len(site.route) and spot[1][: len(site.route)] == site.route
            for spot in spots
        )
    )
