"""Who gets the reports: two people begin it or widen it, one ends it."""

from datetime import time
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions.subscriptions import (
    approve,
    ask_again,
    change_readers,
    propose,
    set_quiet_hours,
    unsubscribe,
)
from reports.delivery.outbox import fill
from reports.models import Subscription
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.reports import (
    ProposedSubscriptionFactory,
    PublishedEditionFactory,
    SubscriptionFactory,
    UnconfirmedSubscriptionFactory,
)

pytestmark = pytest.mark.django_db

ADDRESS = "nina@coordination.example"


def test_a_proposal_leaves_a_trace_without_the_address_and_gets_nothing() -> None:
    row = propose(name="Nina", address=ADDRESS, regions=[region("RU-KRS")], by=user_in_role(Role.PUBLISHER))
    assert row.state == "proposed"
    assert list(Subscription.objects.for_region(region("RU-KRS"))) == []
    assert AuditEvent.objects.get(action="propose").detail == {"regions": ["RU-KRS"], "audience": "internal"}


@pytest.mark.parametrize("address", ["", "nina", "nina@", "nina@example.org\nBcc: x@example.org"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(name="Nina", address=address, regions=[region("RU-KRS")], by=user_in_role(Role.PUBLISHER))
    assert "address" in refused.value.message_dict
    assert not Subscription.objects.exists()


def test_twice_is_refused_but_not_after_the_first_ended() -> None:
    by, first = user_in_role(Role.PUBLISHER), SubscriptionFactory.create(address=ADDRESS)
    with pytest.raises(ValidationError, match="already"):
        propose(name="Nina", address=ADDRESS, regions=[region("RU-KRS")], by=by)
    unsubscribe(subscription=first, by=by)
    assert propose(name="Nina", address=ADDRESS, regions=[region("RU-KRS")], by=by).state == "proposed"


def test_another_person_approves_and_then_the_address_is_asked() -> None:
    by = user_in_role(Role.PUBLISHER)
    row = propose(name="Nina", address=ADDRESS, regions=[region("RU-KRS")], by=by)
    with pytest.raises(PermissionDenied, match="does not approve it"):
        approve(subscription=row, by=by)
    other = user_in_role(Role.REGIONAL_COORDINATOR)
    row = approve(subscription=row, by=other)
    assert (row.state, row.approved_by, row.confirmations.count()) == ("unconfirmed", other.pk, 1)
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"propose", "approve", "ask"}
    with pytest.raises(ValidationError, match="Nothing waits"):
        approve(subscription=row, by=other)


def test_only_an_active_one_gets_mail() -> None:
    for factory in (ProposedSubscriptionFactory, UnconfirmedSubscriptionFactory):
        factory.create()
    SubscriptionFactory.create(is_active=False)
    active = SubscriptionFactory.create()
    edition = PublishedEditionFactory.create()
    assert fill(edition) == 1
    assert edition.deliveries.get().subscription == active


def test_wider_readers_wait_for_another_person_and_narrower_do_not() -> None:
    by, row = user_in_role(Role.PUBLISHER), SubscriptionFactory.create(audience="partners")
    row = change_readers(subscription=row, audience="internal", by=by)
    assert (row.audience, row.wanted_audience) == ("partners", "internal")
    with pytest.raises(PermissionDenied, match="does not approve it"):
        approve(subscription=row, by=by)
    row = approve(subscription=row, by=user_in_role(Role.PUBLISHER))
    assert (row.audience, row.wanted_audience, row.state) == ("internal", "", "active")
    assert change_readers(subscription=row, audience="public", by=by).audience == "public"


def test_a_proposal_cannot_be_widened_under_the_eyes_of_its_approver() -> None:
    row = ProposedSubscriptionFactory.create(audience="public")
    with pytest.raises(ValidationError, match="not approved yet"):
        change_readers(subscription=row, audience="internal", by=user_in_role(Role.PUBLISHER))


def test_quiet_hours_need_both_times() -> None:
    by, row = user_in_role(Role.PUBLISHER), SubscriptionFactory.create()
    for wrong in ((time(22), None), (None, time(7)), (time(7), time(7))):
        with pytest.raises(ValidationError, match="both times"):
            set_quiet_hours(subscription=row, quiet_from=wrong[0], quiet_until=wrong[1], by=by)
    night: dict[str, Any] = {"quiet_from": time(22), "quiet_until": time(7)}
    with pytest.raises(ValidationError, match="no time zone"):
        set_quiet_hours(subscription=row, **night, zone="Kyiv", by=by)
    assert set_quiet_hours(subscription=row, **night, zone="Europe/Kyiv", by=by).zone == "Europe/Kyiv"
    assert set_quiet_hours(subscription=row, **night, by=by).zone == "", "the operation's"
    assert set_quiet_hours(subscription=row, quiet_from=None, quiet_until=None, by=by).quiet_from is None


def test_asking_again_needs_a_subscription_that_waits() -> None:
    by = user_in_role(Role.PUBLISHER)
    for row in (ProposedSubscriptionFactory.create(), SubscriptionFactory.create()):
        with pytest.raises(ValidationError):
            ask_again(subscription=row, by=by)


def test_unsubscribing_twice_leaves_one_trace() -> None:
    by, row = user_in_role(Role.PUBLISHER), SubscriptionFactory.create()
    unsubscribe(subscription=row, by=by)
    assert not unsubscribe(subscription=row, by=by).is_active
    assert AuditEvent.objects.filter(action="unsubscribe").count() == 1


def test_others_and_those_of_another_region_decide_nothing() -> None:
    row = ProposedSubscriptionFactory.create()
    elsewhere = user_in_role(Role.REGIONAL_COORDINATOR, region=region("RU-ORL"))
    for by in (user_in_role(Role.REGISTRAR), elsewhere):
        with pytest.raises(PermissionDenied):
            propose(name="Nina", address=ADDRESS, regions=[region("RU-KRS")], by=by)
        for act in (approve, unsubscribe, ask_again):
            with pytest.raises(PermissionDenied):
                act(subscription=row, by=by)
        with pytest.raises(PermissionDenied):
            change_readers(subscription=row, audience="public", by=by)


def test_the_migration_counts_what_was_there_as_confirmed_by_who_entered_it() -> None:
    migration = import_module("reports.migrations.0007_subscriptions_by_two_people")
    old = ProposedSubscriptionFactory.create()
    migration.count_as_confirmed(apps, None)
    old.refresh_from_db()
    assert (old.state, old.approved_at, old.confirmed_by) == ("active", old.recorded_at, old.recorded_by)
