"""Which rule a person asks for: by its code or its name, or which codes they may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.rules import all_rules
from compiler.text.regex import regex

if TYPE_CHECKING:
    from compiler.rules.rule import Rule

_CODE = regex(r"([a-z]+)[-_ ]?([0-9]*)")
_DIGITS = 3
_MOST = 5


def rule_asked(subject: str) -> Rule | None:
    """The rule of a code, or of a name that only one rule has, in whatever case."""
    every = all_rules()
    found = [rule for rule in every if rule.code == subject.upper()]
    found = found or [rule for rule in every if rule.name == subject.lower()]
    return found[0] if len(found) == 1 else None


def codes_meant(subject: str) -> str:
    """A question, or how a code is written, for what is none."""
    found = _named(subject.lower()) or _written_as(subject.lower())
    if 0 < len(found) <= _MOST:
        return f"did you mean {' or '.join(f'`{code}`' for code in found)}?"
    if found:
        return f"there are {', '.join(found)}"
    return f"a code is one of {', '.join(_areas())} and three digits, such as `{all_rules()[0].code}`"


def _named(subject: str) -> list[str]:
    """The codes of the rules of a name, or of one that is like it."""
    from compiler.text.alike import most_alike  # noqa: PLC0415 - only where something is misspelt

    names = dict.fromkeys(rule.name for rule in all_rules())
    name = subject if subject in names else most_alike(subject, tuple(names)).name
    return [rule.code for rule in all_rules() if rule.name == name]


def _written_as(subject: str) -> list[str]:
    """The code of the same number in the same area, or in one that is like it; else all of the area."""
    from compiler.text.alike import most_alike  # noqa: PLC0415

    found = _CODE.fullmatch(subject)
    if found is None:
        return []
    written = found[1].upper()
    area = written if written in _areas() else most_alike(written, tuple(_areas())).name
    codes = [rule.code for rule in all_rules() if _area(rule) == area]
    code = f"{area}{found[2].lstrip('0').zfill(_DIGITS)}"
    return [code] if code in codes else codes


def _areas() -> list[str]:
    return list(dict.fromkeys(_area(rule) for rule in all_rules()))


def _area(rule: Rule) -> str:
    return rule.code.rstrip("0123456789")
