"""A request that is sent twice is carried out once: the caller's key and the record are saved in one transaction."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction
from uuid6 import uuid7

from core.actors import Actor
from core.encryption import fingerprint, former_fingerprint
from core.prepared import preparing

#: The lock and what is known of the key, in one statement. The lock ends with the transaction.
_CLAIM = """
SELECT pg_try_advisory_xact_lock(%s), k.body, k.status, k.outcome
FROM (VALUES (1)) AS once
LEFT JOIN accounts_idempotencykey k ON k.made_by = %s AND k.route = %s AND k.key = %s
"""
_KEEP = """
INSERT INTO accounts_idempotencykey (id, made_by, route, key, body, status, outcome)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (made_by, route, key) DO NOTHING
"""
Given = TypeVar("Given")


class InFlight(Exception):
    """The first request with this key has not ended yet."""


class Reused(Exception):
    """Something else was sent under this key."""


_KEY, _BODY = "idempotency.key", "idempotency.body"


class _OvertakenError(Exception):
    """The first request ended between our look and our lock."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: the status of its answer, and the ids in it."""

    status: int
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A request under a key: whose, where, and digests of the key and of what was sent."""

    by: Actor
    route: str
    key: str
    body: str
    #: Both digests under the key of before, while one goes and another comes; a repeat of what was done then is still one.
    former: tuple[str, str] | None = None

    @classmethod
    def of(cls, *, by: Actor, route: str, key: str, body: bytes) -> "Claim":
        """The claim; of key and body only digests go on."""
        return cls(by, route, fingerprint(key.encode(), _KEY), fingerprint(body, _BODY), _former(key, body))

    @property
    def lock(self) -> int:
        """The number of its lock."""
        told = f"idempotency {self.by.pk} {self.route} {self.key}"
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big", signed=True)


def _former(key: str, body: bytes) -> tuple[str, str] | None:
    digests = former_fingerprint(key.encode(), _KEY), former_fingerprint(body, _BODY)
    return (digests[0], digests[1]) if digests[0] and digests[1] else None


def once(
    claim: Claim, act: Callable[[], Given], *, outcome: Callable[[Given], Outcome]
) -> tuple[Given | None, Outcome]:
    """Carry out the act with its key in one transaction, or tell the outcome of the time when it was carried out (None).

    Two statements beside the act. Where the act raises, nothing is kept and the key is free. Raises InFlight, Reused.
    """
    try:
        return _once(claim, act, outcome)
    except _OvertakenError:
        return _once(claim, act, outcome)


def _once(
    claim: Claim, act: Callable[[], Given], outcome: Callable[[Given], Outcome]
) -> tuple[Given | None, Outcome]:
    with transaction.atomic():
        known = _known(claim)
        if known is None and claim.former:
            known = _known(replace(claim, key=claim.former[0], body=claim.former[1], former=None))
        if known is not None:
            return None, known
        given = act()
        made = outcome(given)
        if not _keep(claim, made):
            raise _OvertakenError
        return given, made


def _known(claim: Claim) -> Outcome | None:
    """What came of the request before; None where this is the first time, which then holds the lock."""
    with preparing() as cursor:
        cursor.execute(_CLAIM, [claim.lock, claim.by.pk, claim.route, claim.key])
        is_ours, body, status, told = cursor.fetchone()
    if status is None:
        if not is_ours:
            raise InFlight
        return None
    if body != claim.body:
        raise Reused
    return Outcome(status, json.loads(told) if isinstance(told, str) else told)


def _keep(claim: Claim, made: Outcome) -> bool:
    """Whether the outcome was written down; not where somebody else's was meanwhile."""
    row: list[Any] = [
        uuid7(),
        claim.by.pk,
        claim.route,
        claim.key,
        claim.body,
        made.status,
        json.dumps(made.told),
    ]
    with preparing() as cursor:
        cursor.execute(_KEEP, row)
        return bool(cursor.rowcount == 1)
