"""orders: takes orders and has them paid; remembers them for as long as it runs.

Readiness asks whether Kafka and the mail server accept a connection, and whether payments is alive.
"""

import json
import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

PORT = 8080
SECONDS = 2
NEEDED = ("KAFKA_BROKERS", "PAYMENTS_URL", "SMTP_URL")
placed: list[object] = []


class Orders(BaseHTTPRequestHandler):
    """Answers `/healthz` and `/readyz`; `GET /` lists the orders and `POST /` places one."""

    def do_GET(self) -> None:
        """Answer a question."""
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self._answer(200, {"status": "healthy", "service": "orders"})
        elif path == "/readyz":
            checks = {
                "kafka": _ask(f"kafka://{os.environ['KAFKA_BROKERS'].partition(',')[0]}"),
                "mail": _ask(os.environ["SMTP_URL"]),
                "payments": _ask_payments(),
            }
            ready = all(said == "healthy" for said in checks.values())
            self._answer(200 if ready else 503, {"status": "ready" if ready else "degraded", "checks": checks})
        elif path == "/":
            self._answer(200, placed)
        else:
            self._answer(404, {"detail": f"there is no {path}"})

    def do_POST(self) -> None:
        """Place an order: it counts once it is paid."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(f"{os.environ['PAYMENTS_URL']}/payments", body, {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                placed.append(json.load(answer))
        except HTTPError as error:
            self._answer(error.code, json.load(error))
        except OSError as error:
            self._answer(503, {"detail": f"payments does not answer: {error}"})
        else:
            self._answer(201, placed[-1])

    def _answer(self, code: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, *_: object) -> None:
        """Stay quiet about each request."""


def _ask(url: str) -> str:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), SECONDS).close()
    except OSError as error:
        return f"unhealthy: {error}"
    return "healthy"


def _ask_payments() -> str:
    try:
        urlopen(f"{os.environ['PAYMENTS_URL']}/healthz", timeout=SECONDS).close()
    except OSError as error:
        return f"unhealthy: {error}"
    return "healthy"


def main() -> None:
    """Serve until told to end."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        sys.exit(f"cannot start: environment variable not set: {', '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", PORT), Orders).serve_forever()


if __name__ == "__main__":
    main()
