"""What is known of the published images that Dockerfiles are built on, and of checks they do not have."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from compiler.model.finding import Defect
from compiler.model.source import Place
from compiler.passes.images import is_floating
from compiler.passes.moved_images import moved_image
from compiler.text.image import image_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compiler.model.manifest import Service
    from compiler.passes.dockerfile import Dockerfile
    from compiler.text.image import ImageReference

_WITHOUT_CHECK = frozenset({
    *("alpine", "amazoncorretto", "busybox", "caddy", "clojure", "debian", "eclipse-temurin", "elixir", "erlang"),
    *("fedora", "golang", "gradle", "haproxy", "httpd", "mariadb", "maven", "memcached", "mongo", "mysql", "nats"),
    *("nginx", "node", "openjdk", "perl", "php", "postgres", "python", "rabbitmq", "redis", "ruby", "rust", "swift"),
    *("tomcat", "traefik", "ubuntu", "valkey/valkey"),
})  # fmt: skip
"""On Docker's Hub. That official images have none is their rule: https://github.com/docker-library/faq#healthcheck."""
_WITHOUT_CHECK_ELSEWHERE = ("gcr.io/distroless/", "mcr.microsoft.com/dotnet/")

_UNNUMBERED = ("gcr.io/distroless/", "cgr.dev/chainguard/")
"""What nobody can name a version of: only a digest would stay."""


def base_notices(service: Service, dockerfile: Dockerfile) -> Iterator[Defect]:
    """The bases of a Dockerfile that are gone, or that mean something else tomorrow."""
    build = service.build
    for base in dockerfile.bases if build is not None else ():
        reference = image_reference(base.image) if base.image != "scratch" else None
        if reference is None or build is None:
            continue
        place = Place(posixpath.normpath(posixpath.join(build.context, build.dockerfile)), line=base.line)
        facts = {"image": base.image, "path": place.document, "line": str(base.line)}
        moved = moved_image(reference, service.environment)
        if moved is not None:
            yield Defect("build.bad-base", place, {**facts, "happened": moved.happened, "remedy": moved.remedy})
        elif _is_floating(reference) and not base.image.startswith(_UNNUMBERED):
            yield Defect("build.bad-base", place, {**facts, "tag": reference.tag})


def has_no_check(image: str) -> bool:
    """Whether a published image is known to have no HEALTHCHECK."""
    if image == "scratch" or image.startswith(_WITHOUT_CHECK_ELSEWHERE):
        return True
    reference = image_reference(image) if "$" not in image else None
    return reference is not None and reference.is_on_hub and reference.repository in _WITHOUT_CHECK


def _is_floating(reference: ImageReference) -> bool:
    """Whether it floats; without a tag, a name that is none of the Hub's may be built on this machine alone."""
    name = reference.repository
    is_published = bool(reference.tag or reference.registry) or "/" in name or name in _WITHOUT_CHECK
    return is_published and is_floating(reference)
