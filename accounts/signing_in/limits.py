"""How often a password or a code may be tried. What is counted carries no name: keys are digests."""

import ipaddress
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.limits import Limit, LimitsAway, give_back, seconds_left, take
from core.refusals import Later

_WINDOW = 15 * 60
#: Wrong passwords within 15 minutes: for one user name, whether it exists or not, and from one address, behind which a whole
#: reception centre may sit.
OF_A_NAME, OF_AN_ADDRESS = 10, 100
#: Wrong codes within 15 minutes for one user: 480 a day, of a million, with three right at a time.
OF_CODES = 5
#: Wrong secrets of one client of a partner's system from one address within 15 minutes; more than it has requests under way at
#: once.
OF_A_CLIENT = 20
#: Tokens of one client within 15 minutes; one lasts an hour.
OF_TOKENS = 60


class TooOften(Later):
    """Tried too often. The words are the same whatever was wrong before."""

    def __init__(self, retry_seconds: int) -> None:
        words = _("This was tried too often. Wait a quarter of an hour, then try again.")
        super().__init__(words, code="too_often", retry_seconds=retry_seconds)


class NotPossible(Later):
    """Nobody can count the tries, so none is taken."""

    def __init__(self) -> None:
        words = _(
            "Signing in is not possible for the moment. Nothing is wrong with what you typed; try again in a minute."
        )
        super().__init__(words, code="limits_away", retry_seconds=60, status=503)


def of_password(username: str, address: str) -> tuple[Limit, ...]:
    """The limits that a password for this user name from this address counts under."""
    name = unicodedata.normalize("NFKC", username).strip().casefold()
    return (
        Limit(_digest("name", name), OF_A_NAME, _WINDOW),
        Limit(_digest("address", _network(address)), OF_AN_ADDRESS, _WINDOW),
    )


def of_client(name: str, address: str) -> tuple[Limit, ...]:
    """The limits that a secret for the client of this id, whether it exists or not, counts under: for each address by itself.

    An id is no secret. Counted for the client alone, wrong secrets of a stranger would keep a partner's system out for as long
    as they liked; and nobody tries out 256 random bits, from however many addresses.
    """
    _of_a_name, from_there = of_password(name, address)
    told = f"{key_in(name) or name} {_network(address)}"
    return (Limit(_digest("client", told), OF_A_CLIENT, _WINDOW), from_there)


def of_tokens(name: str) -> tuple[Limit, ...]:
    """The limit that tokens for the client of this id count under, right or wrong."""
    return (Limit(_digest("token", name), OF_TOKENS, _WINDOW),)


def of_code(user_pk: object) -> tuple[Limit, ...]:
    """The limit that a code or a key of this user counts under."""
    return (Limit(_digest("code", str(user_pk)), OF_CODES, _WINDOW),)


def begin_try(limits: tuple[Limit, ...]) -> None:
    """Count a try before anything is looked at. Raises TooOften, or NotPossible where Valkey is away."""
    try:
        if not take(*limits):
            raise TooOften(seconds_left(*limits))
    except LimitsAway as away:
        raise NotPossible from away


def was_right(limits: tuple[Limit, ...]) -> None:
    """The try was no failure and does not count. Failures of others stay counted: a right one among them clears nothing."""
    with suppress(LimitsAway):
        give_back(*limits)


def first_answer(question: str) -> bool:
    """Whether nobody has answered this question to a security key before. Raises NotPossible.

    A session is read and written by each request for itself: of two at once, both would find the question open.
    """
    try:
        return take(Limit(_digest("question", question), 1, _WINDOW))
    except LimitsAway as away:
        raise NotPossible from away


@contextmanager
def limited(limits: tuple[Limit, ...]) -> Iterator[None]:
    """One try: counted, unless the block ends without an error."""
    begin_try(limits)
    yield
    was_right(limits)


def key_in(name: str) -> UUID | None:
    """The key that a client's id names, however it is written; None where it is none."""
    try:
        return UUID(name)
    except ValueError:
        return None


def _digest(kind: str, text: str) -> str:
    return f"{kind}:{salted_hmac('accounts.signing_in.limits', text, algorithm='sha256').hexdigest()}"


def _network(address: str) -> str:
    """An IPv6 address by its network of 64 bits, of which one household has 2 to the 64th."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
