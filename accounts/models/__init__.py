from accounts.models.break_glass import BreakGlass, BreakGlassNotice, BreakGlassReport, Occasion
from accounts.models.client import Client, ClientSecret, ClientToken
from accounts.models.idempotency_key import IdempotencyKey
from accounts.models.organisation import Organisation
from accounts.models.reveal_day import RevealDay, RevealReason
from accounts.models.user import Membership, User

__all__ = [
    "BreakGlass",
    "BreakGlassNotice",
    "BreakGlassReport",
    "Client",
    "ClientSecret",
    "ClientToken",
    "IdempotencyKey",
    "Membership",
    "Occasion",
    "Organisation",
    "RevealDay",
    "RevealReason",
    "User",
]
