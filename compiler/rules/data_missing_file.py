"""A schema or seed file that is not there.

`schema` and `seed` of a database name SQL files, relative to the manifest. Without them its database would stay empty.

Bad:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
        schema: ./db/orders.sql
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
```
Good:
```yaml
version: 1
name: shop
infrastructure:
  postgres:
    type: postgres
    databases:
      orders:
        schema: ./db/orders.sql
services:
  web:
    image: nginx:1.27
    environment:
      DATABASE_URL: ${postgres.orders.url}
```
```sql db/orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Label, Severity
from compiler.rules.rule import Context, Rule
from compiler.rules.words import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(context: Context) -> Iterator[Finding]:
    outside = {defect.at for defect in context.of("path.outside")}
    for defect in context.of("data.missing-file"):
        path, part = defect.facts["path"], defect.facts["part"]
        if defect.at not in outside:
            yield Finding(
                subject=subject_of(defect.at),
                message=f"the file `{path}` for the database `{part}` is not there",
                labels=(Label(defect.at, "no such file"),),
                help="paths are relative to the file they are written in",
            )


RULE = Rule("DATA003", "missing-file", Severity.ERROR, _check)
