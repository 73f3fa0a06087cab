"""A kind of infrastructure, as its `kind.yaml` says it."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.plan import Timing
from compiler.text.named import NamedTuple


class KindPort(NamedTuple):
    """A port of the server; `publish` says whether `publish: true` shows it on the host."""

    name: str
    container: int
    scheme: str
    publish: bool


class KindJob(NamedTuple):
    """A command that is safe to repeat, in the kind's own image. Texts hold `{placeholder}`s.

    The kind's `files` stand at `/periplus`, read-only.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str]


class PartOption(NamedTuple):
    """A setting of a part; `default` holds `{placeholder}`s, `grammar` is matched in full, `reserved` is refused."""

    default: str
    grammar: str
    reserved: tuple[str, ...] = ()


class PartFamily(NamedTuple):
    """What an instance may hold: databases, topics, queues."""

    name: str
    singular: str
    grammar: str
    """What a part's name must match in full."""
    reserved: tuple[str, ...]
    """Names that the server keeps for itself."""
    options: Mapping[str, PartOption]
    secret: bool
    """Whether a part has a login of its own: the option `owner`, and a password."""
    job: KindJob | None
    schema_job: KindJob | None
    """Instead of `job` where the part has a schema file, mounted at `/periplus-schema.sql`; None: takes no schema."""
    seed_job: KindJob | None
    """After the migrations, with the seed mounted at `/periplus-seed.sql`; None: takes no seed."""
    outputs: Mapping[str, str]


class Kind(NamedTuple):
    r"""A kind with its rules applied for one version and one set of settings.

    Texts hold `{placeholder}`s, exactly `\{[a-z][a-z_.]*\}`; every other brace and every `$` is literal.
    """

    name: str
    title: str
    default_version: str
    image: str
    image_tag: str
    password: str
    """`always`, `optional` or `never`."""
    user: str
    """The superuser, or empty; may be `{name}`."""
    ports: tuple[KindPort, ...]
    """The first is the main port, `{port}`."""
    data: str
    """Where the server keeps its data, or empty for nothing worth keeping."""
    hostname: bool
    """Whether the data is bound to the host's name, which must then be fixed."""
    command: tuple[str, ...]
    """Instead of the image's command; empty: the image's."""
    environment: Mapping[str, str]
    config: tuple[str, ...]
    """Arguments added to the command for each entry of `config`; {key} and {value}. Empty: takes no config."""
    health: tuple[str, ...]
    """A command that is true only once the server accepts work, on first boot too; empty where the image's counts."""
    health_shell: bool
    """Whether `health` is one text for the image's shell."""
    image_health: bool
    timing: Timing
    parts: Mapping[str, PartFamily]
    outputs: Mapping[str, str]
    viewer: bool
    """Whether it is of use although no service refers to it."""
    client: tuple[str, ...]
    """How a person opens a shell on it, inside its container; may be empty."""
    files: Mapping[str, str]
    """Name -> text, emitted as it stands; only jobs mount them, at `/periplus`."""
    verified_on: str
    """The date when it was last run for real, or empty for never."""
