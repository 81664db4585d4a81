"""/healthz, /metrics and receipts over HTTP, for machines. Off unless monitor.yaml says where."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from monitor.errors import MonitorError
from monitor.watch.vitals import Trouble

SECONDS = 10.0  # for one request


class Endpoint:
    """Serves two pages, and takes receipts: `POST /receipt/ID` with the alert id of a canary that arrived.

    In threads of its own. Raises MonitorError when the address cannot be bound.
    """

    def __init__(
        self,
        host: str,
        port: int,
        proven: Callable[[], bool],
        troubles: Callable[[], Sequence[Trouble]],
        metrics: Callable[[], bytes],
        receipt: Callable[[str], bool],
    ) -> None:
        def health() -> tuple[int, bytes]:
            found = troubles()
            lines = [f"{trouble.part}: {trouble.why}" for trouble in found]
            if not lines and not proven():
                lines = ["starting"]
            return (503 if lines else 200), ("\n".join(lines or ["ok"]) + "\n").encode()

        def figures() -> tuple[int, bytes]:
            try:
                return 200, metrics()
            except MonitorError as error:
                return 503, f"{error}\n".encode()

        pages = {"/healthz": health, "/metrics": figures}

        class Handler(BaseHTTPRequestHandler):
            timeout = SECONDS

            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                self.answer(*(page() if page else (404, b"there is /healthz and /metrics\n")))

            def do_POST(self) -> None:
                folder, _, alert = self.path.rpartition("/")
                try:
                    known = folder == "/receipt" and receipt(alert)
                except MonitorError as error:
                    self.answer(503, f"{error}\n".encode())
                else:
                    self.answer(*((200, b"thank you\n") if known else (404, b"no canary under way has this id\n")))

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("X-Content-Type-Options", "nosniff")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Scrapes are no news."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

            def handle_error(self, *_: Any) -> None:
                """A client that goes away is no news."""

        try:
            self._server = Server((host, port), Handler)
        except OSError as error:
            raise MonitorError(f"http: cannot listen on {host}:{port}: {error.strerror}", temporary=False) from error
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
