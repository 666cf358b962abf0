"""One POST to one endpoint, and what came of it: to an address that was looked at, without redirects, proxies or patience.

Python's own client is used, since it does no more than it is told: it follows nothing, reads no environment, and takes the
socket that we opened. Of the answer only its status is read.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Timer
from time import monotonic

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exchange.webhooks.guard import ForbiddenError, Target, public_addresses, target_of

CONNECT_SECONDS, READ_SECONDS = 3, 6
#: No POST takes longer than this, however slowly somebody sends their answer.
MOST_SECONDS = 10
#: Answers that are about the server and not about this message: it is to be left alone for a while.
_BUSY = frozenset({429, 502, 503, 504})


class Fate(StrEnum):
    """What became of one try."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNREACHED = "unreached"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate, the status that was answered, and a sentence about what was wrong."""

    fate: Fate
    status: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How endpoints are reached. No setting changes it: whoever wants another way passes one, and only tests do."""

    addresses: Callable[[str, int], list[str]] = public_addresses
    trust: ssl.SSLContext | None = None


PUBLIC = Way()


def post(url: str, body: bytes, headers: Mapping[str, str], *, way: Way = PUBLIC) -> Outcome:
    """Send it once. Never raises for what the other side does; takes MOST_SECONDS at most, and the time of a look-up."""
    try:
        target = target_of(url)
        addresses = way.addresses(target.host, target.port)
    except (ForbiddenError, ValidationError) as error:
        words = error.messages[0] if isinstance(error, ValidationError) else str(error)
        return Outcome(Fate.UNREACHED, None, words)
    until = monotonic() + MOST_SECONDS
    try:
        with _connected(target, addresses, way) as line:
            line.request("POST", target.path, body, {**headers, "Host": _named(target)})
            status = line.getresponse().status
        if monotonic() > until:
            raise TimeoutError  # it was cut off: what looks like an answer may be half of one
    except ssl.SSLCertVerificationError:
        words = _("The certificate of the server is not valid for its name. Renew it there.")
        return Outcome(Fate.UNREACHED, None, words)
    except (OSError, http.client.HTTPException, ValueError):
        words = _("The server did not answer in time, or broke off. Look there whether it runs.")
        return Outcome(Fate.UNREACHED, None, words)
    return _outcome(status)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Fate.TAKEN, status)
    if status == 410:
        return Outcome(Fate.GONE, status, _("The server answered 410: it wants no more of these."))
    if status in _BUSY:
        return Outcome(Fate.UNREACHED, status, _("The server is busy or away. It is tried again later."))
    if 300 <= status < 400:
        words = _(
            "The server answered with a redirect, which is not followed. Enter the address that it leads to."
        )
        return Outcome(Fate.REFUSED, status, words)
    return Outcome(Fate.REFUSED, status, _("The server did not take it. Look into its log."))


@contextmanager
def _connected(target: Target, addresses: list[str], way: Way) -> Iterator[http.client.HTTPConnection]:
    """A client on a TLS connection to the first address that answers, cut off when its time is over."""
    trust = way.trust or ssl.create_default_context()
    plain = _opened(addresses, target.port)
    try:
        secured = trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
    except BaseException:
        plain.close()
        raise
    guillotine = Timer(MOST_SECONDS, _cut, [secured])
    guillotine.daemon = True
    guillotine.start()
    line = http.client.HTTPConnection(target.host, target.port)
    line.auto_open = 0  # never a second connection, which would ask for the address again
    line.sock = secured
    try:
        secured.settimeout(READ_SECONDS)
        secured.do_handshake()
        yield line
    finally:
        guillotine.cancel()
        line.close()
        secured.close()


def _opened(addresses: list[str], port: int) -> socket.socket:
    """Connect to what was looked at: an address, so that nothing is resolved again."""
    for address in addresses[:2]:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError:
            continue
    raise ConnectionError


def _cut(secured: ssl.SSLSocket) -> None:
    try:
        socket.socket.shutdown(secured, socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


def _named(target: Target) -> str:
    return target.host if target.port == 443 else f"{target.host}:{target.port}"
