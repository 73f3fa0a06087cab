"""Who has which host port on this machine, as the registry says that several projects share."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.text.named import NamedTuple


class Registry(NamedTuple):
    """Owners by host port, ours being `<project>/<service>`; `places` says where each stands in the file at `path`.

    A place is line and column, both 1-based. `ranges` are the ports meant for somebody, by name. Without a registry all
    of it is empty.
    """

    path: str = ""
    owners: Mapping[int, str] = {}
    places: Mapping[int, tuple[int, int]] = {}
    ranges: Mapping[str, range] = {}
