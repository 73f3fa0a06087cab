"""A code that no finding has.

Codes under `lint` are those that findings show in brackets, such as `DATA002`; `docs/rules.md` lists them all. A
wrong one would silently change nothing.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
lint:
  severities:
    DATA2:
      severity: error
      reason: nothing runs here that nobody uses
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
lint:
  severities:
    DATA002:
      severity: error
      reason: nothing runs here that nobody uses
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import instead, listed, surely
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.finding import Defect, Fix

_PARTS = regex(r"([A-Za-z]+)[-_ ]?([0-9]+)")
_DIGITS = 3


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("lint.unknown-code"):
        code = defect.facts["code"]
        yield Finding(
            subject=f"lint/{code}",
            message=f"no finding has the code `{code}`",
            labels=(Label(defect.at, "no such code", "key"),),
            help=_help(defect.facts),
            fix=_fix(defect),
        )


def _help(facts: Mapping[str, str]) -> str:
    close, codes = _meant(facts), facts["accepted"].split(", ")
    if close:
        return f"did you mean `{close}`?"
    called = [code for code, name in zip(codes, facts["names"].split(", "), strict=True) if name == facts["code"]]
    if called:
        return f"`{facts['code']}` is what {listed(called)} {'is' if len(called) == 1 else 'are'} called"
    area = _area(facts)
    of_area = [code for code in codes if code.rstrip("0123456789") == area]
    return (
        f"there are {listed(of_area)}" if of_area else "a code is what a finding shows in brackets, such as `DATA002`"
    )


def _fix(defect: Defect) -> Fix | None:
    part = "value" if defect.facts["what"] == "suppression" else "key"
    return instead(defect.at, defect.facts["code"], _meant(defect.facts), part)  # type: ignore[arg-type]


def _meant(facts: Mapping[str, str]) -> str:
    """The code with the same number, in an area that is spelt alike."""
    parts = _PARTS.fullmatch(facts["code"])
    number = str(int(parts[2])).zfill(_DIGITS) if parts else ""
    code = f"{_area(facts)}{number}"
    return code if number and code in facts["accepted"].split(", ") else ""


def _area(facts: Mapping[str, str]) -> str:
    parts = _PARTS.fullmatch(facts["code"])
    areas = dict.fromkeys(code.rstrip("0123456789") for code in facts["accepted"].split(", "))
    written = parts[1].upper() if parts else ""
    return written if written in areas else surely(written, ", ".join(areas))


RULE = Rule("LINT001", "unknown-code", Severity.ERROR, _check)
