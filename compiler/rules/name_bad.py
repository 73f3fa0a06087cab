"""A name with characters that its place does not take.

A name becomes part of other things: the name of a service is a host name on the network, the prefix of an environment
variable and a directory of scripts; the name of a database stands in SQL. So each place takes only what all of them
accept, in ASCII. The job that makes a database or topic, or that migrates a service, is named after both:
`postgres-shop`, `web-migrate`. That name may have at most 63 characters too. What else a database or topic is told,
such as its number of partitions, is checked in the same way.

Bad:
```yaml
version: 1
name: shop
services:
  Web_Shop:
    image: nginx:1.27
```
Good:
```yaml
version: 1
name: shop
services:
  web-shop:
    image: nginx:1.27
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOUNS = {
    "project": "a project",
    "services": "a service",
    "infrastructure": "a piece of infrastructure",
    "networks": "a network",
    "environments": "an environment",
    "secrets": "a secret",
    "profiles": "a profile",
    "ports": "a port",
    "environment": "an environment variable",
    "volume": "a volume",
    "databases": "a database",
    "topics": "a topic",
    "owner": "a login",
}
_VALUES = frozenset({"project", "profiles", "volume", "owner"})
"""Names that stand as a value; all others are keys."""
_LONGEST = 63
_LABEL = "lower-case letters, digits and `-`, starting with a letter and not ending with `-`, at most 63 characters"
_LOGIN = "lower-case letters, digits and `_`, not starting with a digit, at most 63 characters"
_GRAMMARS = {
    "[a-z]([a-z0-9-]{0,61}[a-z0-9])?": _LABEL,
    "[A-Za-z0-9][A-Za-z0-9_.-]*": "letters, digits, `_`, `.` and `-`, starting with a letter or digit",
    "[A-Z_][A-Z0-9_]*": "upper-case letters, digits and `_`, not starting with a digit",
    "[A-Za-z_][A-Za-z0-9_]*": "letters, digits and `_`, not starting with a digit",
    "[a-z_][a-z0-9_]{0,62}": _LOGIN,
    "(?!pg_)[a-z_][a-z0-9_]{0,62}": f"{_LOGIN}, not starting with `pg_`",
    "[A-Za-z0-9_-]([A-Za-z0-9._-]{0,247}[A-Za-z0-9_-])?": (
        "letters, digits, `_`, `-` and, inside, `.`, at most 249 characters"
    ),
    "[1-9][0-9]{0,4}": "a whole number from 1 to 99999",
    "1": "`1`, since there is one server",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("name.bad"):
        what, name = defect.facts["what"], defect.facts["name"]
        if what == "job" and _is_made_of(name, context):
            continue
        is_key = what in _NOUNS and what not in _VALUES
        yield Finding(
            subject=f"{subject_of(defect.at)}/name",
            message=_message(what, name, defect.facts["grammar"]),
            labels=(Label(defect.at, "not accepted", "key" if is_key or what == "job" else "value"),),
            help=_help(what, defect.facts),
        )


def _is_made_of(job: str, context: Context) -> bool:
    """Whether the name of a job is bad because it begins with one that is told already."""
    others = (other.facts for other in context.of("name.bad") if other.facts["what"] != "job")
    return any(job.startswith(f"{other['name']}-") for other in others)


def _message(what: str, name: str, grammar: str) -> str:
    accepted = _GRAMMARS.get(grammar, f"a text that matches `{grammar}` in full")
    if what == "job":
        if len(name) > _LONGEST:
            return f"this makes a job called `{name}`, whose name has {len(name)} characters; it may have {_LONGEST}"
        return f"this makes a job called `{name}`, which cannot be its name; it takes {accepted}"
    if what in _NOUNS:
        return f"`{name}` cannot be the name of {_NOUNS[what]}; it takes {accepted}"
    return f"`{what}` is `{name}`; it must be {accepted}"


def _help(what: str, facts: Mapping[str, str]) -> str:
    if what == "job":
        return "give the thing it is made for a shorter name"
    words = [word for word in re.split(r"[^A-Za-z0-9]+", facts["name"]) if word]
    spellings = (join.join(words) for join in ("-", "_"))
    tries = [spelling for joined in spellings for spelling in (joined.lower(), joined.upper())]
    fitting = next((each for each in tries if words and re.fullmatch(facts["grammar"], each)), "")
    return f"`{fitting}` would do" if fitting else ""


RULE = Rule("NAME001", "bad-name", Severity.ERROR, _check)
