"""Taking a batch back, until somebody has gone on with what it wrote."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions import people as persons
from displacement.models import Consent, Household, Movement, Person
from intake.actions import batches
from intake.models import Batch
from intake.models.batch import BatchState
from tests.factories.accounts import user_in_role
from tests.factories.displacement import MovementFactory
from tests.intake.lists import accepted, clerk, family, organisation_of, people, sent
from tests.refusals import codes

pytestmark = pytest.mark.django_db


def test_everything_that_a_batch_wrote_is_voided() -> None:
    by = clerk()
    before = accepted(people(*family("1", Consent="да")), by)
    batch = accepted(people(*family("2", Consent="нет")), by)
    undone = batches.undo(batch=batch, by=by, reason="The wrong file.")
    assert undone.kept == ()
    assert {name: count for name, count in undone.voided.items() if count} == {
        "movement": 4,
        "person": 2,
        "consent": 1,
        "household": 1,
    }
    for model, standing in ((Person, 2), (Household, 1), (Movement, 4), (Consent, 1)):
        assert model.objects.current().count() == standing
    assert set(Person.objects.exclude(voided_at=None).values_list("void_reason", flat=True)) == {
        "The wrong file."
    }
    assert Batch.objects.get(pk=batch.pk).state == BatchState.UNDONE
    assert Batch.objects.get(pk=before.pk).state == BatchState.ACCEPTED
    assert AuditEvent.objects.get(action="undo").reason == "The wrong file."


def test_the_same_file_can_be_sent_again_after_that_and_not_before() -> None:
    by, file = clerk(), people(*family("1"))
    batch = accepted(file, by)
    with pytest.raises(ValidationError) as refusal:
        sent(file, by)
    assert codes(refusal.value) == {"file": ["file_known"]}
    assert "list.csv" in str(refusal.value)
    batches.undo(batch=batch, by=by, reason="The wrong file.")
    accepted(file, by)
    assert Person.objects.current().count() == 2


def test_nothing_is_taken_back_where_somebody_went_on_and_the_records_are_named() -> None:
    by = clerk()
    batch = accepted(people(*family("1"), *family("2"), *family("3")), by)
    edited, moved, *_rest = Person.objects.order_by("pk")
    persons.change(person=edited, version=1, by=by, given_name="Ihor")
    MovementFactory.create(person=Person.objects.order_by("pk")[2])
    with pytest.raises(ValidationError) as refusal:
        batches.undo(batch=batch, by=by, reason="The wrong file.")
    assert refusal.value.code == "edited_since"
    assert edited.number in str(refusal.value)
    assert moved.number not in str(refusal.value)
    assert Person.objects.current().count() == 6
    undone = batches.undo(batch=batch, by=by, reason="The wrong file.", partly=True)
    assert len(undone.kept) == 2
    assert set(Household.objects.current().values_list("reference", flat=True)) == {"1", "2"}
    assert Person.objects.current().count() == 4


def test_people_who_were_named_are_kept_since_their_count_would_be_lost() -> None:
    by = clerk()
    accepted(people({"HH": "7", "People": "2"}), by)
    batch = accepted(people(*family("7"), *family("8")), by)
    with pytest.raises(ValidationError):
        batches.undo(batch=batch, by=by, reason="The wrong file.")
    batches.undo(batch=batch, by=by, reason="The wrong file.", partly=True)
    assert Person.objects.current().count() == 2


def test_a_batch_is_answered_by_those_who_may_and_once() -> None:
    by = clerk()
    batch = accepted(people(*family("1")), by)
    auditor = user_in_role(Role.AUDITOR, organisation=organisation_of(by))
    with pytest.raises(PermissionDenied):
        batches.undo(batch=batch, by=auditor, reason="I may not.")
    with pytest.raises(ValidationError) as refusal:
        batches.discard(batch=batch, by=by)
    assert codes(refusal.value) == {"__all__": ["wrong_state"]}
    assert batches.accept(batch=batch, by=by, with_warnings=True).with_warnings is False
