"""Properties are tried on the same examples everywhere, and never against the clock; measurements end the run."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

settings.register_profile("periplus", deadline=None, derandomize=True)
settings.load_profile("periplus")

signal.signal(
    signal.SIGINT, signal.default_int_handler
)  # a shell's background job ignores it, and so would its children

_MEASURED = "measured"


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Hand in a line for the list of measurements that ends the run."""

    def note(line: str) -> None:
        record_property(_MEASURED, line)

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    lines = [line for report in reports for name, line in report.user_properties if name == _MEASURED]
    if lines:
        terminalreporter.section("measured")
    for line in dict.fromkeys(lines):
        terminalreporter.line(line)
