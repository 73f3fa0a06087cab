"""payments: charges for orders; refuses every payment while it has no key of the payment provider.

The provider is simulated. Readiness asks whether a Kafka broker accepts a connection; the bank is somebody else's and
does not make this service unready.
"""

import json
import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8080
SECONDS = 2


class Payments(BaseHTTPRequestHandler):
    """Answers `/healthz` and `/readyz`, and `POST /payments`."""

    def do_GET(self) -> None:
        """Answer a question."""
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self._answer(200, {"status": "healthy", "service": "payments"})
        elif path == "/readyz":
            checks = {"kafka": _ask_kafka()}
            ready = checks["kafka"] == "healthy"
            self._answer(200 if ready else 503, {"status": "ready" if ready else "degraded", "checks": checks})
        else:
            self._answer(404, {"detail": f"there is no {path}"})

    def do_POST(self) -> None:
        """Charge for an order."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/payments":
            self._answer(404, {"detail": f"there is no {self.path}"})
        elif not os.environ.get("STRIPE_KEY"):
            self._answer(402, {"detail": "payments are refused: STRIPE_KEY is not set"})
        else:
            self._answer(201, {"status": "accepted", "bank": os.environ["BANK_URL"], "payment": json.loads(body)})

    def _answer(self, code: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, *_: object) -> None:
        """Stay quiet about each request."""


def _ask_kafka() -> str:
    host, _, port = os.environ["KAFKA_BROKERS"].partition(",")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), SECONDS).close()
    except OSError as error:
        return f"unhealthy: {error}"
    return "healthy"


def main() -> None:
    """Serve until told to end."""
    missing = [name for name in ("KAFKA_BROKERS", "BANK_URL") if not os.environ.get(name)]
    if missing:
        sys.exit(f"cannot start: environment variable not set: {', '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", PORT), Payments).serve_forever()


if __name__ == "__main__":
    main()
