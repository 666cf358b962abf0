"""What makes an erratum needed, what is only a revision, and who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from accounts.service import service_user
from audit.actions.voiding import void
from displacement.models import Claim, ClaimWithdrawal, Movement
from reports.actions.editions import make_edition, publish
from reports.actions.errata import (
    corrections_of,
    dismiss,
    find_errata,
    propose,
    publish_erratum,
)
from reports.models import Delivery, Edition, Erratum
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory, MovementFactory
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import SentDeliveryFactory, SubscriptionFactory, UnconfirmedDeliveryFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2024, 8, 12, 6, tzinfo=UTC)


@pytest.fixture
def publisher() -> User:
    return user_in_role(Role.PUBLISHER)


def _left(**more: Any) -> Movement:
    movement: Movement = MovementFactory.create(
        occurred_at=MORNING,
        recorded_at=more.pop("recorded_at", MORNING),
        person__occurred_at=MORNING,
        person__recorded_at=MORNING,
        **more,
    )
    return movement


def _claim(**more: Any) -> Claim:
    claim: Claim = ClaimFactory.create(
        region=region("RU-KRS"),
        as_of=MORNING,
        published_at=MORNING,
        received_at=MORNING,
        recorded_at=MORNING,
        **more,
    )
    return claim


def _publish(*languages: str) -> list[Edition]:
    operation = RunningOperationFactory.create(is_automatic=True)
    return [
        publish(
            edition=make_edition(
                operation=operation,
                region=region("RU-KRS"),
                local_day=date(2024, 8, 12),
                by=service_user(),
                language=language,
            ),
            by=service_user(),
            is_mailed=False,
        )
        for language in languages or ("en",)
    ]


def _withdraw(claim: Claim) -> None:
    ClaimWithdrawal.objects.create(claim=claim, reason="Typed wrongly.", recorded_by=service_user().pk)


def _needed() -> Erratum:
    find_errata()
    return Erratum.objects.open().get()


def test_a_voided_movement_changes_what_was_counted(publisher: User) -> None:
    wrong, _right = _left(), _left()
    [edition] = _publish()
    assert find_errata() == 0
    void(wrong, by=publisher, reason="Typed twice.")
    erratum = _needed()
    assert erratum.edition == edition
    found = {
        (each.old.indicator, each.old.value, each.new and each.new.value) for each in corrections_of(erratum)
    }
    assert ("displaced", 2, 1) in found


def test_late_registrations_are_revisions_and_no_errors() -> None:
    _left()
    _publish()
    _left(recorded_at=timezone.now())
    assert find_errata() == 0


def test_what_was_voided_elsewhere_or_later_in_the_day_does_not_matter(publisher: User) -> None:
    elsewhere = _left(origin=region("UA-59-SUMSKYI"), destination=region("UA-59"), person__household__origin=region("UA-59"),
                      person__household__registered_in=region("UA-59"))  # fmt: skip
    _publish()
    void(elsewhere, by=publisher, reason="Typed twice.")
    assert find_errata() == 0


def test_a_claim_that_we_withdrew_stands_no_longer_in_every_language() -> None:
    claim = _claim()
    editions = _publish("en", "uk")
    _withdraw(claim)
    assert find_errata() == 2
    assert {erratum.edition for erratum in Erratum.objects.all()} == set(editions)
    [correction] = corrections_of(Erratum.objects.first() or _needed())
    assert (correction.old.claim, correction.new) == (str(claim.pk), None)


def test_nothing_is_compared_where_nothing_was_taken_back(django_assert_max_num_queries: Any) -> None:
    _left()
    _publish("en", "uk", "ru")
    with django_assert_max_num_queries(12):
        assert find_errata() == 0


def test_found_again_it_is_one_and_follows_what_is_known(publisher: User) -> None:
    wrong, other = _left(), _left()
    _publish()
    void(wrong, by=publisher, reason="Typed twice.")
    first = _needed()
    void(other, by=publisher, reason="Typed twice.")
    assert find_errata(timezone.now() + timedelta(seconds=1)) == 0
    first.refresh_from_db()
    assert {
        each.new.value for each in corrections_of(first) if each.new and each.old.indicator == "displaced"
    } == {0}


def test_what_was_dismissed_is_not_found_again(publisher: User) -> None:
    claim = _claim()
    _publish()
    _withdraw(claim)
    erratum = _needed()
    with pytest.raises(ValidationError):
        dismiss(erratum=erratum, reason="", by=publisher)
    dismiss(erratum=erratum, reason="Nobody had read it.", by=publisher)
    assert find_errata() == 0
    with pytest.raises(ValidationError):
        propose(erratum=erratum, reason="Yet.", by=publisher)


def test_two_people_and_exactly_those_who_got_it(publisher: User) -> None:
    claim = _claim()
    [edition] = _publish()
    mail = edition.files.get(format="mail")
    got = [SentDeliveryFactory.create(mail=mail), UnconfirmedDeliveryFactory.create(mail=mail)]
    SubscriptionFactory.create()
    got[0].subscription.is_active = False
    got[0].subscription.save()
    _withdraw(claim)
    erratum = _needed()
    with pytest.raises(ValidationError):
        publish_erratum(erratum=erratum, by=publisher)
    propose(erratum=erratum, reason="We typed it wrongly.", by=publisher)
    with pytest.raises(PermissionDenied):
        publish_erratum(erratum=erratum, by=publisher)
    for _again in range(2):
        publish_erratum(erratum=erratum, by=user_in_role(Role.PUBLISHER))
    mails = Delivery.objects.filter(erratum=erratum)
    assert {row.address for row in mails} == {row.address for row in got}
    assert {row.state for row in mails} == {"queued"}


def test_what_was_sent_stays_as_it_was(publisher: User) -> None:
    claim = _claim()
    _publish()
    _withdraw(claim)
    erratum = propose(erratum=_needed(), reason="We typed it wrongly.", by=publisher)
    publish_erratum(erratum=erratum, by=user_in_role(Role.PUBLISHER))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Erratum.objects.filter(pk=erratum.pk).update(figures=[])
