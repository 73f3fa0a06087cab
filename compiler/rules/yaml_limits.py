"""The file is too large or too deeply nested.

A manifest of a thousand services is a tenth of the largest file that is read (2 MiB), and no manifest nests deeper
than a dozen levels: sixty are read. Beyond that, something else than a manifest was named. Split a large manifest
with `include`. A file of more than 256 Ki characters must be plain, one key and value a line: what is rare in YAML
takes too long to tell from mistakes.

Bad:
```yaml
version: 1
name: shop
services:
 web:
  image: nginx:1.27
  command:
  - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - x
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
    for defect in context.of("yaml.too-large"):
        size, largest = defect.facts.get("bytes", "?"), defect.facts.get("largest", "?")
        message = f"the file has {size} bytes, at most {largest} are read"
        yield Finding("yaml/size", message, (Label(defect.at),), "split the manifest with `include`")
    for defect in context.of("yaml.too-unusual"):
        size, largest = defect.facts.get("characters", "?"), defect.facts.get("largest", "?")
        message = f"the file has {size} characters and is unusual YAML from here: of such at most {largest} are read"
        advice = "write this line as all others are, without tabs or quotes over several lines; or split the manifest"
        yield Finding("yaml/unusual", message, (Label(defect.at, "unusual"),), advice)
    for defect in context.of("yaml.too-deep"):
        message = f"nested deeper than {defect.facts.get('deepest', '?')} levels"
        yield Finding("yaml/depth", message, (Label(defect.at, "one level too deep"),))


RULE = Rule("YAML004", "limits", Severity.ERROR, _check)
