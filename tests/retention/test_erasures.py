"""The way of an erasure: by two persons, refused with a sentence, told to partners once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions.merging import merge, unmerge
from displacement.actions.people import change
from displacement.models import Household, Merge, Person
from intake.models.batch import BatchState
from retention.actions.erasures import approve, ask, withdraw
from retention.models import ErasureState
from tests.exchange.test_feed import Reader
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import CountedHouseholdFactory, PersonFactory, VerifiedCasualtyFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.intake import FailedBatchFactory, RowFactory
from tests.factories.shelters import OpenStayFactory
from tests.refusals import codes
from tests.retention.conftest import erased

pytestmark = pytest.mark.django_db
API = "/api/v1/people/"


def said(act: Callable[[], object]) -> dict[str, list[str | None]]:
    """The codes with which the act is refused."""
    with pytest.raises(ValidationError) as refusal:
        act()
    return codes(refusal.value)


def test_nobody_erases_what_they_asked_for(mother: Person, officer: User, clerk: User) -> None:
    erasure = ask(subject=mother, ground="asked", by=officer)
    for somebody in (officer, clerk, user_in_role(Role.PROTECTION_OFFICER)):
        with pytest.raises(PermissionDenied):
            approve(erasure=erasure, by=somebody)
    with pytest.raises(PermissionDenied):
        ask(subject=mother, ground="asked", by=user_in_role(Role.REGISTRAR))
    assert Person.objects.get(pk=mother.pk).family_name == "Zymorodok"
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=mother.organisation)
    assert approve(erasure=erasure, by=admin).state == ErasureState.DONE


def test_a_reason_is_one_of_the_list_and_nobody_asks_twice(mother: Person, clerk: User) -> None:
    assert said(lambda: ask(subject=mother, ground="She begged.", by=clerk)) == {"ground": ["unknown_ground"]}
    ask(subject=mother, ground="asked", by=clerk)
    assert said(lambda: ask(subject=mother, ground="order", by=clerk)) == {"subject": ["asked"]}


def test_it_can_be_left(mother: Person, clerk: User, officer: User) -> None:
    erasure = ask(subject=mother, ground="asked", by=clerk)
    assert said(lambda: withdraw(erasure=erasure, reason=" ", by=officer)) == {"reason": ["reason_needed"]}
    with pytest.raises(PermissionDenied):
        withdraw(erasure=erasure, reason="Mine.", by=user_in_role(Role.PROTECTION_OFFICER))
    withdraw(erasure=erasure, reason="It was another family.", by=officer)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["state"]}
    assert ask(subject=mother, ground="asked", by=clerk).pk != erasure.pk
    assert AuditEvent.objects.filter(action="withdraw_erasure").count() == 1


def test_what_stands_in_the_way_is_said_when_asked_and_again_when_done(
    mother: Person, clerk: User, officer: User
) -> None:
    erasure = ask(subject=mother, ground="asked", by=clerk)
    stay = OpenStayFactory.create(person=mother, occurred_at=KURSK_MORNING + timedelta(days=9))
    casualty = VerifiedCasualtyFactory.create(person=mother)
    begun = FailedBatchFactory.create(accepted_at=KURSK_MORNING, accepted_by=clerk.pk)
    row = RowFactory.create(batch=begun, known_as=mother.pk)
    tries: list[Callable[[], object]] = [
        lambda: approve(erasure=erasure, by=officer),
        lambda: ask(subject=mother, ground="asked", by=clerk),
    ]
    for act in tries:
        with pytest.raises(ValidationError) as refusal:
            act()
        assert codes(refusal.value) == {"__all__": ["in_the_way"] * 3}
        for sentence in ("Check them out first", "kept as evidence", "Try it again or take it back"):
            assert sentence in str(refusal.value)
    assert Person.objects.get(pk=mother.pk).family_name == "Zymorodok"
    type(stay).objects.filter(pk=stay.pk).delete()
    type(casualty).objects.filter(pk=casualty.pk).update(person=None)
    row.batch.state = BatchState.DISCARDED
    row.batch.save()
    assert approve(erasure=erasure, by=officer).people


def test_another_organisation_answers_for_its_own_record(mother: Person, clerk: User) -> None:
    abroad = PersonFactory.create()
    merge(kept=mother, merged=abroad, by=almighty(), reason="")
    assert said(lambda: ask(subject=mother, ground="asked", by=clerk)) == {"__all__": ["others_too"]}


def test_nothing_is_done_to_a_tombstone(mother: Person, son: Person, clerk: User, officer: User) -> None:
    joined = Merge.objects.get()
    erased(mother, clerk, officer)
    stone = Person.objects.get(pk=mother.pk)
    tries: list[Any] = [
        lambda: change(person=stone, version=stone.version, by=officer, given_name="Anna"),
        lambda: merge(kept=son, merged=stone, by=almighty(), reason=""),
        lambda: unmerge(merge=joined, by=almighty(), reason="They are two."),
    ]
    assert [said(act) for act in tries] == [{"__all__": ["erased"]}] * 3
    assert said(lambda: ask(subject=stone, ground="asked", by=clerk)) == {"__all__": ["gone"]}


def test_counted_people_of_a_household_keep_it(clerk: User, officer: User) -> None:
    house: Household = CountedHouseholdFactory.create(organisation=_own(clerk), phone="+7 900 555 00 11")
    person = PersonFactory.create(household=house)
    assert erased(person, clerk, officer).households == []
    assert Household.objects.get(pk=house.pk).phone == "+7 900 555 00 11"


def test_partners_are_told_once_and_find_nothing_there(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    reader = Reader(mother.organisation)
    assert reader.client.get(f"{API}{mother.pk}/").status_code == 200
    movement = f"/api/v1/movements/{mother.movements.filter(voided_at=None).latest().pk}/"
    assert reader.client.get(movement).status_code == 200
    absent = reader.client.get(f"{API}{uuid4()}/")
    erasure = erased(mother, clerk, officer)
    told = reader.read()
    assert sorted(told) == sorted(
        [("person", str(pk), "erased") for pk in erasure.people]
        + [("household", str(pk), "erased") for pk in erasure.households]
    )
    assert reader.read() == []
    gone = reader.client.get(f"{API}{mother.pk}/")
    assert (gone.status_code, gone.json()["code"]) == (404, absent.json()["code"])
    assert reader.client.get(movement).status_code == 404
    listed = [each["id"] for each in reader.client.get(API).json()["results"]]
    assert str(son.pk) in listed
    assert str(mother.pk) not in listed
    assert not Person.objects.matching("Зимородок").exists()


def _own(user: User) -> Any:
    return user.memberships.get().organisation
