"""The bulk way into the register: what it writes, and what the database refuses."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from core.registration import parse_number
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from displacement.reference import load_specific_needs
from intake import register
from intake.flatten import COLUMNS
from intake.register import Register, Written
from intake.rows import NewHousehold, NewStay, Void
from shelters.models import Stay
from tests.factories.accounts import UserFactory
from tests.factories.shelters import OpenShelterFactory
from tests.intake.families import CLERK, KNOWN_AT, LEFT_AT, counted, household, left, named, person
from tests.refusals import codes

pytestmark = pytest.mark.django_db


def write(*households: NewHousehold) -> Written:
    """Write them in the name of some user."""
    return Register(by=UserFactory.create(), source="test").write(households)


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_every_column_is_written(model: type[Household]) -> None:
    """A column that COPY leaves out would take the database's default, and models keep theirs in Python."""
    left_out = [field for field in model._meta.concrete_fields if field.attname not in COLUMNS[model]]
    assert [field.attname for field in left_out if field.has_default() or not field.null] == []


def test_named_people_stand_in_the_register_as_if_registered_one_by_one() -> None:
    write(named(phone="+70000000001", language="uk"))
    home = Household.objects.get()
    assert (home.recorded_by, home.phone, home.language, home.version) == (CLERK, "+70000000001", "uk", 1)
    head, wife = Person.objects.order_by("pk")
    assert (head.full_name, wife.full_name) == ("Петренко Іван Олегович", "Петренко Ольга")
    assert head.household == wife.household == home
    assert len({home.serial, head.serial, wife.serial}) == 3
    assert parse_number(head.number) == head.serial
    step = Movement.objects.get(person=head)
    assert (step.occurred_at, step.recorded_at, step.kind) == (LEFT_AT, KNOWN_AT, "left")
    assert list(Person.objects.matching("petrenko olga")) == [wife]


def test_what_model_save_would_keep_in_step_is_in_step() -> None:
    write(named())
    head = Person.objects.order_by("pk")[0]
    keys = head.family_key, head.given_key
    head.save()
    assert keys == (head.family_key, head.given_key) != ("", "")


def test_counted_households_move_as_households() -> None:
    assert write(counted()) == Written(households=1, people=3, rows=4)
    step = Movement.objects.get()
    assert step.household == Household.objects.get()
    assert step.person is None
    assert sorted(HouseholdGroup.objects.values_list("people", flat=True)) == [1, 2]


def test_voided_groups_are_written_and_not_counted() -> None:
    home = counted()
    void = Void(KNOWN_AT + timedelta(hours=1), CLERK, "Counted wrongly.")
    written = write(home._replace(groups=[home.groups[0], home.groups[1]._replace(void=void)]))
    assert written.people == 1
    assert HouseholdGroup.objects.current().get().people == 1
    assert HouseholdGroup.objects.exclude(voided_at=None).get().void_reason == "Counted wrongly."


def test_consents_needs_and_stays_come_along() -> None:
    load_specific_needs()
    shelter = OpenShelterFactory.create()
    stay = NewStay(shelter.pk, None, LEFT_AT, KNOWN_AT, KNOWN_AT, KNOWN_AT)
    guest = person(needs=["DS-PM", "SM-CI"], stays=[stay])
    write(household(people=[guest], consents=[("authorities", False)], consent_text="2024-08"))
    assert Consent.objects.values_list("purpose", "is_given", "text_version").get() == (
        "authorities",
        False,
        "2024-08",
    )
    assert sorted(PersonNeed.objects.values_list("need_id", flat=True)) == ["DS-PM", "SM-CI"]
    kept = Stay.objects.get()
    assert (kept.shelter, kept.ended_at, kept.ended_by) == (shelter, KNOWN_AT, CLERK)


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (person(given_name="", family_name=""), "person_has_a_name"),
        (person(birth_precision=""), "person_birth_precision"),
        (person(needs=["NO-SUCH"]), "gone"),
    ],
    ids=["no name", "birth date of unknown precision", "unknown need"],
)
def test_the_database_refuses_a_bad_row_and_its_whole_chunk(bad: object, rule: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        write(named(), household(people=[bad]))
    assert codes(refusal.value) == {"__all__": [rule]}
    assert "Петренко" not in str(refusal.value)
    assert not Household.objects.exists()
    assert not AuditEvent.objects.filter(action="register_in_bulk").exists()


def test_an_unknown_region_is_refused_at_once() -> None:
    with pytest.raises(ValidationError) as refusal:
        write(household(people=[person()], registered_in_id=0))
    assert codes(refusal.value) == {"__all__": ["gone"]}


def test_two_stays_at_once_are_refused() -> None:
    shelter = OpenShelterFactory.create()
    stays = [NewStay(shelter.pk, None, LEFT_AT, KNOWN_AT), NewStay(shelter.pk, None, KNOWN_AT, KNOWN_AT)]
    with pytest.raises(ValidationError) as refusal:
        write(household(people=[person(stays=stays)]))
    assert codes(refusal.value) == {"__all__": ["stay_one_at_a_time"]}


def test_chunks_before_a_refused_one_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "CHUNK", 1)
    with pytest.raises(ValidationError):
        write(named(), household(people=[person(given_name="", family_name="")]), named())
    assert Household.objects.count() == 1


def test_a_chunk_leaves_one_event_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "CHUNK", 2)
    write(named(), counted(), named())
    first, second = AuditEvent.objects.filter(action="register_in_bulk").order_by("pk")
    assert (first.reason, first.object_type) == ("test", "displacement.household")
    assert {key: first.detail[key] for key in ("households", "people")} == {"households": 2, "people": 5}
    assert second.detail["people"] == 2
    assert "Петренко" not in str([first.detail, second.detail])


def test_without_its_trace_a_chunk_is_not_written() -> None:
    """The reason is longer than its column: PostgreSQL refuses the event, and with it the people."""
    with pytest.raises(DataError):
        Register(by=UserFactory.create(), source="x" * 301).write([named()])
    assert not Person.objects.exists()


def test_the_stream_is_taken_chunk_by_chunk_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "CHUNK", 2)
    taken: list[int] = []
    told: list[tuple[int, int]] = []

    def stream() -> Iterator[NewHousehold]:
        for number in range(5):
            taken.append(number)
            yield named()

    Register(
        by=UserFactory.create(),
        source="test",
        on_chunk=lambda written: told.append((written.people, len(taken))),
    ).write(stream())
    assert told == [(4, 2), (8, 4), (10, 5)]


def test_statements_do_not_grow_with_the_households() -> None:
    by = UserFactory.create()
    counts = []
    for size in (1, 30):
        stream = [named() for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            Register(by=by, source="test").write(stream)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_text_is_kept_as_it_was_written() -> None:
    """Tabs, quotes, backslashes and emoji mean something to a text COPY and nothing here."""
    odd = 'O\'Нил\t"\\N"\n🙂'
    write(household(people=[person(family_name=odd, movements=[left()])]))
    assert Person.objects.get().family_name == odd
