"""A test that asks something it cannot reach.

Tests run on the host with curl. They reach services that publish a port, and the gateway.

Bad:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: internal:80
tests:
  api:
    - GET web / 200
```
Good:
```yaml
version: 1
name: shop
services:
  web:
    image: nginx:1.27
    port: 8080:80
tests:
  api:
    - GET web / 200
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.model.finding import Finding, Fix, Label, Severity
from compiler.model.plan import UnitKind
from compiler.rules.rule import Context, Rule
from compiler.rules.words import closest, instead, is_misnamed, listed, surely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Manifest, Request
    from compiler.model.plan import Plan, Unit

_NO_PORTS = frozenset({"port.bad-range", "port.exhausted"})
_ASKED = frozenset({UnitKind.SERVICE, UnitKind.GATEWAY})


def _check(context: Context) -> Iterator[Finding]:
    if context.manifest is None or context.plan is None:
        return
    if any(defect.kind in _NO_PORTS for defect in context.defects):
        return  # Nothing could be published, so nothing can be asked.
    requests = tuple(_requests(context.manifest))
    if not requests:
        return
    reachable = {name: None for name, unit in context.plan.units.items() if _is_reachable(unit)}
    reachable |= {"gateway": None} if context.plan.gateway else {}
    for request in requests:
        if request.target and request.target not in reachable and not is_misnamed(context, request.target):
            yield Finding(
                subject=f"{'/'.join(str(step) for step in request.at)}/{request.target}",
                message=f"this test asks `{request.target}`, which {_reason(request.target, context.plan)}",
                labels=(Label((*request.at, "request"), "cannot be asked"),),
                help=_help(request.target, list(reachable), context.plan),
                fix=_fix(request, list(reachable), context.plan),
            )


def _requests(manifest: Manifest) -> Iterator[Request]:
    yield from manifest.tests.api
    for flow in manifest.tests.smoke:
        yield from flow.steps


def _is_reachable(unit: Unit) -> bool:
    return unit.kind in _ASKED and any(port.host is not None for port in unit.ports.values())


def _reason(target: str, plan: Plan) -> str:
    unit = plan.units.get(target)
    if target in plan.externals:
        return "is an external service"
    if target == "gateway":
        return "is not written in the manifest"
    if unit is None:
        return "is neither a service nor the gateway"
    return "publishes no port" if unit.kind is UnitKind.SERVICE else "is no service"


def _fix(request: Request, reachable: list[str], plan: Plan) -> Fix | None:
    """Only where nothing is called so: what is there and cannot be asked was meant."""
    close = "" if request.target in {*plan.units, *plan.externals} else surely(request.target, ", ".join(reachable))
    old, new = (f"{request.method} {target} {request.path}" for target in (request.target, close))
    return instead((*request.at, "request"), old, close and new)


def _help(target: str, reachable: list[str], plan: Plan) -> str:
    unit = plan.units.get(target)
    if unit is not None and unit.kind is UnitKind.SERVICE:
        return f"publish a port of `{target}`, such as `port: 8000`, or ask it through the gateway"
    close = closest(target, ", ".join(reachable))
    if close:
        return f"did you mean `{close}`?"
    return f"tests can ask {listed(reachable)}" if reachable else "give a service a port that is published"


RULE = Rule("TEST001", "unreachable-target", Severity.ERROR, _check)
