"""Signatures of webhooks as Standard Webhooks has them: over id, time and body, under each secret that holds now."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as partners' libraries take it: `whsec_` and 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def headers(message_id: str, body: bytes, at: datetime, holding: Iterable[str]) -> dict[str, str]:
    """What is sent beside the body. `at` is when it is sent, in UTC: receivers refuse what is five minutes old."""
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, at, text) for secret in holding]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Musterpoint-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
