"""Raising alarms from the trail, telling of them, and answering them. Nothing of it is done within a request."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import ClientToken, Organisation, User
from accounts.service import service_user
from accounts.telling import TOLD_OF_ALARMS, tell_all, who_answers
from audit.actions.record import record
from core.clock import database_now
from core.refusals import Refusals, refusal
from roster.alarms.letters import alarm_letter
from roster.alarms.rules import RULES, Found
from roster.models import Alarm, AlarmNotice, AlarmRule, AlarmState

#: A mail that no server takes is given up after this; the alarm stays open on the desk.
GIVE_UP_AFTER = timedelta(days=3)


def look(now: datetime | None = None) -> int:
    """Ask every rule about the trail as it is, raise what is new, and answer how many. Some queries for each rule."""
    moment = now or database_now()
    return sum(raise_alarm(rule, found, moment) for rule, ask in RULES.items() for found in list(ask(moment)))


def tell_alarms() -> int:
    """Mail every notice that waits (`accounts.telling`), and answer how many the mail server took."""
    waiting = AlarmNotice.objects.filter(sent_at=None, alarm__found_at__gt=database_now() - GIVE_UP_AFTER)
    return tell_all(waiting.select_related("alarm__organisation", "user").order_by("pk"), alarm_letter)


@transaction.atomic
def answer(*, alarm: Alarm, state: str, reason: str, by: User) -> Alarm:
    """Say whether an alarm is explained. One that is confirmed signs the account out everywhere. Audited.

    Raises PermissionDenied for whom it is about and out of reach, ValidationError without a reason or where it is answered.
    """
    locked = Alarm.objects.select_for_update(of=("self",)).select_related("about").get(pk=alarm.pk)
    if not Alarm.objects.visible_to(by, "change").filter(pk=locked.pk).exists():
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say what explains it, or what was done: auditors will read it."))
    refusals.raise_any()
    if state not in (AlarmState.EXPLAINED, AlarmState.CONFIRMED):
        raise refusal(_("Say whether it is explained or confirmed."), code="invalid_choice", field="state")
    if locked.state != AlarmState.OPEN:
        raise refusal(_("This alarm is answered already. Reload the page to see by whom."), code="state")
    locked.state, locked.reason = state, why
    locked.answered_at, locked.answered_by = database_now(), by.pk
    locked.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    if state == AlarmState.CONFIRMED:
        end_sessions(locked.about)
    record("answer_alarm", locked, by=by, reason=why, detail={"state": state, "user": str(locked.about_id)})
    return locked


@transaction.atomic
def raise_alarm(rule: AlarmRule, found: Found, now: datetime, *, of: Organisation | None = None) -> bool:
    """Write the alarm and whom to tell; False where there is one of this day, or nobody whose organisation could answer it.

    It is for the organisation `of` whose record it was, else for one that they work for.
    """
    user = User.objects.filter(pk=found.actor).first()
    home = of
    if user is not None and home is None:
        home = Organisation.objects.filter(memberships__user=user).order_by("pk").first()
    if user is None or home is None:
        return False
    alarm, is_new = Alarm.objects.get_or_create(
        about=user,
        rule=rule,
        day=now.astimezone(UTC).date(),
        defaults={"organisation": home, "found_at": now, "counted": found.counted, "usual": found.usual},
    )
    if is_new:
        _note(alarm)
        if rule == AlarmRule.HONEY:
            end_sessions(user)
        record("raise_alarm", alarm, by=service_user(), detail={"rule": rule.value, "counted": found.counted})
    return is_new


def end_sessions(user: User) -> None:
    """Sign somebody out everywhere; of a partner's system end all tokens. Two queries."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    ClientToken.objects.filter(secret__client__account=user).update(expires=database_now())


def _note(alarm: Alarm) -> None:
    """Write down whom to tell: who answers for the alarm's organisation or this person's, never this person. Two queries."""
    theirs = Organisation.objects.filter(Q(memberships__user=alarm.about_id) | Q(pk=alarm.organisation_id))
    told = who_answers(theirs, TOLD_OF_ALARMS, but=alarm.about_id)
    AlarmNotice.objects.bulk_create(AlarmNotice(alarm=alarm, user=user) for user in told)
