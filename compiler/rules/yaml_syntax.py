"""The manifest is no YAML.

The text cannot be read, so nothing else can be said about it: syntax errors come first and alone. The words are
StrictYAML's. The place is where reading stopped, or where the thing began that never ended; the mistake itself is
sometimes in the line above. A frequent cause is a text with `: ` or ` #` in it, or one that begins with a character
that means something to YAML: put it in quotes.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    role: shop: the front
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

_HELP = {
    "mapping values are not allowed": "put a text that holds `: ` in quotes, and indent a key like its siblings",
    "could not find expected": "a key is followed by `:`, and its value by `: `",
    "end of stream": "close the quote that opens here",
    "cannot start any token": "put a text that begins with this character in quotes",
    "expected a single document": "a manifest is one document: remove the second `---`",
    "inconsistent with previous mapping": "indent all mappings under one parent alike",
    "expected <block end>": "start the entries of a mapping or list in one column; nothing follows a closing quote",
    "escape character": "write `\\\\` for a backslash in double quotes, or use single quotes",
    "entries are not allowed": "start a list on its own line, below its key",
    "comments between": "move the comments above the key",
    "a key that is no text": "write `key: value`",
}


def _check(context: Context) -> Iterator[Finding]:
    for defect in context.of("yaml.syntax"):
        words = defect.facts.get("words", "this text cannot be read")
        advice = next((advice for part, advice in _HELP.items() if part in words), "")
        yield Finding("yaml/syntax", f"not valid YAML: {words}", (Label(defect.at, "here"),), advice)


RULE = Rule("YAML001", "syntax", Severity.ERROR, _check)
