"""What can be referred to: the outputs of services, instances, their parts and the gateway."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from compiler.model.finding import Defect
from compiler.model.value import SecretOf, Variable, literal
from compiler.passes.ports import is_copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.kind import Kind, PartFamily
    from compiler.model.manifest import Instance, Manifest, PartWish, Secret, Service
    from compiler.model.plan import Port
    from compiler.model.value import Template, Text
    from compiler.passes.facts import Facts

_PLACEHOLDER = re.compile(r"\{([a-z][a-z_.]*)\}")

_DEFAULT_PORTS = {"https": "443", "http": "80"}

Outputs = dict[tuple[str, ...], "Text"]


class Undeclared(NamedTuple):
    """A secret that nobody declared but an instance needs: whose password it is."""

    instance: str
    meaning: str


class Names(NamedTuple):
    """The outputs of everything that has a name, and the secrets that nobody declared but something needs."""

    outputs: Mapping[str, Outputs]
    undeclared: Mapping[str, Undeclared]


def fill(text: str, values: Mapping[str, Text]) -> Text:
    """A kind's text with its `{placeholder}`s replaced; one without a value stays as it is."""
    pieces: list[str | Variable | SecretOf] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.group(1) in values:
            pieces.append(text[end : match.start()])
            pieces.extend(values[match.group(1)])
            end = match.end()
    pieces.append(text[end:])
    return join(tuple(pieces))


def join(pieces: Text) -> Text:
    """The same text with neighbouring literals made one and empty ones dropped."""
    joined: list[str | Variable | SecretOf] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)


def instance_secret(instance: str) -> str:
    """The undeclared password of an instance's superuser (DESIGN section 3.3)."""
    return f"{instance.replace('-', '_').upper()}_PASSWORD"


def part_secret(instance: str, owner: str) -> str:
    """The undeclared password of a part's owner."""
    return f"{instance.replace('-', '_')}_{owner}_PASSWORD".upper()


def instance_values(instance: Instance, kind: Kind, project: str, version: str) -> dict[str, Text]:
    """The placeholders that a kind's texts may use for one instance."""
    password: Text = plain(instance.password or ())
    if not password and kind.password == "always":
        password = (SecretOf(instance_secret(instance.name)),)
    values: dict[str, Text] = {
        "name": (instance.name,),
        "project": (project,),
        "version": (version,),
        "password": password,
        "volume": (f"{instance.name}-data",),
    }
    values["user"] = fill(kind.user, values)
    for port in kind.ports:
        values[f"port.{port.name}"] = (str(port.container),)
    if kind.ports:
        values["port"] = (str(kind.ports[0].container),)
    return values


def part_values(part: PartWish, family: PartFamily, values: Mapping[str, Text], instance: str) -> dict[str, Text]:
    """The placeholders that a part's texts may use, its instance's included."""
    result = {**values, "part": (part.name,)}
    for option, setting in family.options.items():
        given = plain(part.options[option]) if option in part.options else ()
        result[option] = given or fill(setting.default, result)
    if family.secret:
        owner = result.get("owner") or (part.name,)
        result["owner"] = owner
        name = "".join(piece for piece in owner if isinstance(piece, str))
        result["owner_password"] = plain(part.options.get("password", ())) or (SecretOf(part_secret(instance, name)),)
    return result


def name_outputs(
    manifest: Manifest, facts: Facts, ports: Mapping[str, Mapping[str, Port]], versions: Mapping[str, str]
) -> Names:
    """Everything a reference can mean."""
    outputs: dict[str, Outputs] = {}
    undeclared: dict[str, Undeclared] = {}
    for instance in manifest.infrastructure.values():
        kind = facts.kinds.get(instance.name)
        if kind is None:
            continue
        values = instance_values(instance, kind, manifest.name, versions.get(instance.name, ""))
        outputs[instance.name] = {(key,): fill(text, values) for key, text in kind.outputs.items()}
        shared = shared_passwords(instance, kind)
        for part in instance.parts:
            family = kind.parts.get(part.family)
            if family is None:
                continue
            shared_part = with_shared_password(part, shared)
            inner = part_values(shared_part, family, values, instance.name)
            for key, text in family.outputs.items():
                outputs[instance.name][part.name, key] = fill(text, inner)
            decided = inner.get("owner_password", ())
            for name in _derived(shared_part.options.get("password"), decided, manifest.secrets):
                login = literal(inner["owner"])
                undeclared.setdefault(name, Undeclared(instance.name, f"password of {login} in {instance.name}"))
        for name in _derived(instance.password, values["password"], manifest.secrets):
            superuser = literal(values["user"])
            meaning = f"password of {superuser}, superuser of {instance.name}"
            undeclared.setdefault(name, Undeclared(instance.name, meaning))
    for service in manifest.services.values():
        outputs[service.name] = dict(_service_outputs(service, ports.get(service.name, {}), manifest.environment))
    if manifest.gateway is not None:
        outputs["gateway"] = {("public_url",): _gateway_url(manifest, ports)}
    return Names(outputs, undeclared)


def with_shared_password(part: PartWish, shared: Mapping[str, Template]) -> PartWish:
    """The part with the password that another part of the same owner declares."""
    owner = _owner(part)
    if "password" in part.options or owner not in shared:
        return part
    return part._replace(options={**part.options, "password": shared[owner]})


def shared_passwords(instance: Instance, kind: Kind) -> Mapping[str, Template]:
    """Owner -> the password declared for it in any of its parts."""
    return {
        _owner(part): part.options["password"]
        for part in instance.parts
        if "password" in part.options and part.family in kind.parts
    }


def _owner(part: PartWish) -> str:
    owner = part.options.get("owner", ())
    return "".join(piece for piece in owner if isinstance(piece, str)) or part.name


def plain(template: Template) -> Text:
    """A template without references, as a text (a password, an option)."""
    return tuple(piece for piece in template if isinstance(piece, str | Variable | SecretOf))


def _derived(written: Template | None, decided: Text, declared: Mapping[str, Secret]) -> Iterator[str]:
    """The secret that stands for a password nobody wrote, unless it happens to be declared."""
    if not written:
        yield from (piece.name for piece in decided if isinstance(piece, SecretOf) and piece.name not in declared)


def _service_outputs(
    service: Service, ports: Mapping[str, Port], environment: str
) -> Iterator[tuple[tuple[str, ...], Text]]:
    if service.url:
        yield from _external_outputs(service.url)
        return
    yield ("host",), (service.name,)
    usable = {name: port for name, port in ports.items() if name != "debug"}
    for index, (name, port) in enumerate(usable.items()):
        for prefix in ((), (name,)) if index == 0 else ((name,),):
            yield (*prefix, "url"), (f"{service.protocol}://{service.name}:{port.container}",)
            yield (*prefix, "port"), (str(port.container),)
            yield (*prefix, "address"), (f"{service.name}:{port.container}",)
            if port.host is not None:
                yield (*prefix, "public_url"), _public(service.protocol, service.name, port, environment)


def _public(protocol: str, name: str, port: Port, environment: str) -> Text:
    if is_copy(environment):
        return (f"{protocol}://{name}:{port.container}",)
    return (f"{protocol}://localhost:", Variable(port.variable, str(port.host)))


def url_defects(manifest: Manifest) -> Iterator[Defect]:
    """External services at what is no URL: without a host, or with a port that is none."""
    for service in manifest.services.values():
        if service.url and _host_and_port(service.url) is None:
            facts = {
                "where": f"services.{service.name}.url",
                "subject": f"{service.name}/url",
                "accepted": "a URL, such as `https://sandbox.bank.example`",
                "got": service.url,
                "closest": "",
                "part": "value",
            }
            yield Defect("schema.bad-value", (*service.at, "url"), facts)


def _host_and_port(url: str) -> tuple[str, str] | None:
    try:
        split = urlsplit(url)
        port = str(split.port) if split.port else _DEFAULT_PORTS.get(split.scheme, "")
    except ValueError:
        return None
    return (split.hostname, port) if split.hostname else None


def _external_outputs(url: str) -> Iterator[tuple[tuple[str, ...], Text]]:
    host, port = _host_and_port(url) or ("", "")
    yield ("url",), (url,)
    yield ("public_url",), (url,)
    yield ("host",), (host,)
    yield ("port",), (port,)
    yield ("address",), (f"{host}:{port}",)


def _gateway_url(manifest: Manifest, ports: Mapping[str, Mapping[str, Port]]) -> Text:
    gateway = manifest.gateway
    if gateway is None:
        return ()
    scheme = "https" if gateway.certificate else "http"
    if gateway.mode == "host":
        return (f"{scheme}://{gateway.host or 'localhost'}",)
    if is_copy(manifest.environment):
        return (f"{scheme}://gateway",)
    port = ports["gateway"]["default"]
    return (f"{scheme}://{gateway.host or 'localhost'}:", Variable(port.variable, str(port.host)))
