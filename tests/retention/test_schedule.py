"""Every kind of record has its time, and what is due goes, and nothing else."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import IdempotencyKey, RevealDay, User
from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from reports.models import Delivery
from retention.actions.applying import apply, waiting
from retention.rules import RULES, WAITING
from retention.schedule import schedule
from retention.tasks import apply_each_night
from roster.models import Alarm, AlarmNotice
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, MovementFactory, PersonFactory
from tests.factories.reports import EditionFileFactory, SentDeliveryFactory
from tests.intake.lists import accepted, clerk, family, people
from tests.intake.test_retention import aged
from tests.repository.source import PACKAGES

#: Tables of libraries in which nothing of ours stands.
_EMPTY = {"admin", "auth", "contenttypes"}


def unscheduled() -> set[str]:
    """Kinds of record about which the schedule says nothing, and entries of which there is no kind."""
    kinds = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label not in _EMPTY and not model._meta.auto_created
    }
    return kinds ^ schedule().keys()


def test_every_kind_of_record_has_an_entry() -> None:
    assert unscheduled() == set()
    assert {"sessions", *PACKAGES} >= {kind.split(".")[0] for kind in RULES}


def test_a_kind_without_an_entry_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    told = schedule()
    monkeypatch.setattr(
        "tests.retention.test_schedule.schedule", lambda: told | {"intake.meal": told["intake.batch"]}
    )
    assert unscheduled() == {"intake.meal"}


def test_each_entry_says_how_long_in_one_way_and_the_rules_are_those_of_the_schedule() -> None:
    entries = schedule()
    for kind, entry in entries.items():
        ways = [entry.days is not None, entry.waits is not None, bool(entry.goes_with), bool(entry.kept)]
        assert ways.count(True) == 1, kind
        assert entry.what, kind
        assert entry.ground, kind
        assert (entry.days is None and entry.waits is None) or entry.since, kind
        assert not entry.goes_with or entry.goes_with in entries, kind
    assert {kind for kind, entry in entries.items() if entry.days is not None} == RULES.keys()
    assert {kind for kind, entry in entries.items() if entry.waits is not None} == WAITING.keys() - {
        "intake.batch"
    }


def due() -> dict[str, int]:
    """What would go now, of kinds of which something would."""
    return {outcome.entry.kind: outcome.due for outcome in apply(is_dry=True) if outcome.due}


@pytest.mark.django_db
def test_what_is_due_goes_at_night_and_leaves_a_trace(settings: Settings) -> None:
    now, user = database_now(), user_in_role(Role.ORGANISATION_ADMIN)
    key: dict[str, Any] = {"made_by": user.pk, "status": 201, "outcome": {}, "body": ""}
    for name, days in (("old", 31), ("young", 29)):
        IdempotencyKey.objects.create(route="x", key=name, made_at=now - timedelta(days=days), **key)
    for days in (401, 399):
        RevealDay.objects.create(user=user, day=now.date() - timedelta(days=days), used=1)
    _alarm(user, answered=1_096)
    _alarm(user, answered=1_094)
    mail = EditionFileFactory.create()
    for days in (401, 399):
        delivery = SentDeliveryFactory.create(mail=mail)
        Delivery.objects.filter(pk=delivery.pk).update(queued_at=now - timedelta(days=days))
    batch = aged(accepted(people(*family("1")), clerk()), 91)
    assert due() == {
        "accounts.idempotencykey": 1,
        "accounts.revealday": 1,
        "intake.batch": 1,
        "reports.delivery": 1,
        "roster.alarm": 1,
    }
    settings.LISTS_KEPT_DAYS = 92
    assert "intake.batch" not in due()
    settings.LISTS_KEPT_DAYS = 90
    apply_each_night()
    assert due() == {}
    assert IdempotencyKey.objects.get().key == "young"
    assert (Alarm.objects.count(), AlarmNotice.objects.count(), RevealDay.objects.count()) == (1, 1, 1)
    assert sorted(Delivery.objects.values_list("address", flat=True))[0] == ""
    assert Delivery.objects.exclude(address="").count() == 1
    assert batch.rows.count() == 0
    traces = AuditEvent.objects.filter(action="apply_retention")
    assert {event.detail["kind"]: event.detail["rows"] for event in traces} == {
        "accounts.idempotencykey": 1,
        "accounts.revealday": 1,
        "reports.delivery": 1,
        "roster.alarm": 1,
    }


def _alarm(about: User, *, answered: int) -> None:
    at = timezone.now() - timedelta(days=answered)
    alarm = Alarm.objects.create(
        organisation=about.memberships.get().organisation,
        about=about,
        rule="sweep",
        day=at.date(),
        found_at=at,
        counted=15,
        state="explained",
        answered_at=at,
        answered_by=about.pk,
        reason="A convoy.",
    )
    AlarmNotice.objects.create(alarm=alarm, user=about)


@pytest.mark.django_db
def test_families_of_whom_nothing_was_heard_for_years_wait_for_a_person() -> None:
    long_ago = timezone.now() - timedelta(days=1_826)
    for is_heard_of in (True, False):
        household = HouseholdFactory.create(occurred_at=long_ago)
        person = PersonFactory.create(household=household, occurred_at=long_ago)
        if is_heard_of:
            MovementFactory.create(person=person)
    MovementFactory._meta.model.objects.update(recorded_at=timezone.now())
    (found,) = [outcome for outcome in waiting() if outcome.due]
    assert (found.entry.kind, found.due) == ("displacement.household", 1)
    said = _run("--dry-run")
    assert "displacement.household: 1 wait for somebody to decide, 1825 days after" in said
    assert "accounts.idempotencykey: 0 due (removed 30 days after made_at)." in said
    assert "accounts.idempotencykey: 0 of 0 due gone" in _run()


def _run(*options: str) -> str:
    out = io.StringIO()
    call_command("apply_retention", *options, stdout=out)
    return out.getvalue()
