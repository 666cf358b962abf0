"""Exports that fail midway: nothing of anybody is left behind, the others are made, and who asked is told."""

import io
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import Organisation, User
from core.logs import formatter
from displacement.models import Person
from roster.actions.exports import approve
from roster.actions.making import make_due
from roster.models import ExportPart, ExportState, PeopleExport
from tests.desk.pages import desk_of, record_url, words
from tests.drills.canaries.looking import found_in
from tests.roster.conftest import asked

PHONE = "+7 900 555 01 47"
pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged meanwhile, as the service writes it."""
    text, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter())
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def _approved(own: Organisation, clerk: User, officer: User, **told: object) -> PeopleExport:
    return approve(export=asked(own, clerk, **told), by=officer)


def test_a_telephone_that_opens_no_more_fails_its_own_file_alone(
    own: Organisation, people: list[Person], clerk: User, officer: User, log: io.StringIO
) -> None:
    """The key of before was taken out, or the row was damaged. Whoever waits behind it is served, and who asked is told."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE displacement_household SET phone = %s", [f"mp1.gone.{PHONE}"])
    broken = _approved(own, clerk, officer, columns=["family_name", "phone"])
    behind = _approved(own, clerk, officer)
    assert make_due() == 1
    behind.refresh_from_db()
    assert behind.state == ExportState.READY
    make_due(), make_due()
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == (ExportState.FAILED, 3)
    assert not ExportPart.objects.filter(export=broken).exists()
    assert "could not be made" in words(desk_of(clerk).get(record_url(broken)))
    told = log.getvalue()
    assert told.count(f"Export {broken.pk} was not made: UnreadableError") == 3
    assert not found_in(told.encode(), [PHONE, people[0].family_name, people[1].family_name])


def test_one_whose_worker_is_killed_each_time_is_given_up(
    own: Organisation, people: list[Person], clerk: User, officer: User
) -> None:
    """A kill writes nothing down but the try itself."""
    export = _approved(own, clerk, officer)
    PeopleExport.objects.filter(pk=export.pk).update(attempts=3)
    assert make_due() == 0
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert make_due() == 0
    export.refresh_from_db()
    assert export.attempts == 4


@pytest.mark.parametrize("way", ["no space", "database gone", "killed"])
def test_what_is_left_of_one_that_was_cut_off(
    way: str,
    own: Organisation,
    people: list[Person],
    clerk: User,
    officer: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the file that lies on the disk while the connection copies: sealed, without a name, and gone with its process."""
    export = _approved(own, clerk, officer, columns=["family_name", "phone"])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[bytes] = []

    def stop(*_args: object, **_told: object) -> None:
        for number in os.listdir("/proc/self/fd"):
            at = Path(f"/proc/self/fd/{number}")
            with suppress(OSError):
                if str(tmp_path) in os.readlink(at):
                    seen.append(at.read_bytes())
        if way == "no space":
            raise OSError(28, "No space left on device")
        if way == "killed":
            raise KeyboardInterrupt
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(ExportPart.objects, "create", stop)
    if way == "killed":
        with pytest.raises(KeyboardInterrupt):
            make_due()
    else:
        assert make_due() == 0
    assert any(seen), "the control: there was such a file"
    assert not found_in(b"".join(seen), [PHONE, people[0].family_name, people[1].family_name])
    assert not list(tmp_path.iterdir())
    assert not export.parts.exists()
    export.refresh_from_db()
    assert (export.state, export.people) == (ExportState.APPROVED, None)
