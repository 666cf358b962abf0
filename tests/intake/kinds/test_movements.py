"""Lists of movements: from a small real file to the register and back."""

from datetime import date

import pytest

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import Movement
from intake.actions import batches
from tests.factories.accounts import user_in_role
from tests.factories.displacement import (
    CountedHouseholdFactory,
    HouseholdFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.factories.regions import region
from tests.intake.kinds.driving import accept, accepted, codes, found, known, staged

pytestmark = pytest.mark.django_db
HEAD = "Регистрационный номер;ID;Номер семьи;Что произошло;Когда;Откуда;Куда;Размещение;Транспорт;Причина\n"


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


def _own(user: User) -> dict[str, object]:
    return {"organisation": user.memberships.get().organisation}


def test_steps_of_people_and_counted_households_are_recorded(registrar: User) -> None:
    person = PersonFactory.create(household=HouseholdFactory.create(**_own(registrar)))
    by_reference = PersonFactory.create(household=person.household, reference="TDH-77")
    counted = CountedHouseholdFactory.create(**_own(registrar))
    text = HEAD + (
        f"{person.number};;;выехал;06.08.2024 14:30;;;;автобусом;обстрел\n"
        f"{person.number.lower()};;;прибыла;07.08.2024;RU-KRS-SUDZHANSKY;RU-KRS-KURSK;ПВР;;\n"
        ";TDH-77;;выехала;06.08.2024;;;;;\n"
        f"{counted.number};;;убыли;08.08.2024;;;;;\n"
    )
    batch = accepted("movements", text, registrar)
    assert found(batch) == []
    rows = Movement.objects.order_by("pk").values_list("person", "household", "kind", "means", "cause")
    assert list(rows) == [
        (person.pk, None, "left", "organised", "hostilities"),
        (person.pk, None, "arrived", "unknown", "unknown"),
        (by_reference.pk, None, "left", "unknown", "unknown"),
        (None, counted.pk, "left", "unknown", "unknown"),
    ]
    arrived = Movement.objects.get(kind="arrived")
    assert (arrived.origin, arrived.destination) == (region("RU-KRS-SUDZHANSKY"), region("RU-KRS-KURSK"))
    assert (arrived.place, arrived.recorded_by) == ("shelter", registrar.pk)
    event = AuditEvent.objects.get(action="record_in_bulk")
    assert (event.detail["movements"], event.detail["batch"]) == (4, str(batch.pk))


def test_who_is_not_in_the_register_or_not_in_reach_is_unknown_alike(registrar: User) -> None:
    theirs = PersonFactory.create()
    void = PersonFactory.create(household=HouseholdFactory.create(**_own(registrar)), voided=True)
    named = NamedHouseholdFactory.create(**_own(registrar))
    text = HEAD + (
        f"{theirs.number};;;left;2024-08-06;;;;;\n{void.number};;;left;2024-08-06;;;;;\n"
        ";nobody;;left;2024-08-06;;;;;\n;;;left;2024-08-06;;;;;\n"
        f"{named.number};;;left;2024-08-06;;;;;\n"
    )
    batch = staged("movements", text, registrar)
    assert codes(batch) == {
        2: {"unknown_person"}, 3: {"unknown_person"}, 4: {"unknown_person"},
        5: {"who_needed"}, 6: {"household_is_named"},
    }  # fmt: skip
    ours = registrar.memberships.get().organisation
    here = user_in_role(Role.REGISTRAR, region=region("UA-59"), organisation=ours)
    own = PersonFactory.create(household=named)
    outside = staged("movements", f"{HEAD}{own.number};;;left;2024-08-06;;;;;\n", here)
    assert codes(outside) == {2: {"unknown_person"}}


def test_what_cannot_be_is_refused(registrar: User) -> None:
    household = HouseholdFactory.create(origin=None, **_own(registrar))
    dead, stayed = (PersonFactory.create(household=household) for _ in range(2))
    baby = PersonFactory.create(household=household, birth_date=date(2024, 8, 20))
    MovementFactory.create(person=dead, kind="died")
    home = "Суджанский район"
    text = HEAD + (
        f"{dead.number};;;left;2024-08-20;{home};;;;\n"
        f"{stayed.number};;;returned;2024-08-20;{home};;;;\n"
        f"{baby.number};;;left;2024-08-06;{home};;;;\n"
        f"{stayed.number};;;left;2090-01-01;{home};;;;\n"
        f"{stayed.number};;;left;2024-08-21;;;;;\n"
        f"{stayed.number};;;left;2024-08-22;Atlantis;;;;\n"
    )
    assert codes(staged("movements", text, registrar)) == {
        2: {"after_death"}, 3: {"not_left"}, 4: {"before_birth"},
        5: {"in_future"}, 6: {"origin_needed"}, 7: {"unknown_region"},
    }  # fmt: skip


def test_a_list_is_judged_as_a_whole(registrar: User) -> None:
    first, second = (
        PersonFactory.create(household=HouseholdFactory.create(**_own(registrar))) for _ in range(2)
    )
    text = HEAD + (
        f"{first.number};;;вернулся;2024-08-20;;;;;\n"
        f"{first.number};;;выехал;2024-08-06;;;;;\n"
        f"{first.number};;;выехал;2024-08-06;;;;;\n"
        f"{second.number};;;умер;2024-08-07;;;;;\n"
        f"{second.number};;;прибыл;2024-08-08;;;;;\n"
    )
    batch = accepted("movements", text, registrar)
    assert codes(batch) == {4: {"said_twice"}, 6: {"after_death"}}
    assert Movement.objects.count() == 3


def test_what_is_recorded_already_is_not_recorded_again(registrar: User) -> None:
    person = PersonFactory.create(household=HouseholdFactory.create(**_own(registrar)))
    text = f"{HEAD}{person.number};;;left;2024-08-06 10:00;;;;;\n"
    accepted("movements", text, registrar)
    again = accepted("movements", text + f"{person.number};;;left;2024-08-06 18:00;;;;;\n", registrar)
    assert known(again) == 1
    assert codes(again) == {3: {"same_day"}}
    assert Movement.objects.count() == 2


def test_what_changed_since_the_check_is_refused_when_it_is_written(registrar: User) -> None:
    person = PersonFactory.create(household=HouseholdFactory.create(**_own(registrar)))
    batch = staged("movements", f"{HEAD}{person.number};;;left;2024-08-20;;;;;\n", registrar)
    assert codes(batch) == {}
    MovementFactory.create(person=person, kind="died")
    assert codes(accept(batch, registrar)) == {2: {"after_death"}}
    assert Movement.objects.count() == 1


def test_it_is_taken_back_and_may_come_again(registrar: User) -> None:
    person = PersonFactory.create(household=HouseholdFactory.create(**_own(registrar)))
    text = f"{HEAD}{person.number};;;left;2024-08-06 10:00;;;;;\n"
    batch = accepted("movements", text, registrar)
    assert batches.undo(batch=batch, by=registrar, reason="wrong file").voided["movement"] == 1
    assert not Movement.objects.current().exists()
    assert known(accepted("movements", text, registrar)) == 0


def test_a_merged_person_is_whom_they_were_merged_into(registrar: User) -> None:
    household = HouseholdFactory.create(**_own(registrar))
    kept = PersonFactory.create(household=household)
    merged = PersonFactory.create(household=household, merged_into=kept)
    batch = staged("movements", f"{HEAD}{merged.number};;;left;2024-08-06;;;;;\n", registrar)
    assert codes(accept(batch, registrar)) == {}
    assert Movement.objects.get().person == kept
