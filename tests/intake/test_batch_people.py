"""From a partner's file of people to the register: what each row becomes, and what is found about it."""

import pytest
from django.db.models import Q

from audit.models import AuditEvent
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from displacement.reference import load_specific_needs
from intake.models import StagedRow
from intake.models.batch import BatchState
from tests.factories.regions import RegionNameFactory, region
from tests.intake.lists import accepted, checked, clerk, family, found, people

pytestmark = pytest.mark.django_db


def test_a_list_becomes_households_with_people_and_movements() -> None:
    by = clerk()
    batch = accepted(people(*family("1", Phone="+7 919 123 45 67", Consent="да"), *family("2")), by)
    assert batch.state == BatchState.ACCEPTED
    assert found(batch) == set()
    assert batch.outcome["people"] == Person.objects.count() == 4
    home = Household.objects.get(reference="1")
    assert (home.phone, home.recorded_by) == ("+7 919 123 45 67", by.pk)
    assert (home.origin and home.origin.key, home.registered_in.key) == ("RU-KRS-SUDZHANSKY", "RU-KRS-KURSK")
    assert Consent.objects.get().is_given
    head = home.people.order_by("pk")[0]
    assert (head.given_name, head.sex, str(head.birth_date)) == ("Ivan", "male", "1980-01-15")
    steps = (
        Movement.objects.filter(person=head).order_by("occurred_at").values_list("kind", "destination__key")
    )
    assert list(steps) == [("left", None), ("arrived", "RU-KRS-KURSK")]


def test_people_stand_there_as_if_they_had_been_saved_one_by_one() -> None:
    """Keys and ids are made while the file is read; `save` must find nothing to change."""
    accepted(people(*family("1", Phone="0671234567", Patronymic="Petrovych")), clerk())
    for person in Person.objects.select_related("household"):
        before = person.family_key, person.given_key, list(person.match_keys)
        person.save()
        assert before == (person.family_key, person.given_key, list(person.match_keys))
    assert set(StagedRow.objects.values_list("record_id", flat=True)) == set(
        Person.objects.values_list("pk", flat=True)
    )


def test_a_chunk_leaves_one_trace_without_names() -> None:
    accepted(people(*family("1")), clerk())
    event = AuditEvent.objects.get(action="register_in_bulk")
    assert (event.detail["households"], event.detail["people"]) == (1, 2)
    assert "Petrenko" not in str(event.detail) + event.reason


def test_blank_never_becomes_zero_or_no() -> None:
    batch = accepted(people({"Family": "Koval"}), clerk())
    person = Person.objects.get()
    assert found(batch) == set()
    assert (person.sex, person.birth_date, person.birth_precision) == ("not_collected", None, "")
    assert person.household.people_declared is None
    assert not Consent.objects.exists()
    assert not Movement.objects.exists()


def test_what_is_known_of_a_birth_is_kept() -> None:
    rows = [("Koval", "1980", ""), ("Bondar", "05.1980", ""), ("Moroz", "", "44"), ("Lysenko", "", "")]
    accepted(people(*({"Family": name, "Born": born, "Age": age} for name, born, age in rows)), clerk())
    kept = dict(Person.objects.values_list("family_name", "birth_precision"))
    assert kept == {"Koval": "year", "Bondar": "month", "Moroz": "estimated", "Lysenko": ""}


def test_rows_of_a_household_may_stand_apart() -> None:
    first, second = family("1", given=("Ivan",)), family("1", given=("Olha",), Phone="+380671234567")
    second[0]["From"] = ""
    accepted(people(*first, *family("2"), *second), clerk())
    home = Household.objects.get(reference="1")
    assert (home.people.count(), home.phone) == (2, "+380671234567")
    origins = Movement.objects.filter(person__household=home).values_list("origin__key", flat=True)
    assert set(origins) == {"RU-KRS-SUDZHANSKY"}


def test_a_household_that_is_only_counted_becomes_groups() -> None:
    rows = [
        {"HH": "7", "Women": "2", "Boys": "0", "From": "RU-KRS-SUDZHANSKY", "Left": "2024-08-06"},
        {"HH": "8", "People": "3"},
        {"HH": "9", "People": "1", "Band": "60+", "Sex": "ж"},
        {"HH": "9", "People": "2", "Band": "5-11"},
    ]
    batch = accepted(people(*rows), clerk())
    assert found(batch) == set()
    groups = HouseholdGroup.objects.values_list("household__reference", "sex", "age_band", "people")
    assert set(groups) == {
        ("7", "female", "18-59", 2),
        ("8", "not_collected", "unknown", 3),
        ("9", "female", "60+", 1),
        ("9", "not_collected", "5-11", 2),
    }
    assert Movement.objects.get().household == Household.objects.get(reference="7")
    assert (batch.outcome["people"], batch.outcome["households"]) == (8, 3)


def test_needs_are_written() -> None:
    load_specific_needs()
    accepted(people({"Family": "Koval", "Needs": "DS-PM, SM-CI"}), clerk())
    assert set(PersonNeed.objects.values_list("need_id", flat=True)) == {"DS-PM", "SM-CI"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Phone": "+380671234567"}, "nobody"),
        ({"Family": "Koval", "Needs": "DS-PM"}, "unknown_need"),
        ({"Family": "Koval", "Born": "2999-01-01"}, "birth_in_future"),
        ({"Family": "Koval", "Born": "1901-01-01"}, "too_old"),
        ({"Family": "Koval", "Born": "31.02.1980"}, "no_such_day"),
        ({"Family": "Koval", "From": "Нарния"}, "unknown_region"),
        ({"Family": "Koval", "Women": "2"}, "named_and_counted"),
        ({"HH": "1", "People": "0"}, "nobody"),
        ({"HH": "1", "People": "-3"}, "count_negative"),
        ({"Family": "Koval", "Left": "2999-01-01", "From": "RU-KRS"}, "in_future"),
        ({"Family": "Koval", "Born": "2024-08-08", "Left": "2024-08-06", "From": "RU-KRS"}, "before_birth"),
        (
            {"Family": "K", "Left": "2024-08-06", "Arrived": "2024-08-05", "From": "RU-KRS"},
            "arrived_before_left",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_bad_row_is_refused_and_the_others_go_on(row: dict[str, object], code: str) -> None:
    batch = accepted(people(row, {"HH": "5", "Family": "Lysenko"}), clerk())
    assert found(batch) == {(2, code)}
    assert Person.objects.get().family_name == "Lysenko"


def test_a_name_of_several_regions_is_a_question_and_no_guess() -> None:
    by = clerk()
    for key in ("RU-KRS-KURSKY", "RU-KRS-KURSK"):
        RegionNameFactory.create(region=region(key), name="Курский")
    rows = ({"Family": "Koval", "From": "Kursky"}, {"Family": "Moroz", "From": "ru-krs-kursky"})
    assert found(checked(people(*rows), by)) == {(2, "ambiguous_region")}


def test_rows_that_contradict_each_other_are_shown() -> None:
    rows = family("1", given=("Ivan", "Olha", "Taras"), People="3")
    rows[1]["Phone"], rows[2]["Phone"] = "+380671234567", "+380671234568"
    twin = family("2", given=("Ivan", "Ivan"))
    twin[1]["Born"] = twin[0]["Born"]
    few = family("3", given=("Ivan",), People="4")
    batch = checked(people(*rows, *twin, *few), clerk())
    assert found(batch) == {(4, "household_disagrees"), (6, "double_in_household"), (7, "counts_differ")}
    assert not batch.findings.filter(Q(column__contains="380") | Q(code__contains="380")).exists()
