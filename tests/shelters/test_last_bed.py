"""Twenty desks ask for the last bed at the same second: real threads, real connections, several rounds."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.models import User
from accounts.policy import Role
from displacement.models import Person
from shelters.actions import stays
from shelters.models import Shelter, Stay
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.shelters import OpenShelterFactory
from tests.refusals import codes

DESKS = 20
ROUNDS = 4


def race(acts: list[Callable[[], object]]) -> Counter[str]:
    """Do all of it at once and count how each ended: `done`, or the code of its refusal."""
    barrier, ends = Barrier(len(acts)), Counter[str]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait(timeout=30)
        try:
            act()
            ends["done"] += 1
        except ValidationError as error:
            ends.update(str(code) for found in codes(error).values() for code in found)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def ask_for_the_last_bed(by: User) -> tuple[Shelter, Counter[str]]:
    """One shelter with one place, as many people as desks."""
    shelter = OpenShelterFactory.create(state__places_open=1)
    household = HouseholdFactory.create()
    guests = PersonFactory.create_batch(DESKS, household=household)

    def ask(person: Person) -> Callable[[], object]:
        return lambda: stays.check_in(person=person, shelter=shelter, by=by)

    return shelter, race([ask(person) for person in guests])


@pytest.mark.django_db(transaction=True)
def test_the_last_bed_is_given_once() -> None:
    registrar = user_in_role(Role.REGISTRAR)
    for _round in range(ROUNDS):
        shelter, ends = ask_for_the_last_bed(registrar)
        assert ends == {"done": 1, "shelter_full": DESKS - 1}
        assert Stay.objects.filter(shelter=shelter).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_last_bed_is_oversold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same check without the lock must fail, or the test above shows nothing."""
    monkeypatch.setattr(stays, "locked_shelter", lambda shelter: Shelter.objects.get(pk=shelter.pk))
    registrar = user_in_role(Role.REGISTRAR)
    rounds = (ask_for_the_last_bed(registrar)[0] for _round in range(5 * ROUNDS))
    oversold = any(Stay.objects.filter(shelter=shelter).count() > 1 for shelter in rounds)
    assert oversold


@pytest.mark.django_db(transaction=True)
def test_one_person_gets_one_bed_however_many_desks_try() -> None:
    registrar = user_in_role(Role.REGISTRAR)
    person = PersonFactory.create()
    shelters = OpenShelterFactory.create_batch(6)

    def ask(shelter: Shelter) -> Callable[[], object]:
        return lambda: stays.check_in(person=person, shelter=shelter, by=registrar)

    ends = race([ask(shelter) for shelter in shelters])
    assert ends == {"done": 1, "already_checked_in": 5}
    assert Stay.objects.open().filter(person=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_one_bed_per_person_without_any_look_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second lock: with the look switched off, the exclusion constraint still refuses, in the same words."""
    monkeypatch.setattr(stays, "_check_guests", lambda *_args: None)
    registrar = user_in_role(Role.REGISTRAR)
    person = PersonFactory.create()
    shelters = OpenShelterFactory.create_batch(2)
    stays.check_in(person=person, shelter=shelters[0], by=registrar)
    with pytest.raises(ValidationError) as caught:
        stays.check_in(person=person, shelter=shelters[1], by=registrar)
    assert codes(caught.value) == {"__all__": ["already_checked_in"]}
    assert "Check them out there first" in caught.value.messages[0]
