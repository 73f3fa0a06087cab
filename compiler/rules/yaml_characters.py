r"""The text holds a character that a manifest cannot hold.

Manifests are UTF-8. Control characters, unusual line separators (U+0085, U+2028, U+2029) and a byte order mark inside
the text are refused: editors and tools disagree about them, or they do not show. NUL and lone surrogates are refused
even when written as an escape, since no output can carry them. A tab neither indents nor separates: use spaces. Inside
quotes a tab is fine.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    role: "ends\0early"
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
```
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("yaml.encoding"):
        message = f"the file is not UTF-8: byte {defect.facts.get('byte', '?')}"
        yield Finding("yaml/encoding", message, (Label(defect.at, "here"),), "save the file as UTF-8")
    for defect in context.of("yaml.control-character"):
        message = f"the character {defect.facts.get('character', '?')} cannot stand in a manifest"
        yield Finding("yaml/character", message, (Label(defect.at, "here"),), "remove it")
    for defect in context.of("yaml.tab"):
        message = "a tab can neither indent nor separate"
        yield Finding("yaml/tab", message, (Label(defect.at, "a tab"),), "use spaces")


RULE = Rule("YAML005", "characters", Severity.ERROR, _check)
