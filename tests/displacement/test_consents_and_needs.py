"""Consent is dated and withdrawable; a need stands until it is voided."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actions.voiding import void
from audit.models import AuditEvent
from displacement.actions import consents, needs
from displacement.models import Consent
from tests.factories.accounts import UserFactory
from tests.factories.displacement import HouseholdFactory, PersonFactory, SpecificNeedFactory
from tests.factories.facts import KURSK_MORNING
from tests.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_withdrawal_is_a_new_answer_and_the_earlier_one_stays() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    for hours, is_given in ((0, True), (1, False)):
        at = KURSK_MORNING + hours * HOUR
        consents.answer(household=household, purpose="authorities", is_given=is_given, by=by, occurred_at=at)
    answers = Consent.objects.order_by("occurred_at")
    assert [answer.is_given for answer in answers] == [True, False]
    assert AuditEvent.objects.count() == 2
    assert Consent.objects.latest().is_given is False


def test_an_answer_is_refused_at_the_field() -> None:
    by = UserFactory.create()
    told = {"household": HouseholdFactory.create(), "is_given": True, "by": by}
    refused("unknown_purpose", "purpose", consents.answer, **told, purpose="fame")
    later = timezone.now() + HOUR
    refused("in_future", "occurred_at", consents.answer, **told, purpose="service", occurred_at=later)
    voided = {**told, "household": HouseholdFactory.create(voided=True)}
    refused("void", "household", consents.answer, **voided, purpose="service")


def test_a_need_is_recorded_once_and_its_trace_does_not_name_it() -> None:
    person, by, need = PersonFactory.create(), UserFactory.create(), SpecificNeedFactory.create()
    row = needs.record(person=person, need=need, by=by)
    event = AuditEvent.objects.get()
    assert (event.object_id, event.detail) == (str(row.pk), {})
    refused("recorded_already", "need", needs.record, person=person, need=need, by=by)
    void(row, by=by, reason="Healed.")
    assert needs.record(person=person, need=need, by=by).pk != row.pk


def test_nobody_has_a_need_before_birth_or_in_a_voided_record() -> None:
    by, need = UserFactory.create(), SpecificNeedFactory.create()
    born = PersonFactory.create()
    early = KURSK_MORNING.replace(year=1979)
    refused("before_birth", "occurred_at", needs.record, person=born, need=need, by=by, occurred_at=early)
    refused("void", "person", needs.record, person=PersonFactory.create(voided=True), need=need, by=by)
