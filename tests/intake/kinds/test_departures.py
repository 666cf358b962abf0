"""Lists of who left: each row ends the stay that goes on, once, and taking the list back opens it again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from intake.actions import batches
from shelters.actions import stays
from shelters.models import Shelter, Stay
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, MovementFactory, PersonFactory
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory
from tests.intake.kinds.driving import accept, accepted, codes, known, staged

pytestmark = pytest.mark.django_db
HEAD = "registration number,shelter,check-out\n"
BOTH = "registration number,shelter,check-in,check-out\n"
LEFT = "2024-08-12 09:00"


@pytest.fixture
def manager() -> User:
    """Manages shelters of one organisation, everywhere."""
    return user_in_role(Role.SHELTER_MANAGER)


@pytest.fixture
def shelter(manager: User) -> Shelter:
    """Open, of the manager's organisation."""
    made: Shelter = OpenShelterFactory.create(organisation=manager.memberships.get().organisation)
    return made


def _stay(manager: User, shelter: Shelter, **told: object) -> Stay:
    household = told.pop("household", None) or HouseholdFactory.create(
        organisation=manager.memberships.get().organisation
    )
    made: Stay = OpenStayFactory.create(
        shelter=shelter, person=PersonFactory.create(household=household), **told
    )
    return made


def _list(stay: Stay, left: str = LEFT) -> str:
    return f"{HEAD}{stay.person.number},{stay.shelter.name},{left}\n"


def test_who_left_is_checked_out_once(manager: User, shelter: Shelter) -> None:
    stay, other = _stay(manager, shelter), _stay(manager, shelter)
    batch = staged("stays", _list(stay), manager)
    assert (codes(batch), batch.counts["with_warnings"]) == ({}, {"stays": 0, "stays_ended": 1})
    assert accept(batch, manager).outcome == {"stays_ended": 1}
    stay.refresh_from_db()
    assert (f"{stay.ended_at:%H:%M}", stay.ended_by) == ("09:00", manager.pk)
    assert list(Stay.objects.open()) == [other]
    assert AuditEvent.objects.get(action="check_out_bulk").detail["stays"] == 1
    again = accept(staged("stays", _list(stay) + "\n", manager), manager)
    assert (known(again), codes(again), again.outcome) == (1, {}, {})
    assert AuditEvent.objects.filter(action="check_out_bulk").count() == 1
    assert Stay.objects.count() == 2


def test_with_the_check_in_beside_it_and_for_a_household_at_once(manager: User, shelter: Shelter) -> None:
    alone, first = _stay(manager, shelter), _stay(manager, shelter)
    second = _stay(manager, shelter, household=first.person.household)
    text = BOTH + (
        f"{alone.person.number},{shelter.name},{alone.occurred_at.isoformat()},{LEFT}\n"
        f"{first.person.household.number},{shelter.name},,{LEFT}\n"
    )
    batch = accepted("stays", text, manager)
    assert (codes(batch), batch.outcome) == ({}, {"stays_ended": 3})
    assert not Stay.objects.open().exists()
    assert Stay.objects.filter(pk=second.pk, ended_by=manager.pk).exists()
    assert known(staged("stays", text + "\n", manager)) == 2


def test_what_a_check_out_refuses_is_refused(manager: User, shelter: Shelter) -> None:
    stay, gone = _stay(manager, shelter), _stay(manager, shelter)
    stays.check_out(stay=gone, by=manager, at=gone.occurred_at + timedelta(hours=1))
    later = (timezone.now() + timedelta(days=1)).isoformat()
    nobody = PersonFactory.create(household=stay.person.household)
    number, name = stay.person.number, shelter.name
    text = BOTH + (
        f"{number},{name},,{(stay.occurred_at - timedelta(hours=1)).isoformat()}\n{number},{name},,{later}\n"
        f"{gone.person.number},{name},,{LEFT}\n{gone.person.number},{name},{gone.occurred_at.isoformat()},{LEFT}\n"
        f"{number},{name},{(stay.occurred_at + timedelta(hours=1)).isoformat()},{LEFT}\n"
        f"{nobody.number},{name},,{LEFT}\n{number},{name},,{LEFT}\n{number},{name},,{LEFT}\n{number},{name},,\n"
    )
    assert codes(staged("stays", text, manager)) == {
        2: {"out_before_stay"}, 3: {"in_future"}, 4: {"ended_otherwise"}, 5: {"ended_otherwise"},
        6: {"began_otherwise"}, 7: {"not_here"}, 9: {"ends_twice"}, 10: {"required"},
    }  # fmt: skip


def test_only_those_who_run_the_shelter_end_a_stay(manager: User, shelter: Shelter) -> None:
    stay = _stay(manager, shelter)
    registrar = user_in_role(Role.REGISTRAR, organisation=shelter.organisation)
    assert codes(staged("stays", _list(stay), registrar)) == {2: {"may_not_end"}}
    theirs = _stay(manager, OpenShelterFactory.create())
    assert codes(staged("stays", _list(theirs), manager)) == {2: {"may_not_end"}}


def test_who_was_checked_out_since_the_check_is_not_checked_out_again(
    manager: User, shelter: Shelter
) -> None:
    stay = _stay(manager, shelter)
    batch = staged("stays", _list(stay), manager)
    stays.check_out(stay=stay, by=manager, at=stay.occurred_at + timedelta(hours=1))
    done = accept(batch, manager)
    assert (codes(done), done.outcome) == ({2: {"ended_otherwise"}}, {})


def test_taken_back_the_stay_goes_on_and_what_was_known_can_be_counted_again(
    manager: User, shelter: Shelter
) -> None:
    stay = _stay(manager, shelter)
    batch = accepted("stays", _list(stay), manager)
    between = timezone.now()
    assert batches.undo(batch=batch, by=manager, reason="Wrong list.").voided["stays_ended"] == 1
    again = Stay.objects.open().get()
    assert (again.person, again.occurred_at, again.shelter) == (stay.person, stay.occurred_at, shelter)
    assert AuditEvent.objects.get(action="open_again_bulk").reason == "Wrong list."
    now = timezone.now()
    assert Stay.objects.at(now, now).count() == 1
    assert Stay.objects.at(between, between).count() == 0
    assert Stay.objects.at(stay.recorded_at, stay.recorded_at).count() == 1
    assert accepted("stays", _list(stay), manager).outcome == {"stays_ended": 1}


def test_who_went_on_since_is_named_and_kept(manager: User, shelter: Shelter) -> None:
    moved, dead, other = (_stay(manager, shelter) for _ in range(3))
    text = HEAD + "".join(f"{stay.person.number},{shelter.name},{LEFT}\n" for stay in (moved, dead, other))
    batch = accepted("stays", text, manager)
    stays.check_in(person=moved.person, shelter=shelter, by=manager)
    MovementFactory.create(person=dead.person, kind="died", recorded_at=timezone.now())
    with pytest.raises(ValidationError) as refusal:
        batches.undo(batch=batch, by=manager, reason="Wrong list.")
    assert {moved.person.number, dead.person.number} == set(getattr(refusal.value, "records", ()))
    undone = batches.undo(batch=batch, by=manager, reason="Wrong list.", partly=True)
    assert (undone.voided["stays_ended"], len(undone.kept)) == (1, 2)
    assert {stay.person for stay in Stay.objects.open()} == {moved.person, other.person}


def test_a_stay_from_a_list_that_was_ended_since_is_kept(manager: User, shelter: Shelter) -> None:
    person = PersonFactory.create(household__organisation=shelter.organisation)
    batch = accepted("stays", f"{BOTH}{person.number},{shelter.name},2024-08-08 20:00,\n", manager)
    stays.check_out(stay=Stay.objects.get(), by=manager)
    with pytest.raises(ValidationError) as refusal:
        batches.undo(batch=batch, by=manager, reason="Wrong list.")
    assert person.number in str(refusal.value)
