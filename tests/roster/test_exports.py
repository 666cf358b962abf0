"""An export of people takes two persons, and everything is asked again when the file leaves."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.actions.break_glass import break_glass
from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent, Reading
from core.clock import database_now
from core.encryption import UnreadableError
from core.registration import CAPACITY, format_number, number_in_sql
from displacement.models import Person
from retention.actions.applying import apply_all
from roster.actions.downloading import download
from roster.actions.exports import approve, withdraw
from roster.actions.making import make_due
from roster.exporting import opened as opening
from roster.models import ExportPart, ExportState, PeopleExport
from tests.audit.trail import no_more_readings
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region
from tests.factories.shelters import OpenStayFactory, ShelterFactory
from tests.refusals import refused
from tests.roster.conftest import asked

pytestmark = pytest.mark.django_db


def rows(export: PeopleExport, by: User) -> list[list[str]]:
    """What a spreadsheet finds in the downloaded file."""
    text = b"".join(download(export=export, by=by, has_second_factor=True)).decode()
    return list(csv.reader(io.StringIO(text)))


def test_the_file_has_the_people_and_no_formula(
    ready: PeopleExport, clerk: User, people: list[Person]
) -> None:
    heading, *found = rows(ready, clerk)
    assert heading == ["id", "number", "family_name", "given_name"]
    names = {
        person.pk: (f"'{person.family_name}", person.family_name)[person is people[1]] for person in people
    }
    assert sorted(found) == sorted(
        [str(person.pk), person.number, names[person.pk], person.given_name] for person in people
    )
    assert (ready.people, set(ready.first_ids)) == (2, {person.pk for person in people})


def test_a_download_is_a_reading_of_everybody_in_it(
    ready: PeopleExport, clerk: User, people: list[Person]
) -> None:
    rows(ready, clerk)
    reading = Reading.objects.get(page="export")
    assert (reading.actor_id, reading.object_type, reading.shown) == (clerk.pk, "displacement.person", 2)
    assert set(reading.ids) == {str(person.pk) for person in people}
    assert AuditEvent.objects.filter(action="download_export", block=reading.block).exists()
    with no_more_readings(), pytest.raises(IntegrityError), transaction.atomic():
        rows(ready, clerk)


def test_the_file_lies_encrypted_and_bound_to_its_place(ready: PeopleExport, clerk: User) -> None:
    heading, part = ExportPart.objects.all()
    assert "Петренко".encode() not in bytes(part.data)
    ExportPart.objects.filter(pk=part.pk).update(data=heading.data)
    with pytest.raises(UnreadableError):
        rows(ready, clerk)


def test_nobody_approves_their_own(own: Organisation, officer: User, clerk: User) -> None:
    export = asked(own, officer)
    for by in (officer, clerk, user_in_role(Role.PROTECTION_OFFICER)):
        with pytest.raises(PermissionDenied):
            approve(export=export, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeopleExport.objects.update(approved_by=officer.pk)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    assert approve(export=export, by=admin).state == ExportState.APPROVED
    assert refused("state", "", approve, export=export, by=admin)


def test_what_cannot_be_asked_for(own: Organisation, clerk: User) -> None:
    far = database_now() + timedelta(days=8)
    for told, field in (
        ({"columns": ["number", "match_keys"]}, "columns"),
        ({"columns": []}, "columns"),
        ({"purpose": " "}, "reason"),
        ({"needed_until": far}, "needed_until"),
        ({"shelter": ShelterFactory.create()}, "shelter"),
    ):
        with pytest.raises(ValidationError) as refusal:
            asked(own, clerk, **told)
        assert field in refusal.value.error_dict
    keeper = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    user_in_role(Role.AUDITOR, organisation=own)
    break_glass(role=Role.REGISTRAR, organisation=own, region=None, reason="A convoy is hit.", by=keeper)
    with pytest.raises(PermissionDenied):
        asked(own, keeper)
    with pytest.raises(PermissionDenied):
        asked(own, user_in_role(Role.CASEWORKER, organisation=own))


def _role_ends(export: PeopleExport, clerk: User, officer: User) -> None:
    Membership.objects.filter(user=clerk).delete()


def _region_ends(export: PeopleExport, clerk: User, officer: User) -> None:
    Membership.objects.filter(user=clerk).update(region=region("UA-59"))


def _account_ends(export: PeopleExport, clerk: User, officer: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)


def _approver_leaves(export: PeopleExport, clerk: User, officer: User) -> None:
    Membership.objects.filter(user=officer).update(role=Role.CASEWORKER)


def _approver_is_locked(export: PeopleExport, clerk: User, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)


def _is_withdrawn(export: PeopleExport, clerk: User, officer: User) -> None:
    withdraw(export=export, reason="The fund has no contract.", by=officer)


def _time_is_over(export: PeopleExport, clerk: User, officer: User) -> None:
    PeopleExport.objects.update(kept_until=database_now())


@pytest.mark.parametrize(
    "change",
    [
        _role_ends,
        _region_ends,
        _account_ends,
        _approver_leaves,
        _approver_is_locked,
        _is_withdrawn,
        _time_is_over,
    ],
)
def test_everything_is_asked_again_at_the_download(
    change: Any, ready: PeopleExport, clerk: User, officer: User
) -> None:
    assert rows(ready, clerk)
    change(ready, clerk, officer)
    with pytest.raises((PermissionDenied, ValidationError)):
        download(export=ready, by=clerk, has_second_factor=True)


def test_a_column_that_is_not_shown_any_more_is_not_taken_out_either(
    own: Organisation, people: list[Person], clerk: User, officer: User
) -> None:
    export = approve(export=asked(own, clerk, columns=["number", "phone"]), by=officer)
    make_due()
    assert rows(export, clerk)
    Membership.objects.create(
        user=clerk, organisation=own, role=Role.SHELTER_MANAGER, region=region("RU-KRS")
    )
    assert rows(export, clerk)
    Membership.objects.filter(user=clerk, role=Role.REGISTRAR).update(region=region("RU-KRS"))
    Membership.objects.filter(user=clerk, role=Role.SHELTER_MANAGER).update(region=region("UA-59"))
    with pytest.raises(PermissionDenied, match="columns"):
        download(export=export, by=clerk, has_second_factor=True)


def test_only_who_asked_and_only_with_two_factors(ready: PeopleExport, clerk: User, officer: User) -> None:
    for by, has_second_factor in ((officer, True), (clerk, False)):
        with pytest.raises(PermissionDenied):
            download(export=ready, by=by, has_second_factor=has_second_factor)
    assert not Reading.objects.exists()


def test_the_file_goes_when_its_time_is_over(ready: PeopleExport, own: Organisation, clerk: User) -> None:
    waiting = asked(own, clerk)
    assert apply_all(each="minute") == 0
    PeopleExport.objects.filter(pk=ready.pk).update(kept_until=database_now())
    PeopleExport.objects.filter(pk=waiting.pk).update(needed_until=database_now())
    assert apply_all(each="minute") == 2
    assert not ExportPart.objects.exists()
    assert set(PeopleExport.objects.values_list("state", flat=True)) == {ExportState.OVER}
    assert (ready.kept_until - ready.finished_at) == timedelta(hours=24)  # type: ignore[operator]  # it was made


def test_telephones_are_opened_row_by_row_and_tags_stand_below_the_heading(
    own: Organisation, people: list[Person], clerk: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUNCH", 1)
    told = {"columns": ["sex", "phone", "number"], "has_tags": True}
    export = approve(export=asked(own, clerk, **told), by=officer)
    make_due()
    export.refresh_from_db()
    heading, tags, *found = rows(export, clerk)
    assert heading == ["id", "sex", "phone", "number"]
    assert tags == ["#affected+id", "#affected+sex", "#contact+phone", "#affected+id+code"]
    wanted = [[str(p.pk), p.sex, "'+7 900 555 01 47", p.number] for p in people]
    assert sorted(found) == sorted(wanted)


def test_only_who_is_in_the_shelter_now(
    own: Organisation, people: list[Person], clerk: User, officer: User
) -> None:
    shelter = ShelterFactory.create(organisation=own)
    OpenStayFactory.create(person=people[0], shelter=shelter)
    export = approve(export=asked(own, clerk, shelter=shelter), by=officer)
    PersonFactory.create(household=people[0].household, organisation=own, voided_at=None)
    make_due()
    export.refresh_from_db()
    assert [row[0] for row in rows(export, clerk)[1:]] == [str(people[0].pk)]


def test_a_file_that_cannot_be_made_is_given_up(
    own: Organisation, people: list[Person], clerk: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_disk(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr("roster.actions.making.write", no_disk)
    export = approve(export=asked(own, clerk), by=officer)
    assert [make_due() for _ in range(3)] == [0, 0, 0]
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.FAILED, 3)


def test_the_database_writes_numbers_as_the_application_does() -> None:
    serials = [0, 1, 30, 31, 12_345, 987_654_321, CAPACITY - 1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {number_in_sql('s.n')} FROM unnest(%s::bigint[]) s(n)", [serials])
        assert [number for (number,) in cursor.fetchall()] == [format_number(serial) for serial in serials]
