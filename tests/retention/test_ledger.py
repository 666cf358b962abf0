"""Erasures are also written outside of the database, and carried out again where it forgot them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from displacement.models import Person
from retention import ledger as erasures
from retention.models import Erasure
from retention.tasks import write_ledger
from tests.retention.conftest import canaries_in, erased, everything_kept

pytestmark = pytest.mark.django_db


def applied() -> str:
    """What the command says."""
    out = io.StringIO()
    call_command("apply_erasures", stdout=out)
    return out.getvalue()


def forgotten(mother: Person, clerk: User, officer: User) -> Erasure:
    """An erasure that the ledger knows and the database does not, as after a restore."""
    before = transaction.savepoint()
    erasure = erased(mother, clerk, officer)
    write_ledger()
    transaction.savepoint_rollback(before)
    return erasure


def test_a_line_holds_ids_and_is_written_once(
    mother: Person,
    son: Person,
    clerk: User,
    officer: User,
    ledger: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        erasure = erased(mother, clerk, officer)
    write_ledger()
    (line,) = ledger.read_text().splitlines()
    told = json.loads(line)
    assert told["people"] == [str(pk) for pk in erasure.people]
    assert (told["ground"], told["approved_by"]) == ("asked", str(officer.pk))
    assert not canaries_in(line)
    assert ledger.stat().st_mode & 0o777 == 0o600
    assert erasures.read().entries == (erasures.Entry.of(erasure),)


def test_what_was_only_asked_for_is_never_in_it(mother: Person, clerk: User, ledger: Path) -> None:
    from_ask = Erasure.objects.count()
    assert (erasures.write_down(), ledger.exists(), from_ask) == (0, False, 0)


def test_what_the_database_forgot_is_done_again(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    erasure = forgotten(mother, clerk, officer)
    assert "Зимородок" in everything_kept()  # the control: the backup brought the name back
    assert "1 erasures in the ledger; 1 carried out again, 3 records erased." in applied()
    assert canaries_in(everything_kept()) == {"KN-HOUSE-5"}
    again = Erasure.objects.get()
    assert erasures.Entry.of(again) == erasures.Entry.of(erasure)
    assert "0 carried out again" in applied()


def test_nothing_that_came_since_stands_in_the_way(
    mother: Person, clerk: User, officer: User, ledger: Path
) -> None:
    """Whoever is younger than the backup is not there; the others are erased, and the ledger still knows all."""
    forgotten(mother, clerk, officer)
    line = json.loads(ledger.read_text())
    line["people"].append("01917e2b-5c00-7a3e-9d2f-0242ac120002")
    ledger.write_text(json.dumps(line) + "\n")
    applied()
    assert len(Erasure.objects.get().people) == 3
    assert Person.objects.get(pk=mother.pk).is_erased


def test_a_line_that_was_cut_off_is_written_again_and_no_loss(
    mother: Person, son: Person, clerk: User, officer: User, ledger: Path
) -> None:
    erased(mother, clerk, officer)
    write_ledger()
    whole = ledger.read_text()
    ledger.write_text(whole[:40])
    write_ledger()
    assert ledger.read_text() == f"{whole[:40]}\n{whole}"
    assert "1 erasures in the ledger" in applied()


def test_a_line_that_somebody_changed_is_named_and_the_others_are_done(
    mother: Person, son: Person, clerk: User, officer: User, ledger: Path
) -> None:
    forgotten(mother, clerk, officer)
    ledger.write_text('{"erasure": "nonsense"}\n' + ledger.read_text())
    with pytest.raises(CommandError, match="Lines that are no erasure: 1"):
        applied()
    assert Person.objects.get(pk=mother.pk).is_erased
