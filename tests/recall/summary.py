"""The table of `docs/recall.md`: `python -m tests.recall.summary` writes it anew."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.recall.faults import code_of
from tests.recall.planting_list import PLANTINGS
from tests.recall.test_in_git import IN_GIT
from tests.recall.test_projects import PROJECTS, labels
from tests.recall.test_what_compose_accepts import ACCEPTED, ACCEPTED_SO_FAR
from tests.support import EXAMPLES, ROOT

PAGE = ROOT / "docs" / "recall.md"
HEAD = (
    "| class of fault | found by | forms | planted | in projects | Compose |\n| --- | --- | --- | --- | --- | --- |\n"
)


def table() -> str:
    """A line for each class: its rules, in how many forms it is planted, how often, labelled, and what Compose says."""
    forms = Counter(planting.fault for planting in PLANTINGS) + Counter(IN_GIT)
    planted = Counter({fault: count * len(EXAMPLES) for fault, count in IN_GIT.items()})
    codes: dict[str, set[str]] = {}
    for planting in PLANTINGS:
        planted[planting.fault] += len(EXAMPLES) - len(planting.without)
        codes.setdefault(planting.fault, set()).add(code_of(planting.fault, planting.form))
    labelled = Counter(fault for folder in PROJECTS for _, _, kind, fault in labels(folder) if kind == "fault")
    for fault in (*labelled, *IN_GIT):
        codes.setdefault(fault, set()).add(code_of(fault))
    accepted = {fault.partition(",")[0] for fault in ACCEPTED} | ACCEPTED_SO_FAR.keys()
    rows = [
        f"| {fault} | {', '.join(sorted(codes[fault]))} | {forms[fault] or '-'} | {planted[fault] or '-'} "
        f"| {labelled[fault] or '-'} | {'accepts' if fault in accepted else '-'} |"
        for fault in sorted(codes)
    ]
    total = f"| in all | {len(set().union(*codes.values()))} rules | {forms.total()} | {planted.total()} | {labelled.total()} | |"
    return HEAD + "\n".join((*rows, total)) + "\n"


def page(text: str) -> str:
    """The page with its table as it is now."""
    before, _, rest = text.partition(HEAD)
    after = rest.partition("\n\n")[2]
    return f"{before}{table()}\n{after}"


if __name__ == "__main__":
    Path(PAGE).write_text(page(PAGE.read_text()))
    sys.exit(0)
