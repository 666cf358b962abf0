from accounts.models.break_glass import BreakGlass, BreakGlassNotice, BreakGlassReport, Occasion
from accounts.models.client import Client, ClientSecret, ClientToken
from accounts.models.client_ask import AskState, ClientAsk, ClientNews, ClientNotice
from accounts.models.idempotency_key import IdempotencyKey
from accounts.models.organisation import Organisation
from accounts.models.reveal_day import RevealDay, RevealReason
from accounts.models.user import Membership, User

__all__ = [
    "AskState",
    "BreakGlass",
    "BreakGlassNotice",
    "BreakGlassReport",
    "Client",
    "ClientAsk",
    "ClientNews",
    "ClientNotice",
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
