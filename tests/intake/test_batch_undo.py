"""Taking a batch back, until somebody has gone on with what it wrote."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership, User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions import people as persons
from displacement.models import Consent, Household, Movement, Person
from intake.actions import batches
from intake.kinds.kind import Kind
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import BatchState
from tests.api.conftest import client_of
from tests.desk.pages import act_url, desk_of, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import MovementFactory
from tests.factories.regions import region
from tests.intake.lists import accepted, clerk, family, organisation_of, people, registered_in, sent
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


def _in_kursk(by: User, role: Role = Role.REGISTRAR) -> User:
    """A colleague whose role covers the district of the list, and no other."""
    return user_in_role(role, organisation=organisation_of(by), region=registered_in())


@pytest.mark.parametrize("partly", [False, True])
def test_what_lies_beyond_the_regions_of_a_role_is_not_taken_back(partly: bool) -> None:
    """The control: the same colleague takes the same list back while all of it lies in the district."""
    by = clerk()
    batch = accepted(people(*family("1"), *family("2")), by)
    moved = Household.objects.get(reference="2")
    Household.objects.filter(pk=moved.pk).update(registered_in=region("UA-59"))
    for who in (_in_kursk(by), by):
        if who == by:  # who sent it is bounded by the regions of the role, too
            Membership.objects.filter(user=by).update(region=registered_in())
            who = User.objects.get(pk=by.pk)
        with pytest.raises(ValidationError) as refusal:
            batches.undo(batch=batch, by=who, reason="The wrong file.", partly=partly)
        assert codes(refusal.value) == {"__all__": ["beyond_region"]}
        assert "2 records of this list lie in regions that your role does not cover" in str(refusal.value)
        assert not any(
            number in str(refusal.value)
            for number in moved.people.values_list("reference", flat=True)
            if number
        )
    assert Person.objects.current().count() == 4
    assert Batch.objects.get(pk=batch.pk).state == BatchState.ACCEPTED
    Household.objects.filter(pk=moved.pk).update(registered_in=registered_in())
    batches.undo(batch=batch, by=_in_kursk(by), reason="The wrong file.", partly=partly)
    assert Person.objects.current().count() == 0


@pytest.mark.usefixtures("plain_static_files")
def test_the_api_and_the_desk_say_how_many_lie_beyond() -> None:
    by = clerk()
    batch = accepted(people(*family("1", given=("Ivan",)), *family("2")), by)
    Household.objects.filter(reference="1").update(registered_in=region("UA-59"))
    who = _in_kursk(by)
    answer = client_of(who).post(f"/api/v1/batches/{batch.pk}/undo/", {"reason": "The wrong file."})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "beyond_region")
    page = desk_of(who).post(act_url(batch, "undo"), {"reason": "The wrong file."})
    assert "1 record of this list lies in a region that your role does not cover" in words(page)
    assert Person.objects.current().count() == 3


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_list_says_where_its_records_lie(kind: Kind) -> None:
    batch = Batch(kind=kind.name, organisation=organisation_of(clerk()), accepted_at=None)
    assert kind.lying(batch) == {}
