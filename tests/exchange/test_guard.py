"""Nothing that a partner enters makes the service knock at what stands inside: not a byte arrives there."""

import ast
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from exchange.tasks import tell_endpoint
from exchange.webhooks import posting
from exchange.webhooks.guard import ForbiddenError, Target, public_addresses, target_of
from exchange.webhooks.posting import PUBLIC, Fate, Way, post
from tests.exchange.receiver import NAME, receiving
from tests.repository.source import product_files, tree

#: Hosts that lead inside, written in every way that some resolver understands. {port} is where somebody listens.
HOSTILE = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ip6-localhost",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fc00::1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[ff02::1]",
    "[2001:db8::1]",
]
#: Addresses that are hostile by how they are written.
WRITTEN = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "https://",
    "https:///in",
    "https://user:word@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org/#part",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nX: y",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://hooks/",
    "https://-a.example.org/",
    "https://hooks.example.org/" + "a" * 500,
]


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """Somebody inside, on every address of this machine: its port, and what reached it (an empty piece for a connection)."""
    server = socket.socket(socket.AF_INET6) if socket.has_dualstack_ipv6() else socket.socket()
    if server.family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("", 0))
    server.listen(50)
    got: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                connection, _peer = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(0.5)
                got.append(b"")
                try:
                    got.append(connection.recv(1000))
                except OSError:
                    continue

    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], got
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(timeout=5)


def test_not_a_byte_reaches_what_stands_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice each: as it is entered, and past the check of what is entered."""
    assert len(HOSTILE) >= 45
    with listening() as (port, got):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
        for host in HOSTILE:
            url = f"https://{host}:{port}/in"
            with pytest.raises(ValidationError):
                target_of(url)
            assert post(url, b"{}", {}).fate is Fate.UNREACHED
            bare = host.strip("[]").replace("%25", "%")
            with pytest.raises(ForbiddenError):
                public_addresses(bare, port)
            with monkeypatch.context() as past:
                past.setattr(posting, "target_of", lambda _url, bare=bare: Target(bare, port, "/"))
                assert post(url, b"{}", {}).fate is Fate.UNREACHED
        for url in WRITTEN:
            assert post(url, b"{}", {}).fate is Fate.UNREACHED
        assert got == []


def test_without_the_guard_they_would_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same listener, the same client, and nobody who looks at addresses."""
    careless = Way(addresses=lambda host, port: [str(each[4][0]) for each in socket.getaddrinfo(host, port)])
    with listening() as (port, got):
        for bare in ("127.1", "0x7f.1", "localhost"):
            monkeypatch.setattr(posting, "target_of", lambda _url, bare=bare: Target(bare, port, "/"))
            post("https://x", b"{}", {}, way=careless)
        assert got.count(b"") >= 3


def test_a_name_that_changes_its_address_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: public when it is looked at, inside when it is asked again. It is not asked again."""
    asked = []

    def look_up(host: str, port: int, **_kind: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) > 1 else "192.31.196.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    tried = []

    def create_connection(place: tuple[str, int], **_options: Any) -> socket.socket:
        tried.append(place)
        raise TimeoutError

    with listening() as (port, got):
        way = Way(addresses=lambda host, to: public_addresses(host, to, look_up=look_up))
        monkeypatch.setattr(socket, "create_connection", create_connection)
        assert post(f"https://{NAME}:{port}/", b"{}", {}, way=way).fate is Fate.UNREACHED
        assert (asked, got) == ([NAME], [])
        assert tried == [("192.31.196.1", port)]


def test_one_inside_address_among_public_ones_is_enough() -> None:
    def look_up(_host: str, port: int, **_kind: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("192.31.196.1", "10.0.0.1")]

    with pytest.raises(ForbiddenError, match="not public"):
        public_addresses(NAME, 443, look_up=look_up)
    with pytest.raises(ForbiddenError, match="no address"):
        public_addresses(NAME, 443, look_up=lambda *_args, **_kind: [])


def test_a_redirect_is_not_followed() -> None:
    with listening() as (port, got), receiving() as receiver:
        receiver.status, receiver.location = 307, f"http://127.0.0.1:{port}/"
        outcome = post(receiver.url, b"{}", {}, way=receiver.way)
        assert (outcome.fate, outcome.status) == (Fate.REFUSED, 307)
        assert "redirect" in outcome.words
        assert got == []


def test_a_certificate_for_another_name_is_refused() -> None:
    with receiving() as receiver:
        outcome = post(receiver.url.replace(NAME, "other.example.org"), b"{}", {}, way=receiver.way)
        assert "certificate" in outcome.words
        assert post(receiver.url, b"{}", {}, way=Way(addresses=receiver.way.addresses)).fate is Fate.UNREACHED
        assert receiver.got == []


def test_nothing_in_the_product_goes_another_way() -> None:
    """Tests pass a way that leads to this machine; no setting, task or row of the database can."""
    assert PUBLIC == Way() == Way(addresses=public_addresses, trust=None)
    assert list(signature(tell_endpoint.run).parameters) == ["endpoint_id"]
    made = [
        path.name
        for path in product_files()
        if "exchange" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Way"
    ]
    assert made == ["posting.py"]
