"""Lists that overlap: nobody is registered twice who is certainly the same, and likely ones are shown."""

from typing import Any

import pytest

from displacement.models import Household, HouseholdGroup, Movement, Person, PossibleDuplicate
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch, StagedRow
from tests.intake.lists import accepted, checked, clerk, family, found, organisation_of, people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "told",
    [{"HH": "1"}, {"HH": "", "Phone": "+79191234567"}, {"HH": "", "Patronymic": "Petrovych"}],
    ids=["household number", "telephone", "patronymic and home region"],
)
def test_the_same_person_is_not_registered_again(told: dict[str, Any]) -> None:
    by = clerk()
    accepted(people(*family("1", given=("Ivan",), **told)), by)
    again = accepted(people(*family("1", given=("Ivan",), **told), *family("2")), by)
    assert found(again) == {(2, "registered_already")}
    assert Person.objects.count() == 3
    assert StagedRow.objects.get(batch=again, number=2).known_as == Person.objects.order_by("pk")[0].pk


def test_two_members_found_in_one_household_are_the_same_family() -> None:
    by = clerk()
    accepted(people(*family("1", HH="A-17")), by)
    again = accepted(people(*family("1", given=("Ivan", "Olha", "Taras"), HH="B-3")), by)
    assert found(again) == {(2, "registered_already"), (3, "registered_already")}
    assert Household.objects.get().people.count() == 3


def test_who_is_only_like_somebody_is_registered_and_proposed() -> None:
    by = clerk()
    accepted(people(*family("1", given=("Ivan",), HH="A")), by)
    again = accepted(people(*family("1", given=("Ivan",), HH="B")), by, with_warnings=True)
    assert found(again) == {(2, "like_registered")}
    assert Person.objects.count() == 2
    pair = PossibleDuplicate.objects.get()
    assert {pair.first_id, pair.second_id} == set(Person.objects.values_list("pk", flat=True))


def test_a_person_in_two_households_of_one_file_is_proposed() -> None:
    one, other = family("1", given=("Ivan",), HH="A"), family("1", given=("Ivan",), HH="B")
    batch = accepted(people(*one, *other), clerk(), with_warnings=True)
    assert set(batch.findings.values_list("row", "code", "other_row")) == {(3, "in_two_households", 2)}
    assert PossibleDuplicate.objects.count() == 1


def test_another_organisation_registers_for_itself() -> None:
    accepted(people(*family("1")), clerk())
    second = accepted(people(*family("1")), clerk())
    assert found(second) == set()
    assert Person.objects.count() == 4


def test_the_partners_number_of_a_person_decides() -> None:
    by = clerk()
    accepted(people({"ID": "P-1", "Family": "Koval", "Given": "Ivan"}), by)
    again = people(
        {"ID": "P-1", "Family": "Kowal", "Given": "Ivan", "Age": "40"},
        {"ID": "P-2", "Family": "Moroz"},
        {"ID": "P-2", "Family": "Moroz"},
    )
    batch = accepted(again, by)
    assert found(batch) == {(2, "registered_already"), (4, "reference_twice")}
    stranger = accepted(people({"ID": "P-1", "Family": "Shevchuk", "Given": "Oksana"}), by)
    assert found(stranger) == {(2, "reference_of_another")}
    assert Person.objects.count() == 2


def test_a_household_number_of_another_family_is_left_out() -> None:
    by = clerk()
    accepted(people(*family("1")), by)
    other = accepted(people(*family("22", HH="1")), by, with_warnings=True)
    assert {code for _row, code in found(other)} == {"number_taken"}
    assert sorted(Household.objects.values_list("reference", flat=True)) == ["", "1"]


def test_a_list_of_names_names_who_was_counted_and_counts_nobody_twice() -> None:
    by = clerk()
    journey = {"From": "RU-KRS-SUDZHANSKY", "Left": "2024-08-06"}
    accepted(people({"HH": "7", "People": "2", **journey}), by)
    batch = accepted(people(*family("7")), by)
    home = Household.objects.get()
    assert (home.people.count(), batch.outcome["named"]) == (2, 2)
    assert not HouseholdGroup.objects.current().exists()
    assert not Movement.objects.current().exclude(person=None).filter(household__isnull=False).exists()
    assert Movement.objects.current().count() == 2


def test_the_same_count_is_not_registered_again_and_another_one_is_refused() -> None:
    by = clerk()
    accepted(people({"HH": "7", "People": "2"}), by)
    again = accepted(people({"HH": "7", "People": "2", "Phone": "+380671234567"}), by)
    other = accepted(people({"HH": "7", "People": "3"}), by)
    assert found(again) == {(2, "household_counted")}
    assert found(other) == {(2, "counted_otherwise")}
    assert HouseholdGroup.objects.get().people == 2


def test_what_came_into_the_register_since_the_check_is_seen_when_it_is_written() -> None:
    """Two clerks look at overlapping lists before either is accepted; the same people are written once."""
    by = clerk()
    colleague = clerk(organisation_of(by))
    one = checked(people(*family("1"), *family("2")), by)
    other = checked(people(*family("2"), *family("3")), colleague)
    assert found(one) == found(other) == set()
    for batch, who in ((one, by), (other, colleague)):
        batches.accept(batch=batch, by=who, with_warnings=False)
        write(batch.pk)
    assert Person.objects.count() == 6
    assert found(Batch.objects.get(pk=other.pk)) == {(2, "registered_already"), (3, "registered_already")}


def test_half_a_list_of_doubles_finishes() -> None:
    rows = [row for number in range(60) for row in family(str(number))]
    batch = accepted(people(*rows, *rows), clerk())
    assert batch.counts["refused"] == 120
    assert Person.objects.count() == 120
