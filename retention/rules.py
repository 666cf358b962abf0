"""How what the schedule says is carried out: for each kind of record that goes by itself the rows that are due, and the act.

What is simply removed is one line. Where a package knows better what belongs to its rows, its own action is called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.service import service_user
from displacement.models import Consent, Household, Movement
from exchange.models.message import MessageState
from intake.actions import retention as lists
from intake.models import Batch, Submission
from intake.models.batch import BatchState
from reports.models import Delivery, Subscription
from reports.models.delivery import DeliveryState
from retention.actions.holds import held_ids
from roster.actions.making import end
from roster.models import Alarm, AlarmNotice, PeopleExport
from shelters.models import Stay

#: So many rows go in one statement.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`due` are the rows whose moment lies before another; `act` lets them go and answers how many went.

    `leaves_traces`: the act has transactions and traces of its own.
    """

    due: Callable[[datetime], QuerySet[Any]]
    act: Callable[[QuerySet[Any]], int]
    leaves_traces: bool = False


def _removed(kind: str, since: str, **condition: object) -> Rule:
    """Rows go once their moment lies far enough back."""

    def due(before: datetime) -> QuerySet[Any]:
        rows: QuerySet[Any] = apps.get_model(kind)._base_manager.filter(
            **{f"{since}__lt": before}, **condition
        )
        return rows.order_by(since)

    return Rule(due, _remove)


def _remove(rows: QuerySet[Any]) -> int:
    """In bunches of their own statements, so that nobody waits long for a lock."""
    gone, model = 0, rows.model
    while bunch := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        model._base_manager.filter(pk__in=bunch).delete()
        gone += len(bunch)
    return gone


def _one_by_one(act: Callable[[Any], bool]) -> Callable[[QuerySet[Any]], int]:
    def each(rows: QuerySet[Any]) -> int:
        return sum(act(pk) for pk in list(rows.values_list("pk", flat=True)))

    return each


def _lists_due(before: datetime) -> QuerySet[Any]:
    """Lists that hold somebody under a legal hold stay, with all their rows."""
    due = Batch.objects.kept_too_long(before).order_by("state_since")
    held = list(held_ids())
    if not held:
        return due
    return due.exclude(lists.holding(held))


def _exports_due(before: datetime) -> QuerySet[Any]:
    return PeopleExport.objects.over(before).order_by("pk")


def _remove_alarms(rows: QuerySet[Any]) -> int:
    AlarmNotice.objects.filter(alarm__in=rows.order_by().values("pk")).delete()
    return _remove(rows)


def _alarms_due(before: datetime) -> QuerySet[Any]:
    return Alarm.objects.filter(answered_at__lt=before).order_by("answered_at")


def _deliveries_due(before: datetime) -> QuerySet[Any]:
    open_ones = (DeliveryState.QUEUED, DeliveryState.SENDING)
    return Delivery.objects.filter(queued_at__lt=before).exclude(address="").exclude(state__in=open_ones)


def _subscriptions_due(before: datetime) -> QuerySet[Any]:
    since = Delivery.objects.filter(subscription=OuterRef("pk"), queued_at__gte=before)
    ended = Subscription.objects.filter(is_active=False, recorded_at__lt=before)
    return ended.exclude(address="", name="").filter(~Exists(since))


#: By kind of record. What the schedule lets go and stands nowhere here, or the reverse, fails a test.
RULES: Mapping[str, Rule] = {
    "accounts.clienttoken": _removed("accounts.clienttoken", "expires"),
    "accounts.idempotencykey": _removed("accounts.idempotencykey", "made_at"),
    "accounts.revealday": _removed("accounts.revealday", "day"),
    "displacement.duplicatesearch": _removed("displacement.duplicatesearch", "finished_at"),
    "exchange.message": _removed("exchange.message", "sent_at", state=MessageState.SENT),
    "intake.batch": Rule(
        _lists_due, _one_by_one(lambda pk: lists.remove(batch_id=pk, by=service_user())), leaves_traces=True
    ),
    "reports.delivery": Rule(_deliveries_due, lambda rows: rows.update(address="")),
    "reports.notice": _removed("reports.notice", "found_at"),
    "reports.subscription": Rule(_subscriptions_due, lambda rows: rows.update(address="", name="")),
    "reports.trialmail": _removed("reports.trialmail", "asked_at"),
    "roster.alarm": Rule(_alarms_due, _remove_alarms),
    "roster.peopleexport": Rule(
        _exports_due, _one_by_one(lambda pk: end(export_id=pk, by=service_user())), leaves_traces=True
    ),
    "sessions.session": _removed("sessions.session", "expire_date"),
}


def _households_without_a_fact_since(before: datetime) -> QuerySet[Any]:
    """Households that stand and of which nothing was recorded since; the first of their line to be asked about."""
    theirs = Q(household=OuterRef("pk")) | Q(person__household=OuterRef("pk"))
    facts = (
        Movement.objects.filter(theirs, recorded_at__gte=before),
        Consent.objects.filter(household=OuterRef("pk"), recorded_at__gte=before),
        Stay.objects.filter(person__household=OuterRef("pk"), recorded_at__gte=before),
    )
    rows: QuerySet[Any] = Household.objects.current().filter(recorded_at__lt=before)
    for each in facts:
        rows = rows.filter(~Exists(each))
    return rows.exclude(pk__in=held_ids())


def _submissions_that_wait(before: datetime) -> QuerySet[Any]:
    rows = Submission.objects.filter(received_at__lt=before).exclude(payload="")
    return rows.exclude(batch__state=BatchState.ACCEPTED)


#: What goes only by a person's word, with what that person does.
WAITING: Mapping[str, Callable[[datetime], QuerySet[Any]]] = {
    "displacement.household": _households_without_a_fact_since,
    "intake.batch": lists.unended,
    "intake.submission": _submissions_that_wait,
}
