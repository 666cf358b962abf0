"""A partner's server: real TLS on this machine, under a name and a certificate of its own, and what it was sent."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from exchange.webhooks.posting import Way

NAME = "hooks.example.org"


class Receiver:
    """Answers `status` to every POST, or what `answers` says in turn; keeps headers and body of each."""

    def __init__(self) -> None:
        self.status = 204
        self.answers: list[int] = []
        self.location = ""
        self.got: list[tuple[dict[str, str], bytes]] = []
        #: Called instead of answering, for a server that does not behave.
        self.instead: Callable[[Any], None] | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                if receiver.instead is not None:
                    receiver.instead(self)
                    return
                self.send_response(receiver.answers.pop(0) if receiver.answers else receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_args: Any) -> None:
                """A client that broke off is what some tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = _certificates()[0].wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://{NAME}:{self.server.server_port}/in"

    @property
    def way(self) -> Way:
        """How to reach it: the name leads here, and the certificate's maker is trusted."""
        return Way(addresses=lambda _host, _port: ["127.0.0.1"], trust=_certificates()[1])

    @property
    def ids(self) -> list[str]:
        """The `webhook-id` of each message."""
        return [headers["webhook-id"] for headers, _body in self.got]

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _headers, body in self.got]

    @property
    def records(self) -> list[list[str]]:
        """Of each message the ids of the records that it told of."""
        return [[change["id"] for change in said["data"]["changes"]] for said in self.said]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs."""
    receiver = Receiver()
    thread = Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()


def stalls(_handler: Any) -> None:
    """Take the request and never answer."""
    time.sleep(3)


def drips(handler: Any) -> None:
    """Answer a byte at a time, which no time limit between two bytes would end."""
    for byte in b"HTTP/1.1 204 No Content\r\nX-Slow: " + b"x" * 100:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


@cache
def _certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For the server and for the one who trusts it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(file)
    trusting = ssl.create_default_context(
        cadata=certificate.public_bytes(serialization.Encoding.PEM).decode()
    )
    return server, trusting
