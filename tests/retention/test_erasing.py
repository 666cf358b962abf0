"""Who is erased is named nowhere any more, and no number changes by it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions.erasing import coarse_birth
from displacement.models import Consent, Household, Merge, Person, PossibleDuplicate, TakenOver
from intake.models import BatchPart, StagedRow
from reports.figures.count import count, figures_for
from reports.figures.register import count_needs
from retention.models import Erasure
from shelters.models import Stay
from tests.audit.trail import seal, told
from tests.factories.accounts import user_in_role
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.intake.lists import accepted, family, organisation_of, people
from tests.intake.lists import clerk as clerk_of_lists
from tests.retention.conftest import CANARIES, canaries_in, erased, everything_kept

pytestmark = pytest.mark.django_db
_MOMENTS = [KURSK_MORNING + timedelta(hours=hours) for hours in (0, 2, 23, 30, 24 * 40)]


def numbers(now: datetime) -> list[Any]:
    """Every number in which people of Kursk oblast are counted, at several moments, as known now and as known then."""
    place, told = region("RU-KRS"), []
    for as_of in (*_MOMENTS, now):
        for known_at in (as_of, now):
            counted = count(place, as_of=as_of, known_at=known_at)
            told += [figures_for(place, as_of=as_of, known_at=known_at), counted.people.by_sex_and_age()]
            told += [count_needs(counted.subtree, counted.moment), sorted(map(str, counted.all_sites.sites))]
    return told


def test_nothing_names_them_and_no_number_changes(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    now = timezone.now()
    before = numbers(now)
    assert canaries_in(everything_kept()) == set(CANARIES)  # or the search below would find nothing anyway
    erasure = erased(mother, clerk, officer)
    left = canaries_in(everything_kept())
    assert left == {"KN-HOUSE-5"}  # of the household, in which her son stays
    assert numbers(now) == before
    assert len(erasure.people) == 2  # her record, and the one that was merged with it
    assert erasure.households == [Merge.objects.get().merged.household_id]
    assert not Person.objects.visible_to(officer).filter(pk__in=erasure.people).exists()
    assert Person.objects.visible_to(officer).filter(pk=son.pk).exists()


def test_the_last_takes_the_household_along(mother: Person, clerk: User, officer: User) -> None:
    now = timezone.now()
    before = numbers(now)
    erased(mother, clerk, officer)
    house = Household.objects.get(pk=mother.household_id)
    assert (house.phone, house.phone_index, house.reference, house.is_erased) == ("", None, "", True)
    assert canaries_in(everything_kept()) == set()
    assert numbers(now) == before
    assert not Household.objects.visible_to(officer).filter(pk=house.pk).exists()
    assert not Consent.objects.filter(household=house).exists()


def test_a_household_goes_with_everybody_in_it(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    now = timezone.now()
    before = numbers(now)
    erasure = erased(mother.household, clerk, officer)
    assert {mother.pk, son.pk} < set(erasure.people)
    assert canaries_in(everything_kept()) == set()
    assert numbers(now) == before


def test_what_is_left_is_a_tombstone(mother: Person, son: Person, clerk: User, officer: User) -> None:
    old = mother.serial
    erased(mother, clerk, officer)
    stone = Person.objects.get(pk=mother.pk)
    assert (stone.sex, stone.birth_date, stone.birth_precision) == ("female", date(2006, 1, 1), "estimated")
    assert stone.serial != old  # the card leads nowhere
    assert (stone.match_keys, stone.erased_by, stone.version) == ([], officer.pk, mother.version + 1)
    assert Stay.objects.get().room is None
    assert not PossibleDuplicate.objects.exists()
    entries = TakenOver.objects.all()
    assert {value for entry in entries for value in {**entry.old, **entry.new}.values()} == {
        None,
        "2006-01-01",
        "estimated",
    }
    assert Merge.objects.get().reason == ""
    act = AuditEvent.objects.get(action="erase")
    assert (act.actor_id, act.object_id) == (officer.pk, str(Erasure.objects.get().pk))
    assert AuditEvent.objects.filter(action="erased").count() == 3


def test_the_database_itself_keeps_tombstones_nameless(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    erased(mother, clerk, officer)
    with pytest.raises(IntegrityError, match="person_erased_names_nobody"), transaction.atomic():
        Person.objects.filter(pk=mother.pk).update(given_name="Кульбаба")


def test_values_that_a_merge_took_over_are_changed_for_the_erased_alone(mother: Person) -> None:
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        TakenOver.objects.update(old={})


def test_lists_and_their_files_forget_them() -> None:
    by = clerk_of_lists()
    theirs = accepted(people(*family("1", given=("Zqorvy", "Olha"), Phone="+79191234567")), by)
    others = accepted(people(*family("2")), by)
    officer = user_in_role(Role.PROTECTION_OFFICER, organisation=organisation_of(by))
    person = Person.objects.get(given_name="Zqorvy")
    assert canaries_in(everything_kept(), ("zqorvy",))
    erased(person, by, officer)
    assert not canaries_in(everything_kept(), ("zqorvy",))
    assert not BatchPart.objects.filter(batch=theirs).exists()
    assert BatchPart.objects.filter(batch=others).exists()
    row = StagedRow.objects.get(batch=theirs, record_id=person.pk)
    assert (set(row.value), row.keys, row.raw) == ({""}, [], {})
    assert AuditEvent.objects.get(action="forget_person").detail["rows"] == 1


def test_words_about_them_leave_the_trail_and_it_still_verifies(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    person = {"actor_id": clerk.pk, "object_type": "displacement.person", "object_id": str(mother.pk)}
    for reason in ("Зимородок came twice.", "The teacher of class 5."):
        AuditEvent.objects.create(action="look", reason=reason, **person)
    seal()
    erasure = erased(mother, clerk, officer)
    seal()
    assert (erasure.reasons_emptied, erasure.reasons_naming) == (4, 0)  # with those of her merge
    assert not canaries_in(everything_kept(), ("Зимородок", "class 5"))
    assert told() == ""
    assert AuditEvent.objects.filter(action="forget_reason").count() == 4


@pytest.mark.parametrize(
    ("born", "kept"),
    [
        (date(1983, 5, 17), date(2006, 1, 1)),  # every adult who was first seen in 2024
        (date(1970, 12, 31), date(2006, 1, 1)),
        (date(1950, 2, 1), date(1964, 1, 1)),
        (date(2017, 5, 2), date(2019, 1, 1)),
        (date(2024, 3, 3), date(2024, 1, 1)),
        (date(2006, 9, 1), date(2006, 9, 1)),  # came of age meanwhile: any other day would change a figure
        (None, None),
    ],
)
def test_of_a_birth_date_the_age_band_stays(born: date | None, kept: date | None) -> None:
    assert coarse_birth(born, KURSK_MORNING, KURSK_MORNING + timedelta(days=90)) == kept
