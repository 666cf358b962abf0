"""Where webhooks may go: to public addresses alone, whatever a name says, and to the address that was looked at.

A partner chooses the URL, and we stand inside: without this, a URL could make the service knock at its own database, at a
cloud's metadata or at a neighbour. A name is resolved once; every address that it has must be public; the connection goes to
one of them.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_URL = 500
HTTPS_PORT = 443
#: How long a name may take to be resolved.
PATIENCE_SECONDS = 3
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_TOP = re.compile(r"[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PATH = re.compile(r"[!-~]*")
#: Networks that Python's list of public ones lets through, in some version or in every one: addresses that carry another
#: address inside (6to4, Teredo, NAT64, IPv4-compatible), relays, benchmarks and what is reserved.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LookUp = Callable[..., Any]


class ForbiddenError(Exception):
    """The target is not a public one, or has no address; its words say which without naming what stands there."""


@dataclass(frozen=True, slots=True)
class Target:
    """An https URL in the parts that a connection needs."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """The parts of a URL that a webhook may have. Raises ValidationError with what to write instead."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused() from error
    host = (parts.hostname or "").removesuffix(".")
    *labels, top = host.split(".")
    is_named = bool(labels) and all(map(_LABEL.fullmatch, labels)) and _TOP.fullmatch(top) is not None
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fits = len(url) <= LONGEST_URL and len(host) <= 253 and _PATH.fullmatch(url) and "\\" not in url
    if parts.scheme != "https" or not is_named or not is_plain or not fits or port == 0:
        raise _refused()
    return Target(host, port or HTTPS_PORT, path)


def _refused() -> ValidationError:
    words = _(
        "Give an address such as https://hooks.example.org/musterpoint: https, the name of a server (no number), no user name "
        "and no # part, in plain letters."
    )
    return ValidationError({"url": [ValidationError(words, code="bad_url")]})


def is_public(address: Address) -> bool:
    """Whether it is an address that the whole internet reaches, and no other one in disguise."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_addresses(host: str, port: int, *, look_up: LookUp = socket.getaddrinfo) -> list[str]:
    """The addresses of the host, looked up once. Raises ForbiddenError where there is none or one is not public."""
    found = _resolved(host, port, look_up)
    if not found:
        raise ForbiddenError(
            _("The name of the server leads to no address. Check it, and that its DNS answers.")
        )
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    if not all(map(is_public, addresses)):
        raise ForbiddenError(
            _(
                "The name of the server leads to an address that is not public. Give one that the internet reaches."
            )
        )
    return [str(address) for address in addresses]


def _resolved(host: str, port: int, look_up: LookUp) -> list[str]:
    """In a thread of its own, since nothing else bounds how long a resolver takes."""
    found: list[str] = []

    def ask() -> None:
        try:
            told = look_up(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(place[0] for *_about, place in told))

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return list(found)
