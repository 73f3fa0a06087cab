"""A suppression that suppresses nothing.

What it was about is mended, or called otherwise. It would hide the next finding of its kind, which nobody has judged.
All environments are looked at. The same is said of a finding that is to weigh less and is not found, or that weighs
so much by itself; what is to weigh more is a rule for what is to come.

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
    environment:
      REDIS_URL: ${cache.url}
lint:
  suppressions:
    - code: DATA002
      reason: used by hand while developing
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
      reason: used by hand while developing
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Fix, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, instead, listed, surely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.finding import Defect


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lint.unused"):
        facts = defect.facts
        yield Finding(
            subject=f"lint/{facts['code']}{facts['subject'] and '/'}{facts['subject']}",
            message=_message(facts),
            labels=(Label(defect.at, "changes nothing", "key"),),
            help=_help(facts),
            fix=_fix(defect),
        )


def _message(facts: Mapping[str, str]) -> str:
    code = facts["code"]
    if facts["is_same"] == "True":
        return f"`{code}` is {'an' if facts['severity'] == 'error' else 'a'} {facts['severity']} by itself"
    about = f" about `{facts['subject']}`" if facts["subject"] else ""
    return f"no `{code}`{about} is found, so there is nothing to {_DOES[facts['what']]}"


_DOES = {"suppression": "suppress", "severity": "weigh less"}


def _help(facts: Mapping[str, str]) -> str:
    if not facts["found"]:
        return "remove it"
    close = closest(facts["subject"], _subjects(facts))
    if close:
        return f"did you mean the subject `{close}`?"
    return f"`{facts['code']}` is found about {listed(facts['found'].split(', '))}"


def _fix(defect: Defect) -> Fix | None:
    """Where nothing of the kind is found it goes; a subject that is misspelt is mended, any other is for the person."""
    if not defect.facts["found"]:
        return Fix(defect.at, "", None)
    return instead(
        (*defect.at, "subject"), defect.facts["subject"], surely(defect.facts["subject"], _subjects(defect.facts))
    )


def _subjects(facts: Mapping[str, str]) -> str:
    """What there is to write, the parts before a `/` included."""
    steps = [subject.split("/") for subject in facts["found"].split(", ")]
    return ", ".join(dict.fromkeys("/".join(one[: n + 1]) for one in steps for n in range(len(one))))


RULE = Rule("LINT003", "unused-suppression", Severity.WARNING, _check)
