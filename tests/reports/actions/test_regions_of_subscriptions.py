"""A subscription of several regions: a change of them is asked by one person, approved by another, and stands only then."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from accounts.policy import Role
from audit import watching
from audit.models import AuditEvent
from reports.actions.subscriptions import (
    approve,
    change_readers,
    change_regions,
    propose,
    unsubscribe,
)
from reports.delivery.outbox import fill
from reports.delivery.recipients import preview
from reports.models import Subscription
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.reports import (
    ProposedSubscriptionFactory,
    PublishedEditionFactory,
    SubscriptionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    """Decides about readers everywhere."""
    return user_in_role(Role.PUBLISHER)


def _keys(row: Subscription) -> tuple[list[str], list[str]]:
    row = Subscription.objects.with_regions().get(pk=row.pk)
    return [each.key for each in row.regions], [each.key for each in row.wanted_regions]


def test_one_mail_of_several_regions_that_fit(by: User) -> None:
    here = SubscriptionFactory.create(regions=[region("RU"), region("RU-KRS"), region("RU-ORL")])
    SubscriptionFactory.create(regions=[region("RU-ORL"), region("RU-KRS-SUDZHANSKY")])
    SubscriptionFactory.create(regions=[region("RU-KRS")], address=here.address.upper())
    edition = PublishedEditionFactory.create()
    assert [row.pk for row in preview(edition).getting] == [here.pk]
    assert fill(edition) == 1
    assert edition.deliveries.get().subscription == here


def test_until_another_person_approves_the_old_regions_stand(by: User) -> None:
    row = SubscriptionFactory.create(regions=[region("RU-ORL")])
    leaving = SubscriptionFactory.create()
    change_regions(subscription=row, regions=[region("RU-KRS"), region("RU-ORL")], by=by)
    change_regions(subscription=leaving, regions=[region("RU-ORL")], by=by)
    assert _keys(row) == (["RU-ORL"], ["RU-KRS", "RU-ORL"])
    edition = PublishedEditionFactory.create()
    assert [each.pk for each in preview(edition).getting] == [leaving.pk]
    for each in (row, leaving):
        with pytest.raises(PermissionDenied, match="does not approve it"):
            approve(subscription=each, by=by)
        approve(subscription=each, by=user_in_role(Role.REGIONAL_COORDINATOR))
    assert (_keys(row), _keys(leaving)) == ((["RU-KRS", "RU-ORL"], []), (["RU-ORL"], []))
    assert [each.pk for each in preview(edition).getting] == [row.pk]
    told = AuditEvent.objects.filter(object_id=str(row.pk)).order_by("id").values_list("action", "detail")
    assert list(told) == [(act, {"regions": ["RU-KRS", "RU-ORL"]}) for act in ("propose", "approve")]


def test_a_later_proposal_takes_the_place_and_the_present_regions_take_it_back(by: User) -> None:
    row = SubscriptionFactory.create()
    change_regions(subscription=row, regions=[region("RU-ORL")], by=by)
    other = user_in_role(Role.PUBLISHER)
    change_regions(subscription=row, regions=[region("RU-KRS"), region("RU-KRS-SUDZHANSKY")], by=other)
    assert _keys(row) == (["RU-KRS"], ["RU-KRS", "RU-KRS-SUDZHANSKY"])
    with pytest.raises(PermissionDenied, match="does not approve it"):
        approve(subscription=row, by=other)
    kept = change_regions(subscription=row, regions=[region("RU-KRS")], by=by)
    assert (_keys(row), kept.wanted_at, kept.wanted_by) == ((["RU-KRS"], []), None, None)
    with pytest.raises(ValidationError, match="Nothing waits"):
        approve(subscription=row, by=by)


def test_only_one_change_waits_at_a_time(by: User) -> None:
    row = SubscriptionFactory.create(audience="partners")
    change_regions(subscription=row, regions=[region("RU-ORL")], by=by)
    with pytest.raises(ValidationError, match="Another change"):
        change_readers(subscription=row, audience="internal", by=by)
    assert change_readers(subscription=row, audience="public", by=by).audience == "public"
    assert _keys(row)[1] == ["RU-ORL"], "to see less is at once, and the regions go on waiting"
    other = SubscriptionFactory.create(audience="partners")
    change_readers(subscription=other, audience="internal", by=by)
    with pytest.raises(ValidationError, match="Another change"):
        change_regions(subscription=other, regions=[region("RU-ORL")], by=by)


def test_what_cannot_be_asked_for_says_why_at_the_field(by: User) -> None:
    row = SubscriptionFactory.create()
    SubscriptionFactory.create(address=row.address.upper(), regions=[region("RU-ORL")])
    ended = SubscriptionFactory.create(is_active=False)
    for subscription, regions, sentence in (
        (row, [], "at least one region"),
        (row, [region("RU-KRS")], "already"),
        (row, [region("RU-KRS"), region("RU-ORL")], "already: "),
        (ProposedSubscriptionFactory.create(), [region("RU-ORL")], "not approved yet"),
        (ended, [region("RU-ORL")], "has ended"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            change_regions(subscription=subscription, regions=regions, by=by)
    with pytest.raises(ValidationError, match="already: ") as refused:
        propose(name="Nina", address=row.address, regions=[region("RU-ORL"), region("RU")], by=by)
    assert refused.value.message_dict.keys() == {"regions"}


def test_who_decides_answers_for_all_its_regions_and_who_ends_it_for_one() -> None:
    row = SubscriptionFactory.create(regions=[region("RU-KRS"), region("RU-ORL")])
    of_kursk = user_in_role(Role.REGIONAL_COORDINATOR, region=region("RU-KRS"))
    only_kursk = SubscriptionFactory.create()
    for subscription, wanted in ((row, "RU-KRS"), (only_kursk, "RU-ORL")):
        with pytest.raises(PermissionDenied, match="all regions"):
            change_regions(subscription=subscription, regions=[region(wanted)], by=of_kursk)
    change_regions(subscription=only_kursk, regions=[region("RU")], by=user_in_role(Role.PUBLISHER))
    with pytest.raises(PermissionDenied, match="all regions"):
        approve(subscription=only_kursk, by=of_kursk)
    with pytest.raises(PermissionDenied):
        propose(name="Nina", address="nina@x.example", regions=row.regions, by=of_kursk)
    with pytest.raises(PermissionDenied):
        unsubscribe(subscription=row, by=user_in_role(Role.PUBLISHER, region=region("UA-59")))
    assert not unsubscribe(subscription=row, by=of_kursk).is_active
    reached = Subscription.objects.in_reach(of_kursk, "change")
    assert set(Subscription.objects.visible_to(of_kursk)) == {row, only_kursk}
    assert set(reached) == set(), "what is to be of all Russia is more than Kursk decides about"


@pytest.mark.django_db(transaction=True)
def test_the_migration_gives_each_subscription_its_region_as_a_line_and_back() -> None:
    before = ("reports", "0013_files_with_the_mail")
    row = SubscriptionFactory.create(regions=[region("RU-ORL"), region("RU-KRS")])
    watching.unwatch()  # as `migrate` does before tables are altered
    try:
        MigrationExecutor(connection).migrate([before])
        with connection.cursor() as cursor:
            cursor.execute("SELECT region_id FROM reports_subscription WHERE id = %s", [row.pk])
            assert cursor.fetchone() == (region("RU-ORL").pk,), "of several, the first is kept"
    finally:
        call_command("migrate", verbosity=0)  # what stands beside the tables is made anew, too
    assert _keys(row) == (["RU-ORL"], [])
