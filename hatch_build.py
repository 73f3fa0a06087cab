"""What hatchling does before it packs or links: the templates of the pages are made into Python, once for all runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MADE = "compiler/targets/compose/quick_templates.py"
"""Not in version control, but in the wheel."""


class Precompile(BuildHookInterface[BuilderConfig]):
    """Writes the module that compiler/targets/compose/quick_pages.py renders."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it whole, and only where it changed: others may be running the program."""
        del version
        build_data["artifacts"].append(f"/{MADE}")
        sys.path.insert(0, self.root)
        from compiler.hands.shipped import shipped_files  # noqa: PLC0415 - this checkout's
        from compiler.targets.compose.precompile import precompiled  # noqa: PLC0415 - this checkout's

        made, text = Path(self.root, MADE), precompiled(shipped_files()).encode()
        if made.is_file() and made.read_bytes() == text:
            return
        staged = made.with_suffix(f".{os.getpid()}.tmp")
        staged.write_bytes(text)
        staged.replace(made)
