"""Leaving a trace in the transaction of the act itself."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from audit.models import AuditEvent
from audit.noticing import named_by, notice
from core.actors import Actor
from core.prepared import insert


def record(
    action: str, obj: models.Model, *, by: Actor, reason: str = "", detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Write down that `by` did `action` to `obj`. One INSERT.

    The caller's transaction carries it: where the trace cannot be written, the act does not happen either, and without a
    transaction it raises TransactionManagementError. `detail` holds codes, counts and ids, never personal data. It belongs to
    the organisation of `obj`; where `obj` names none, to that whose rows the transaction wrote last, else to the service. An
    act on a decoy, or on what names one, is told on commit (audit.noticing).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audited act needs a transaction around it.")
    notice(by, named_by(obj))
    event = AuditEvent(
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        actor_id=by.pk,
        reason=reason,
        detail=detail or {},
        organisation_id=getattr(obj, "organisation_id", None),
    )
    insert(event)
    return event


def record_each(
    action: str,
    objs: Iterable[tuple[models.Model, dict[str, Any]]],
    *,
    by: Actor,
    reason: str = "",
) -> None:
    """Write down that `by` did `action` to each of many records, with the detail beside it. One INSERT for all.

    As `record`: in the caller's transaction or not at all, and never personal data.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audited act needs a transaction around it.")
    told = list(objs)
    notice(by, (named for obj, _detail in told for named in named_by(obj)))
    AuditEvent.objects.bulk_create(
        AuditEvent(
            action=action,
            object_type=obj._meta.label_lower,
            object_id=str(obj.pk),
            actor_id=by.pk,
            reason=reason,
            detail=detail,
            organisation_id=getattr(obj, "organisation_id", None),
        )
        for obj, detail in told
    )
