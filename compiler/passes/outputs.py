"""What can be referred to: the outputs of services, instances, their parts and the gateway."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from compiler.model.finding import Defect
from compiler.model.value import SecretOf, Variable, literal
from compiler.passes.ports import is_copy
from compiler.text.named import NamedTuple
from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compiler.model.kind import Kind, PartFamily
    from compiler.model.manifest import Gateway, Instance, PartWish, Service
    from compiler.model.plan import Port
    from compiler.model.source import Route
    from compiler.model.value import Template, Text

_PLACEHOLDER = regex(r"\{([a-z][a-z_.]*)\}")

_DEFAULT_PORTS = {"https": "443", "http": "80"}

Outputs = dict[tuple[str, ...], "Text"]
Public = Callable[[str, str, "Port"], "Text"]


class Undeclared(NamedTuple):
    """A secret that nobody declared but an instance needs: whose password it is."""

    instance: str
    meaning: str


def fill(text: str, values: Mapping[str, Text]) -> Text:
    """A kind's text with its `{placeholder}`s replaced; one without a value stays as it is."""
    pieces: list[str | Variable | SecretOf] = []
    for literal_text, name in _split(text):
        pieces.append(literal_text)
        if name:
            pieces.extend(values.get(name) or (() if name in values else (f"{{{name}}}",)))
    return join(tuple(pieces))


@lru_cache(maxsize=512)
def _split(text: str) -> tuple[tuple[str, str], ...]:
    """Each plain text with the name of the placeholder behind it, empty at the end."""
    literals, names = _PLACEHOLDER.split(text)[::2], _PLACEHOLDER.findall(text)
    return tuple(zip(literals, (*names, ""), strict=True))


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


class Equipped(NamedTuple):
    """An instance with its kind, in a project, of a version."""

    instance: Instance
    kind: Kind
    project: str
    version: str


class InstanceNames(NamedTuple):
    """The outputs of one instance, the secrets it needs, and the placeholders of its kind's texts, its parts' too."""

    outputs: Outputs
    undeclared: Mapping[str, Undeclared]
    values: Mapping[str, Text]
    parts: Mapping[Route, Mapping[str, Text]]


def instance_values(one: Equipped) -> dict[str, Text]:
    """The placeholders that a kind's texts may use for one instance."""
    instance, kind = one.instance, one.kind
    password: Text = plain(instance.password or ())
    if not password and kind.password == "always":
        password = (SecretOf(instance_secret(instance.name)),)
    values: dict[str, Text] = {
        "name": (instance.name,),
        "project": (one.project,),
        "version": (one.version,),
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


def name_instance(one: Equipped, declared: frozenset[str]) -> InstanceNames:
    """What can be said of one instance and its parts; `declared` are the secrets that somebody declared."""
    instance, kind = one.instance, one.kind
    values = instance_values(one)
    outputs: Outputs = {(key,): fill(text, values) for key, text in kind.outputs.items()}
    undeclared: dict[str, Undeclared] = {}
    parts: dict[Route, Mapping[str, Text]] = {}
    shared = shared_passwords(instance, kind)
    for part in instance.parts:
        family = kind.parts.get(part.family)
        if family is None:
            continue
        shared_part = with_shared_password(part, shared)
        inner = parts[part.at] = part_values(shared_part, family, values, instance.name)
        for key, text in family.outputs.items():
            outputs[part.name, key] = fill(text, inner)
        decided = inner.get("owner_password", ())
        for name in _derived(shared_part.options.get("password"), decided, declared):
            login = literal(inner["owner"])
            undeclared.setdefault(name, Undeclared(instance.name, f"password of {login} in {instance.name}"))
    for name in _derived(instance.password, values["password"], declared):
        superuser = literal(values["user"])
        meaning = f"password of {superuser}, superuser of {instance.name}"
        undeclared.setdefault(name, Undeclared(instance.name, meaning))
    return InstanceNames(outputs, undeclared, values, parts)


def name_services(
    services: Mapping[str, Service], ports: Mapping[str, Mapping[str, Port]], public: Public
) -> dict[str, Outputs]:
    """What can be said of each service, its public URL being what `public` says."""
    return {
        name: dict(_external_outputs(service.url))
        if service.url
        else _service_outputs(service, ports.get(name, {}), public)
        for name, service in services.items()
    }


def from_outside(protocol: str, _name: str, port: Port) -> Text:
    """The URL of a port on this machine."""
    return (f"{protocol}://localhost:", Variable(port.variable, str(port.host)))


def from_inside(protocol: str, name: str, port: Port) -> Text:
    """The URL of a port inside a copy that runs beside the system: nobody knows its host port before it runs."""
    return (f"{protocol}://{name}:{port.container}",)


def name_gateway(gateway: Gateway, ports: Mapping[str, Mapping[str, Port]], environment: str) -> Outputs:
    """What can be said of the gateway."""
    return {("public_url",): _gateway_url(gateway, ports, environment)}


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


def _derived(written: Template | None, decided: Text, declared: frozenset[str]) -> Iterator[str]:
    """The secret that stands for a password nobody wrote, unless it happens to be declared."""
    if not written:
        yield from (piece.name for piece in decided if isinstance(piece, SecretOf) and piece.name not in declared)


def _service_outputs(service: Service, ports: Mapping[str, Port], public: Public) -> Outputs:
    """The host, and what each port is by its name, the first without a name as well."""
    name, protocol = service.name, service.protocol
    found: Outputs = {("host",): (name,)}
    for key, port in ports.items():
        if key == "debug":
            continue
        address = f"{name}:{port.container}"
        said: dict[str, Text] = {
            "url": (f"{protocol}://{address}",),
            "port": (str(port.container),),
            "address": (address,),
        }
        if port.host is not None:
            said["public_url"] = public(protocol, name, port)
        if len(found) == 1:
            for word, text in said.items():
                found[word,] = text
        for word, text in said.items():
            found[key, word] = text
    return found


def url_defects(services: Mapping[str, Service]) -> Iterator[Defect]:
    """External services at what is no URL: without a host, or with a port that is none."""
    for service in services.values():
        if service.url and _host_and_port(service.url) is None:
            facts = {
                "where": f"services.{service.name}.url",
                "subject": f"{service.name}/url",
                "accepted": "a URL, such as `https://sandbox.bank.example`",
                "got": service.url,
                "closest": "",
                "surely": "",
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


def _gateway_url(gateway: Gateway, ports: Mapping[str, Mapping[str, Port]], environment: str) -> Text:
    scheme = "https" if gateway.certificate else "http"
    if gateway.mode == "host":
        return (f"{scheme}://{gateway.host or 'localhost'}",)
    if is_copy(environment):
        return (f"{scheme}://gateway",)
    port = ports["gateway"]["default"]
    return (f"{scheme}://{gateway.host or 'localhost'}:", Variable(port.variable, str(port.host)))
