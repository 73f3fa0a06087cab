"""What a Dockerfile is read to say, and who may ask in the image."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model.plan import Asker
from compiler.passes.dockerfile import Dockerfile, asker_for, read_dockerfile

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*/Dockerfile"))


def read(*lines: str, target: str = "") -> Dockerfile:
    return read_dockerfile("\n".join([*lines, ""]), target)


def installs(*lines: str) -> set[str]:
    return set(read("FROM debian:12", *lines).installs)


class TestBase:
    def test_the_last_stage_counts(self) -> None:
        assert read("FROM golang:1.23 AS build", "FROM scratch", "COPY --from=build /a /a").base == "scratch"

    def test_the_target_counts(self) -> None:
        lines = ("FROM node:22 AS dev", "FROM nginx:1.27 AS prod")
        assert read(*lines, target="dev").base == "node:22"
        assert read(*lines, target="DEV").base == "node:22"
        assert read(*lines, target="0").base == "node:22"

    def test_a_stage_on_a_stage(self) -> None:
        lines = ("FROM python:3.12 AS base", "FROM base AS build", "FROM build")
        assert read(*lines).base == "python:3.12"
        assert read(*lines).stages == ("base", "build", "")

    def test_a_stage_may_have_the_name_of_its_image(self) -> None:
        assert read("FROM python AS python", "FROM python").base == "python"

    def test_a_missing_target(self) -> None:
        found = read("FROM node:22 AS dev", target="prod")
        assert (found.target_found, found.stages, found.base) == (False, ("dev",), "")

    def test_no_stage_at_all(self) -> None:
        assert not read("# nothing").target_found

    @pytest.mark.parametrize(
        ("lines", "base"),
        [
            (("ARG V=3.12", "FROM python:$V"), "python:3.12"),
            (("ARG V=3.12", "FROM python:${V}-slim"), "python:3.12-slim"),
            (("FROM python:${V:-3.11}",), "python:3.11"),
            (("ARG V=1", "FROM python:${V:-3.11}"), "python:1"),
            (("ARG S=y", "FROM python:3${S:+-slim}"), "python:3-slim"),
            (("ARG A=1", "ARG B=${A}2", "FROM python:$B"), "python:12"),
            (("FROM ${X:-${Y:-node}}:22",), "node:22"),
            (("FROM $BASE",), ""),
            (("ARG REGISTRY", "FROM ${REGISTRY}/python:3.12"), "python:3.12"),
            (("FROM --platform=$BUILDPLATFORM node:22 AS a",), "node:22"),
            (("from node:22 as a",), "node:22"),
            (("# syntax=docker/dockerfile:1", "# escape=`", "FROM `", "  node:22"), "node:22"),
            (("FROM \\", "# a comment", "", "  node:22"), "node:22"),
        ],
    )
    def test_spellings(self, lines: tuple[str, ...], base: str) -> None:
        assert read(*lines).base == base

    def test_build_arguments_win_over_defaults(self) -> None:
        assert read_dockerfile("ARG V=1\nFROM python:$V\n", "", {"V": "3.13"}).base == "python:3.13"

    def test_windows_line_ends(self) -> None:
        assert read_dockerfile("FROM node:22 \\\r\n  AS x\r\nRUN apk add curl\r\n", "x").installs == {"curl"}


class TestInstalls:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("RUN apt-get update && apt-get install -y --no-install-recommends curl wget", {"curl", "wget"}),
            ("RUN apk add --no-cache curl=8.5.0-r0 bash", {"curl", "bash"}),
            ("RUN apk add --virtual .deps gcc && apk add curl && apk del .deps", {"curl"}),
            ("RUN apk add --virtual .deps gcc curl && apk del .deps", set()),
            ("RUN apk add -t .deps curl wget && apk del .deps", set()),
            ("RUN dnf install -y python3 && microdnf install nodejs", {"python3", "node"}),
            ("RUN yum -y install busybox", {"busybox"}),
            ("RUN DEBIAN_FRONTEND=noninteractive apt-get -o A=b install -qqy curl", {"curl"}),
            ("RUN sudo /usr/bin/apt-get install -y curl:amd64", {"curl"}),
            ("RUN --mount=type=cache,target=/var/cache/apt --network=host apt-get install -y curl", {"curl"}),
            ('RUN ["apt-get", "install", "-y", "curl"]', {"curl"}),
            ('RUN ["sh", "-c", "apk add curl && true"]', {"curl"}),
            ("RUN tools='curl wget'; apt-get install -y $tools", {"curl", "wget"}),
            ("RUN set -eux; apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*", {"curl"}),
            ("RUN apt-get install -y curl && apt-get purge -y --auto-remove curl", set()),
            ("RUN apt-mark auto '.*'", set()),
            ("RUN apt-get install -y curl; apt-mark auto '.*' > /dev/null; apt-get purge -y --auto-remove", set()),
            ("RUN apt-get install -y libcurl4 curlftpfs python3-requests", set()),
            ("RUN echo apt-get install curl", set()),
            ("RUN echo 'apt-get install -y curl' > /help", set()),
            ("RUN false || apt-get install -y curl", set()),
            ('RUN if [ "$DEV" = 1 ]; then apt-get install -y curl; fi', set()),
            ("RUN if true; then :; fi; apt-get install -y curl", {"curl"}),
            ('RUN [ -n "$DEV" ] && apt-get install -y curl || true', set()),
            ("RUN apk add --root /rootfs curl", set()),
            ("RUN apt-get install -y curl- wget", {"wget"}),
            ("RUN curl -fsS https://example.com | sh", set()),
            ("RUN apt-get install -y 'curl", set()),
            ("# RUN apt-get install -y curl", set()),
            ("ONBUILD RUN apt-get install -y curl", set()),
            ("COPY --from=tools /bin/curl /usr/local/bin/", {"curl"}),
            ("COPY --from=tools /bin/curl /usr/local/bin/curl", {"curl"}),
            ("COPY --from=tools /bin/curl /srv/curl", set()),
            ("COPY curl /usr/bin/", set()),
        ],
    )
    def test_one_line(self, line: str, expected: set[str]) -> None:
        assert installs(line) == expected

    def test_continued_lines_with_comments_between(self) -> None:
        assert installs(
            "RUN apt-get update \\", "  # why", "", "  && apt-get install -y \\", "    curl \\  ", "    wget"
        ) == {
            "curl",
            "wget",
        }

    def test_a_heredoc_is_a_script(self) -> None:
        assert installs(
            "RUN <<EOF", "apt-get update", "# apt-get install -y wget", "apt-get install -y curl # ask", "EOF"
        ) == {"curl"}
        assert installs("RUN <<-'E O F'", "RUN apk add wget") == {"wget"}
        assert installs("RUN bash -e <<-END", "\tapt-get install -y curl", "\tEND", "RUN apk add wget") == {
            "curl",
            "wget",
        }

    def test_a_heredoc_written_to_a_file_is_none(self) -> None:
        assert installs("RUN cat <<EOF > /x", "apt-get install -y curl", "EOF") == set()
        assert installs("COPY <<EOF /x", "RUN apt-get install -y curl", "HEALTHCHECK NONE", "EOF") == set()

    def test_arguments_of_the_stage(self) -> None:
        assert installs('ARG TOOLS="curl wget"', "RUN apt-get install -y $TOOLS") == {"curl", "wget"}

    def test_only_the_chain_of_the_target(self) -> None:
        lines = (
            "FROM debian AS a",
            "RUN apt-get install -y curl",
            "FROM debian AS b",
            "RUN apt-get install -y wget",
            "FROM a AS c",
        )
        assert read(*lines).installs == {"curl"}
        assert read(*lines, target="b").installs == {"wget"}

    def test_removed_in_a_later_stage(self) -> None:
        assert read("FROM alpine AS a", "RUN apk add curl", "FROM a", "RUN apk del curl").installs == frozenset()


class TestRest:
    def test_health_check(self) -> None:
        found = read("FROM a", "", "HEALTHCHECK --interval=5s \\", "  CMD curl -f http://localhost/")
        assert (found.healthcheck, found.healthcheck_line) == (True, 3)

    def test_health_check_none_in_a_later_stage(self) -> None:
        found = read("FROM a AS b", "HEALTHCHECK CMD true", "FROM b", "HEALTHCHECK none")
        assert (found.healthcheck, found.healthcheck_line) == (False, 4)

    def test_nothing_said(self) -> None:
        found = read("FROM a")
        assert (found.healthcheck, found.healthcheck_line, found.entrypoint, found.exposes) == (None, 0, False, ())

    def test_entrypoint(self) -> None:
        assert read("FROM a", 'ENTRYPOINT ["/x"]').entrypoint
        assert read("FROM a", "ENTRYPOINT exec /x").entrypoint
        assert not read("FROM a AS b", 'ENTRYPOINT ["/x"]', "FROM b", "ENTRYPOINT []").entrypoint

    def test_exposes(self) -> None:
        found = read("FROM a", "ENV PORT=8080", "EXPOSE $PORT 8000/tcp 53/udp 9000-9002", "EXPOSE 8000 x")
        assert found.exposes == (8080, 8000, 9000, 9001, 9002)

    @pytest.mark.parametrize("ports", ["$PORT 80", "80/udp", "x"])
    def test_exposes_what_cannot_be_read(self, ports: str) -> None:
        assert read("FROM a", "EXPOSE 80").exposes_all
        assert not read("FROM a", f"EXPOSE {ports}").exposes_all

    def test_the_text_of_the_health_check_and_of_the_command(self) -> None:
        found = read("FROM a AS b", "CMD x", "FROM b", 'HEALTHCHECK --timeout=1s CMD ["a"]', 'CMD ["y"]')
        assert (found.check, found.command) == ('--timeout=1s CMD ["a"]', '["y"]')

    def test_the_steps_of_the_chain_with_their_folders(self) -> None:
        lines = ("FROM a AS b", "WORKDIR /app", "RUN one", "FROM x", "RUN never", "FROM b", "WORKDIR sub", "COPY . ./y")
        found = [(step.name, step.text, step.folder) for step in read(*lines).steps]
        assert found == [("RUN", "one", "/app"), ("COPY", ". ./y", "/app/sub")]

    def test_env_in_the_old_form(self) -> None:
        assert read("FROM a", "ENV PORT 8080", "EXPOSE ${PORT}").exposes == (8080,)


class TestAsker:
    @pytest.mark.parametrize(
        ("lines", "asker"),
        [
            (("FROM python:3.12-slim",), Asker.PYTHON),
            (("FROM python:3.12-alpine",), Asker.PYTHON),
            (("FROM docker.io/library/python:3.12@sha256:00",), Asker.PYTHON),
            (("FROM localhost:5000/python",), Asker.PYTHON),
            (("FROM registry.example/astral-sh/uv:python3.12-bookworm-slim",), Asker.PYTHON),
            (("FROM python:3.12-slim", "RUN apt-get install -y curl"), Asker.CURL),
            (("FROM python:3.12 AS build", "RUN apt-get install -y curl", "FROM python:3.12-slim"), Asker.PYTHON),
            (("FROM node:22-alpine",), Asker.NODE),
            (("FROM node:22", "RUN apt-get install -y curl && apt-get purge curl"), Asker.NODE),
            (("FROM alpine:3.20",), Asker.WGET),
            (("FROM busybox",), Asker.WGET),
            (("FROM nginx:1.27-alpine3.20",), Asker.WGET),
            (("FROM golang:1.23-alpine AS b", "FROM debian:12"), Asker.FIRST_FOUND),
            (("FROM debian:12", "RUN apt-get install -y python3"), Asker.PYTHON),
            (("FROM debian:12", "RUN apt-get install -y wget"), Asker.WGET),
            (("FROM debian:12", "RUN apt-get install -y nodejs"), Asker.NODE),
            (("FROM debian:12", "RUN apt-get install -y bash"), Asker.FIRST_FOUND),
            (("FROM scratch",), Asker.NONE),
            (("FROM scratch", "COPY --from=t /bin/curl /bin/curl"), Asker.CURL),
            (("FROM gcr.io/distroless/static-debian12:nonroot",), Asker.NONE),
            (("FROM $BASE",), Asker.FIRST_FOUND),
            (("FROM nonalpine:1",), Asker.FIRST_FOUND),
            (("FROM ours:nonalpine",), Asker.FIRST_FOUND),
        ],
    )
    def test_who_asks(self, lines: tuple[str, ...], asker: Asker) -> None:
        assert asker_for(read(*lines)) is asker

    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
    def test_examples_without_curl_are_never_asked_by_curl(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        asker = asker_for(read_dockerfile(text, ""))
        assert asker is not Asker.FIRST_FOUND
        assert asker is not Asker.CURL or "curl" in text


LINES = st.lists(
    st.one_of(
        st.text("FROMRUN <>EOF\\`$ {}:-=\"'|&;()#curl\n\t", max_size=30),
        st.sampled_from(
            [
                "FROM a AS b",
                "RUN <<EOF",
                "EOF",
                "RUN apt-get install -y curl",
                "ARG X=${X:-",
                "EXPOSE 1-",
                "ENV =",
                "HEALTHCHECK",
            ]
        ),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(LINES, st.sampled_from(["", "b", "9", "٣"]))
def test_any_text_is_read(lines: list[str], target: str) -> None:
    asker_for(read(*lines, target=target))
