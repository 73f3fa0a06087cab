"""A suppression that says what another one says.

One is enough, with one reason. A suppression without `subject` is about every finding of its code, so that nothing is
left for another, or for a severity.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
lint:
  suppressions:
    - code: DATA002
      subject: cache
      reason: used by hand while developing
    - code: DATA002
      subject: cache
      reason: not needed yet
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  cache:
    type: redis
services:
  web:
    image: nginx:1.27
lint:
  suppressions:
    - code: DATA002
      subject: cache
      reason: used by hand while developing
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Fix, Label, Severity
from compiler.rules.rule import Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lint.repeated"):
        facts = defect.facts
        yield Finding(
            subject=f"lint/{facts['code']}{facts['subject'] and '/'}{facts['subject']}",
            message=_message(facts),
            labels=(Label(defect.at, "changes nothing", "key"), *(Label(at, "says it") for at in defect.related)),
            help="remove one of them",
            fix=Fix(defect.at, "", None) if facts["what"] == "suppression" else None,
        )


def _message(facts: Mapping[str, str]) -> str:
    about = f" about `{facts['subject']}`" if facts["subject"] else ""
    if facts["what"] == "suppression":
        return f"`{facts['code']}`{about} is suppressed already"
    return f"every `{facts['code']}` is suppressed, so none of them weighs anything"


RULE = Rule("LINT004", "repeated-suppression", Severity.WARNING, _check)
