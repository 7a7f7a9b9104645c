"""A civil registry on loopback that answers whatever a test wants."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest


class Server(ThreadingHTTPServer):
    def handle_error(self, *_args: Any) -> None:
        """Who asked has stopped listening: that is what some tests are about."""


class RegistryServer:
    """``answer`` is (status, headers, body); an Event as the body keeps the asker waiting."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer: tuple[int, dict[str, str], bytes | Event] = (500, {}, b"")
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.heard.append((self.path, dict(self.headers), said))
                status, headers, body = server.answer
                if isinstance(body, Event):
                    body.wait(10)
                    body = b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/dukcapil"
        # Closing waits until it looks up: by default half a second, for each test.
        Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    def says(self, status: int, body: Any = b"", **headers: str) -> None:
        raw = body if isinstance(body, bytes | Event) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = (status, named, raw)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def registry_server(settings: Any) -> Iterator[RegistryServer]:
    server = RegistryServer()
    settings.REGISTRY_URL = server.url
    settings.REGISTRY_USER, settings.REGISTRY_PASSWORD = "imigrasi", "rahasia"
    settings.IDENTITY_VERIFIER = "accounts.registry.http.HttpVerifier"
    yield server
    server.close()
