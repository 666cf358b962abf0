"""Somebody opened or changed a honey record: alarm at once, and end what they are signed in with."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import Organisation, User
from accounts.service import SERVICE_USERNAME, service_user
from audit.actions.record import record
from core.clock import database_now
from core.database_roles import Why, as_service
from core.doorbell import ring_briefly
from displacement.models import Household, Movement, Person
from roster.actions.alarms import end_sessions, raise_alarm
from roster.alarms.rules import Found
from roster.models import Alarm, AlarmRule, AlarmState

#: The task that mails what waits.
TELL = "roster.tasks.look_for_alarms"


@as_service(Why.DECOYS)
def touched(actor: UUID, decoy: UUID) -> None:
    """What `audit.noticing` calls on commit of a reading or an act. Some ten queries; none of it is in anybody's ordinary day.

    One alarm a day for each person, which counts on; each time all their sessions end, or the tokens of a partner's client.
    What the service itself does is nobody's reading.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=actor).first()
        if user is None or user.username == SERVICE_USERNAME:
            return
        now = database_now()
        is_new = raise_alarm(AlarmRule.HONEY, Found(actor, 1), now, of=_organisation_of(decoy))
        if not is_new:
            _count_on(user)
    ring_briefly(TELL)


def _count_on(user: User) -> None:
    """Once more on the same day. One that was answered is open again, and told again: the answer was not the end of it."""
    alarm = (
        Alarm.objects.select_for_update().filter(about=user, rule=AlarmRule.HONEY).order_by("-day").first()
    )
    if alarm is None:  # nobody answers for them
        return
    was_answered = alarm.state != AlarmState.OPEN
    Alarm.objects.filter(pk=alarm.pk).update(
        counted=F("counted") + 1, state=AlarmState.OPEN, answered_at=None, answered_by=None, reason=""
    )
    end_sessions(user)
    if was_answered:
        alarm.notices.update(sent_at=None)
        record("raise_alarm", alarm, by=service_user(), detail={"rule": AlarmRule.HONEY.value, "again": True})


def _organisation_of(decoy: UUID) -> Organisation | None:
    """Whose it is; None of one that is not there."""
    for rows in (
        Person.objects.filter(pk=decoy).values("organisation"),
        Household.objects.filter(pk=decoy).values("organisation"),
        Movement.objects.filter(pk=decoy).values("person__organisation"),
    ):
        found = Organisation.objects.filter(pk__in=rows).first()
        if found is not None:
            return found
    return None
