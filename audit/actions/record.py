"""Leaving a trace in the transaction of the act itself."""

from typing import Any

from django.db import models, transaction

from audit.models import AuditEvent
from core.actors import Actor


def record(
    action: str, obj: models.Model, *, by: Actor, reason: str = "", detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Write down that `by` did `action` to `obj`. One INSERT.

    The caller's transaction carries it: where the trace cannot be written, the act does not happen either, and without a
    transaction it raises TransactionManagementError. `detail` holds codes, counts and ids, never personal data.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audited act needs a transaction around it.")
    return AuditEvent.objects.create(
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        actor_id=by.pk,
        reason=reason,
        detail=detail or {},
    )
