"""catalog: the products of the shop.

Its readiness asks whether MongoDB and Elasticsearch accept a connection. It does not log in to MongoDB: that would
need a driver, and this example is for reading and compiling.
"""

import base64
import json
import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

PORT = 8080
SECONDS = 2
PRODUCTS = {
    "compass": {"sku": "compass", "name": "Compass", "price": 24.50},
    "sextant": {"sku": "sextant", "name": "Sextant", "price": 189.00},
}


class Catalog(BaseHTTPRequestHandler):
    """Answers `/healthz`, `/readyz`, `/products` and `/products/<sku>`."""

    def do_GET(self) -> None:
        """Answer a question."""
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self._answer(200, {"status": "healthy", "service": "catalog"})
        elif path == "/readyz":
            checks = {"mongo": _ask_mongo(), "elasticsearch": _ask_elasticsearch()}
            ready = all(said == "healthy" for said in checks.values())
            self._answer(200 if ready else 503, {"status": "ready" if ready else "degraded", "checks": checks})
        elif path == "/products":
            self._answer(200, list(PRODUCTS.values()))
        elif path.removeprefix("/products/") in PRODUCTS:
            self._answer(200, PRODUCTS[path.removeprefix("/products/")])
        else:
            self._answer(404, {"detail": f"there is no {path}"})

    def _answer(self, code: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, *_: object) -> None:
        """Stay quiet about each request."""


def _ask_mongo() -> str:
    url = urlsplit(os.environ["MONGO_URL"])
    try:
        socket.create_connection((url.hostname, url.port or 27017), SECONDS).close()
    except OSError as error:
        return f"unhealthy: {error}"
    return "healthy"


def _ask_elasticsearch() -> str:
    url = urlsplit(os.environ["ELASTICSEARCH_URL"])
    request = Request(f"{url.scheme}://{url.hostname}:{url.port or 9200}/_cluster/health")
    if url.username:
        login = f"{unquote(url.username)}:{unquote(url.password or '')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
    try:
        urlopen(request, timeout=SECONDS).close()
    except OSError as error:
        return f"unhealthy: {error}"
    return "healthy"


def main() -> None:
    """Serve until told to end."""
    missing = [name for name in ("MONGO_URL", "ELASTICSEARCH_URL") if not os.environ.get(name)]
    if missing:
        sys.exit(f"cannot start: environment variable not set: {', '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", PORT), Catalog).serve_forever()


if __name__ == "__main__":
    main()
