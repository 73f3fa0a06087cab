"""A stub of the two comment interfaces, GitHub's and GitLab's, as far as the examples use them.

GitHub: GET and POST /repos/{owner}/{repo}/issues/{number}/comments, PATCH /repos/{owner}/{repo}/issues/comments/{id}.
GitLab: GET and POST /projects/{id}/merge_requests/{iid}/notes, PUT .../notes/{id}, GET /user. Lists come in pages.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "a-token"
MANY = re.compile(r"/repos/ada/shop/issues/7/comments|/projects/5/merge_requests/7/notes")
ONE = re.compile(r"(?:/repos/ada/shop/issues/comments|/projects/5/merge_requests/7/notes)/(\d+)")
ME: dict[str, dict[str, Any]] = {"github": {"user": {"login": "github-actions[bot]"}}, "gitlab": {"author": {"id": 42}}}


class Forge(ThreadingHTTPServer):
    """The comments of one pull request, and what was asked."""

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kind = kind
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, body: str, author: dict[str, Any] | None = None) -> None:
        """A comment, by us where nobody is named."""
        self.comments.append({"id": 100 + len(self.comments), "body": body, **(author or ME[self.kind])})


class _Handler(BaseHTTPRequestHandler):
    server: Forge

    def do_GET(self) -> None:
        path, query = self._asked()
        if path == "/user" and self.server.kind == "gitlab":
            return self._answer(200, {"id": 42, "username": "periplus-bot"})
        if not MANY.fullmatch(path):
            return self._answer(404, {"message": "Not Found"})
        size, page = int(query["per_page"][0]), int(query["page"][0])
        return self._answer(200, self.server.comments[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        path, _ = self._asked()
        if not MANY.fullmatch(path):
            return self._answer(404, {"message": "Not Found"})
        self.server.add(self._body())
        return self._answer(201, self.server.comments[-1])

    def do_PATCH(self) -> None:
        self._renew("github")

    def do_PUT(self) -> None:
        self._renew("gitlab")

    def _renew(self, kind: str) -> None:
        path, _ = self._asked()
        match = ONE.fullmatch(path)
        found = [one for one in self.server.comments if match and one["id"] == int(match[1])]
        if not found or self.server.kind != kind:
            return self._answer(404, {"message": "Not Found"})
        found[0]["body"] = self._body()
        return self._answer(200, found[0])

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        url = urlsplit(self.path)
        self.server.asked.append(f"{self.command} {url.path}")
        if TOKEN not in {self.headers["PRIVATE-TOKEN"], (self.headers["Authorization"] or "").removeprefix("Bearer ")}:
            return "/not-allowed", {}
        return url.path, parse_qs(url.query)

    def _body(self) -> str:
        text: str = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        return text

    def _answer(self, code: int, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


@contextlib.contextmanager
def forge(kind: str) -> Iterator[Forge]:
    """A stub that listens."""
    with Forge(kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
