"""Taking reasons out of the trail: words that somebody wrote of a person who is erased."""

from collections.abc import Iterable

from django.db import connection

from audit.actions.record import record_each
from audit.models import AuditEvent
from core.actors import Actor

#: The act by which a reason was taken out; a verification looks for it.
FORGET = "forget_reason"


def forget_reasons(events: Iterable[AuditEvent], *, by: Actor) -> int:
    """Take the reasons of these acts out, in the caller's transaction, with an act of its own for each. Two statements.

    What was sealed stays: the digest of the reason, which without its salt tells nothing. Acts of older releases keep
    theirs. The answer is how many reasons went.
    """
    ours = {event.pk: event for event in events if event.reason_salt is not None}
    if not ours:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget_reasons(%s::uuid[])", [list(ours)])
        gone = [ours[pk] for (pk,) in cursor.fetchall()]
    record_each(FORGET, [(event, {}) for event in gone], by=by)
    return len(gone)
