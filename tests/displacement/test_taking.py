"""Single values of a merged record go over into the one that goes on, and back."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.models import AuditEvent
from displacement.actions import households, people
from displacement.actions.duplicates import judge, propose
from displacement.actions.merging import merge, unmerge
from displacement.identity.keys import keys_of
from displacement.models import Person, PossibleDuplicate, TakenOver
from tests.factories.accounts import almighty
from tests.factories.displacement import PersonFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
BLANK = {"patronymic": "", "sex": "not_collected", "birth_date": None, "birth_precision": ""}
FULL = {"patronymic": "Петрівна", "sex": "female", "birth_date": date(1984, 5, 6), "birth_precision": "year"}


@pytest.fixture
def clerk() -> User:
    """Reaches everybody."""
    user: User = almighty()
    return user


def known(person: Person) -> dict[str, Any]:
    """What the record says now; its keys are in step with it."""
    fresh = Person.objects.select_related("household").get(pk=person.pk)
    assert fresh.match_keys == keys_of(fresh.identity())
    return {name: getattr(fresh, name) for name in BLANK}


def edit(person: Person, by: User, **changes: Any) -> None:
    """Correct the record by hand."""
    version = Person.objects.get(pk=person.pk).version
    people.change(person=person, version=version, by=by, **changes)


def test_a_merge_fills_what_the_survivor_lacks_and_taking_it_back_empties_it(clerk: User) -> None:
    kept, merged = (
        PersonFactory.create(**BLANK),
        PersonFactory.create(**FULL, household__phone="+380501112233"),
    )
    done = merge(kept=kept, merged=merged, by=clerk)
    assert known(kept) == FULL
    assert Person.objects.get(pk=kept.pk).household.phone == ""  # the household's, which nobody chose
    trace = AuditEvent.objects.get(action="change")
    fields = ["birth_date", "birth_precision", "patronymic", "sex"]
    assert (trace.object_id, trace.detail) == (str(kept.pk), {"fields": fields, "merges": [done.pk]})
    assert unmerge(merge=done, by=clerk, reason="two").kept_values == ()
    assert known(kept) == BLANK
    assert known(merged) == FULL
    assert Person.objects.get(pk=kept.pk).version == 3
    assert AuditEvent.objects.filter(action="change", object_id=str(kept.pk)).count() == 2


def test_a_person_chooses_which_value_stands(clerk: User) -> None:
    kept = PersonFactory.create(**{**FULL, "patronymic": "", "sex": "male"})
    merged = PersonFactory.create(**{**FULL, "birth_date": date(1985, 1, 1)})
    merge(kept=kept, merged=merged, by=clerk, take={"birth_date"})
    assert known(kept) == {**FULL, "patronymic": "", "sex": "male", "birth_date": date(1985, 1, 1)}
    words = refused(
        "not_takeable", "take", merge, kept=kept, merged=PersonFactory.create(), by=clerk, take={"reference"}
    )
    assert words.endswith("Reload the page and choose again.")


def test_a_telephone_is_the_households_and_goes_over_where_chosen(clerk: User) -> None:
    kept, merged = PersonFactory.create(), PersonFactory.create(household__phone="+380501112233")
    mate = PersonFactory.create(household=kept.household)
    before = known(mate) and Person.objects.get(pk=mate.pk).match_keys
    done = merge(kept=kept, merged=merged, by=clerk, take={"phone"})
    for person in (kept, mate):
        known(person)
        assert Person.objects.get(pk=person.pk).household.phone == "+380501112233"
    assert Person.objects.get(pk=mate.pk).match_keys != before
    unmerge(merge=done, by=clerk, reason="two")
    known(kept)
    known(mate)
    assert Person.objects.get(pk=mate.pk).match_keys == before
    again = merge(kept=kept, merged=merged, by=clerk, take={"phone"})
    house = kept.household
    house.refresh_from_db()
    households.change(household=house, version=house.version, by=clerk, phone="+380671112233")
    assert [str(label) for label in unmerge(merge=again, by=clerk, reason="two").kept_values] == ["Telephone"]
    house.refresh_from_db()
    assert house.phone == "+380671112233"


def test_what_was_corrected_since_stays_and_is_named(clerk: User) -> None:
    kept, merged = PersonFactory.create(**BLANK), PersonFactory.create(**FULL)
    done = merge(kept=kept, merged=merged, by=clerk)
    edit(kept, clerk, birth_precision="day", patronymic="Павлівна")
    result = unmerge(merge=done, by=clerk, reason="two")
    assert sorted(str(label) for label in result.kept_values) == ["Birth date", "Patronymic"]
    assert known(kept) == {**FULL, "patronymic": "Павлівна", "sex": "not_collected", "birth_precision": "day"}


def test_in_a_chain_a_value_goes_with_the_record_it_came_from(clerk: User) -> None:
    first, second, third = (PersonFactory.create(**BLANK) for _ in range(3))
    edit(first, clerk, patronymic="Ильич")
    into_second = merge(kept=second, merged=first, by=clerk)
    into_third = merge(kept=third, merged=second, by=clerk)
    assert known(third)["patronymic"] == "Ильич"
    unmerge(merge=into_second, by=clerk, reason="two")
    assert [known(person)["patronymic"] for person in (first, second, third)] == ["Ильич", "", ""]
    unmerge(merge=into_third, by=clerk, reason="two")
    assert [known(person)["patronymic"] for person in (first, second, third)] == ["Ильич", "", ""]


@pytest.mark.parametrize("is_first_back_first", [True, False])
@pytest.mark.parametrize("between", ["", "Эдуардович"])
def test_of_two_merges_into_one_each_takes_its_own_back(
    clerk: User, is_first_back_first: bool, between: str
) -> None:
    kept, one, other = PersonFactory.create(**BLANK), PersonFactory.create(), PersonFactory.create()
    edit(one, clerk, patronymic="Ильич")
    edit(other, clerk, patronymic="Ильевич")
    merges = [merge(kept=kept, merged=one, by=clerk, take={"patronymic"})]
    if between:
        edit(kept, clerk, patronymic=between)
    merges.append(merge(kept=kept, merged=other, by=clerk, take={"patronymic"}))
    assert known(kept)["patronymic"] == "Ильевич"
    after_one = "Ильевич" if is_first_back_first else between or "Ильич"
    for done, expected in zip(
        merges if is_first_back_first else merges[::-1], (after_one, between), strict=True
    ):
        unmerge(merge=done, by=clerk, reason="two")
        assert known(kept)["patronymic"] == expected


def test_nobody_is_left_without_a_name(clerk: User) -> None:
    kept, merged = PersonFactory.create(family_name=""), PersonFactory.create(family_name="Гончар")
    done = merge(kept=kept, merged=merged, by=clerk)
    edit(kept, clerk, given_name="")
    result = unmerge(merge=done, by=clerk, reason="two")
    assert [str(label) for label in result.kept_values] == ["Family name"]
    kept.refresh_from_db()
    assert kept.family_name == "Гончар"


def test_decided_together_the_first_who_knows_fills_the_blank(clerk: User) -> None:
    kept, one, other = PersonFactory.create(**BLANK), PersonFactory.create(), PersonFactory.create(**FULL)
    edit(one, clerk, patronymic="Ильич")
    propose([(kept.pk, one.pk, 0.99), (kept.pk, other.pk, 0.99)])
    judge(pairs=PossibleDuplicate.objects.all(), verdict="same", by=clerk)
    assert Person.objects.unmerged().get() == kept
    assert known(kept)["patronymic"] == "Ильич"
    fields = TakenOver.objects.values_list("field", flat=True)
    assert sorted(fields) == ["birth_date", "patronymic", "sex"]
    assert Person.objects.get(pk=kept.pk).version == 2


def test_entries_never_change(clerk: User) -> None:
    merge(kept=PersonFactory.create(**BLANK), merged=PersonFactory.create(**FULL), by=clerk)
    for change in (TakenOver.objects.all().delete, lambda: TakenOver.objects.update(field="sex")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
