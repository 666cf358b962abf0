"""What was kept in clear before is sealed by the migrations, as if it had been written since, and opened on the way back."""

import json
import zlib
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from displacement.actions.merging import merge
from displacement.models import Household, Person, TakenOver
from intake.actions import submissions
from intake.content import opened
from intake.models import Batch, StagedRow, Submission
from intake.slots import opened as opened_slot
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.intake import KoboFormFactory
from tests.intake.lists import checked, clerk, family, people
from tests.intake.test_kobo_inbox import submission

pytestmark = pytest.mark.django_db
TELEPHONES = import_module("displacement.migrations.0015_seal_telephones")
LISTS = import_module("intake.migrations.0007_seal_lists")
PHONE = "+7 955 731-42-86"


def rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """What the database has."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def kept() -> str:
    """All columns that hold something to be sealed, as one text."""
    told = [
        rows("SELECT phone FROM displacement_household"),
        rows("SELECT old::text, new::text FROM displacement_takenover"),
        rows("SELECT value[7], raw FROM intake_stagedrow"),
        rows("SELECT payload FROM intake_submission"),
    ]
    return json.dumps(told, ensure_ascii=False, default=str)


def test_telephones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TELEPHONES, "CHUNK", 1)
    by = clerk()
    own = {"organisation": by.memberships.get().organisation}
    home, other, third = (HouseholdFactory.create(phone=phone, **own) for phone in (PHONE, "12345", ""))
    kept_person, merged = PersonFactory.create(household=third), PersonFactory.create(household=home)
    merge(kept=kept_person, merged=merged, by=by, take={"phone"})
    keys = Person.objects.get(pk=merged.pk).match_keys
    TELEPHONES.open_again(None, None)
    assert kept().count(PHONE) == 3, "household, survivor's household, entry: the control"
    assert Person.objects.get(pk=merged.pk).match_keys != keys
    TELEPHONES.seal(None, None)
    TELEPHONES.seal(None, None)
    assert PHONE not in kept()
    assert (Household.objects.get(pk=home.pk).phone, Household.objects.get(pk=other.pk).phone) == (
        PHONE,
        "12345",
    )
    assert (home.phone_index, None) == tuple(
        Household.objects.get(pk=pk).phone_index for pk in (home.pk, other.pk)
    )
    assert Person.objects.get(pk=merged.pk).match_keys == keys
    assert TakenOver.objects.get(field="phone").new["phone"] == PHONE
    with pytest.raises(Exception, match="never changed"):
        TakenOver.objects.update(field="sex")


def test_lists_and_submissions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LISTS, "CHUNK", 1)
    by = clerk()
    told = family("1", Phone=PHONE), family("2", given=("Ivan",), Phone=PHONE, Born="31.02.1990")
    batch: Batch = checked(people(*told[0], *told[1]), by)
    form = KoboFormFactory.create(organisation=by.memberships.get().organisation)
    submissions.take(form=form, payload={**submission(1), "hh/phone": PHONE}, by=by)
    LISTS.open_again(None, None)
    assert kept().count(PHONE) == 5, "three rows, the cells of one, and a form: the control"
    assert PHONE.encode() in zlib.decompress(bytes(batch.parts.get().data))
    LISTS.seal(None, None)
    LISTS.seal(None, None)
    assert PHONE not in kept()
    with opened(batch) as file:
        assert PHONE.encode() in file.read()
    assert {opened_slot(row.value[6], batch.pk) for row in StagedRow.objects.all()} == {PHONE}
    assert PHONE in StagedRow.objects.get(number=4).raw
    assert Submission.objects.get().payload["hh/phone"] == PHONE
