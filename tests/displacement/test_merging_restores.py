"""Merges in any sequence, taken back in any order, leave every table as it was."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from displacement.actions.duplicates import propose
from displacement.actions.merging import merge, unmerge
from displacement.identity.takeable import BY_NAME
from displacement.models import Merge, Person
from displacement.models.codes import Sex
from displacement.models.person import BirthPrecision
from tests.factories.accounts import almighty
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonNeedFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory

#: Merges and their entries, the trail, and what was said of pairs: these tell what happened and are never taken back.
TELLING = {"merge", "repointing", "takenover", "auditevent", "possibleduplicate", "pairword"}
PATRONYMICS = ("", "", "Ильич", "Петрівна", "Petrivna")
PHONES = ("", "+380501112233", "+79161112233")


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every other table, with all its columns but the count of its edits, which only rises."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.model_name not in TELLING and model._meta.app_label in {
            "displacement",
            "shelters",
            "accounts",
        }:
            # Read from records, which open what is sealed: twice the same telephone gives two ciphertexts.
            named = [f.attname for f in model._meta.concrete_fields if f.name != "version"]
            rows = model._base_manager.order_by("pk")
            found[model._meta.label] = [tuple(getattr(row, name) for name in named) for row in rows]
    return found


def register(random: Random) -> list[Person]:
    """Seven people in households of two with movements, needs, stays, casualties, and pairs among them."""
    for _number in range(4):
        when = KURSK_MORNING - timedelta(hours=random.randrange(50))
        NamedHouseholdFactory.create(occurred_at=when, phone=random.choice(PHONES))
    people = list(Person.objects.order_by("serial"))[:7]
    for person in people:
        know_other_things(random, person)
    shelter = OpenShelterFactory.create()
    for person in people:
        for factory in random.choices((MovementFactory, PersonNeedFactory, AllegedCasualtyFactory), k=2):
            factory.create(person=person, voided=random.random() < 0.2)
        if random.random() < 0.4:
            start = KURSK_MORNING + timedelta(days=random.randrange(3))
            end = start + timedelta(hours=20)
            OpenStayFactory.create(
                person=person,
                shelter=shelter,
                occurred_at=start,
                ended_at=end,
                ended_recorded_at=end,
                ended_by=person.pk,
            )
    propose((*random.sample([p.pk for p in people], 2), random.random()) for _pair in range(5))
    return people


def know_other_things(random: Random, person: Person) -> None:
    """Let the record lack, or know in its own way, what a merge can take over."""
    person.patronymic = random.choice(PATRONYMICS)
    person.sex = random.choice(Sex.values)
    person.given_name = random.choice((person.given_name, "", "Олена"))
    person.birth_precision = random.choice(["", *BirthPrecision.values])
    person.birth_date = date(random.randrange(1950, 2020), 3, 14) if person.birth_precision else None
    person.save()


def try_merge(random: Random, by: User) -> None:
    """Merge any two who stand, with any choice of fields, unless they slept in two places at once."""
    kept, merged = random.sample(list(Person.objects.unmerged().order_by("serial")), 2)
    names = sorted(BY_NAME)
    take = random.choice((None, set(random.sample(names, random.randrange(len(names) + 1)))))
    try:
        merge(kept=kept, merged=merged, by=by, take=take)
    except ValidationError as refusal:
        if "same time" not in str(refusal):
            raise


@pytest.mark.django_db
@settings(max_examples=15)
@given(random=st.randoms(use_true_random=False), acts=st.lists(st.booleans(), min_size=2, max_size=8))
def test_all_tables_come_back_in_whatever_order(random: Random, acts: list[bool]) -> None:
    with transaction.atomic():
        by = almighty()
        register(random)
        before = tables()
        for is_merge in acts:
            standing = list(Merge.objects.standing().order_by("pk"))
            if is_merge or not standing:
                try_merge(random, by)
            else:
                unmerge(merge=random.choice(standing), by=by, reason="two")
        left = list(Merge.objects.standing().order_by("pk"))
        random.shuffle(left)
        assert not left or tables() != before
        for done in left:
            result = unmerge(merge=done, by=by, reason="two")
            assert (result.later, result.edited, result.kept_values) == ((), (), ())
        assert tables() == before
        transaction.set_rollback(True)  # the next example begins with empty tables
