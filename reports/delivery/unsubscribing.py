"""Leaving a list by one click (RFC 8058): an address that needs no sign-in and that nobody can make for somebody else."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="reports.unsubscribe")


def address_of(subscription_id: UUID) -> str:
    """Where whoever holds a mail of this subscription ends it. It names nobody and stays valid."""
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[_signer.sign(str(subscription_id))])}"


def subscription_of(token: str) -> UUID | None:
    """The subscription of an address, None where it was not made by this service."""
    try:
        return UUID(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def headers_for(subscription_id: UUID) -> bytes:
    """The two header lines by which a mail program offers to unsubscribe; written by hand, since they must not be folded."""
    lines = (
        f"List-Unsubscribe: <{address_of(subscription_id)}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
