"""Likely duplicates of a checked list: under other spellings, in the list and in the register."""

from datetime import date

import pytest

from displacement.models import Person
from intake.actions import batches
from intake.apart import COMPARE, uncompared
from intake.comparing import compare
from intake.models import Batch, Finding, StagedRow
from intake.models.batch import BatchState
from intake.models.staging import Severity
from tests.factories.displacement import PersonFactory
from tests.intake.lists import checked, clerk, organisation_of, people

pytestmark = pytest.mark.django_db(transaction=True)
BORN = {"birth_date": date(1990, 5, 12), "birth_precision": "day"}
SPELT = {"Family": "Savchenko", "Given": "Nikolai", "Born": "1990-05-12"}


def _found(batch: Batch) -> list[tuple[int, str, int | None]]:
    found = Finding.objects.filter(batch=batch, code__startswith="likely").order_by("row", "code")
    return list(found.values_list("row", "code", "other_row"))


def test_other_spellings_are_found_in_the_list() -> None:
    swapped = {"Family": "Микола", "Given": "Савченко", "Born": "1990-05-12"}
    twins = [{"Family": "Гончар", "Given": name, "Born": "2001-09-01"} for name in ("Вера", "Надежда")]
    batch = checked(people(SPELT, swapped, *twins), clerk())
    assert [pk for _task, pk in uncompared()] == [batch.pk]
    assert compare(batch.pk) == 1
    assert _found(batch) == [(3, "likely_in_file", 2)]
    assert StagedRow.objects.get(batch=batch, number=3).severity == Severity.WARNING
    found = batches.summary(Batch.objects.get())
    assert (found.fine, found.warned) == (3, 1)
    assert uncompared() == []
    assert compare(batch.pk) == 0


def test_the_register_is_asked_and_others_are_not_disclosed() -> None:
    by = clerk()
    own = organisation_of(by)
    PersonFactory.create(
        family_name="Савченко", given_name="Микола", household__organisation=own, organisation=own, **BORN
    )
    theirs = PersonFactory.create(family_name="Литвиненко", given_name="Олена", **BORN)
    other = {"Family": "Lytvynenko", "Given": "Olena", "Born": "1990-05-12"}
    batch = checked(people(SPELT, other, {"Family": "Нікому", "Given": "Невідомий"}), by)
    assert compare(batch.pk) == 2
    assert _found(batch) == [(2, "likely_registered", None), (3, "likely_elsewhere", None)]
    assert str(theirs.pk) not in str(list(Finding.objects.values()))
    assert Person.objects.count() == 2


def test_a_list_that_went_on_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = checked(people(SPELT, {**SPELT, "Given": "Микола"}), clerk())

    def go_on(*_args: object) -> list[Finding]:
        Batch.objects.update(state=BatchState.DISCARDED)
        return [Finding(batch=batch, row=2, code="likely_in_file", severity=Severity.WARNING)]

    monkeypatch.setattr("intake.comparing._in_file", go_on)
    assert compare(batch.pk) == 0
    assert _found(batch) == []


def test_the_sweep_rings_for_what_nobody_compared() -> None:
    batch = checked(people(SPELT), clerk())
    assert uncompared() == [(COMPARE, batch.pk)]
    Batch.objects.update(kind="claims")
    assert uncompared() == []
