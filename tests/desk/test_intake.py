"""Lists on the desk: sent in, columns named, looked at row by row, accepted, taken back."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent, Reading
from displacement.models import Person
from intake.accepting import write
from intake.models import Batch, Mapping
from intake.models.batch import BatchState
from intake.staging import stage
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.intake import FailedBatchFactory, ReadyBatchFactory, StagingBatchFactory
from tests.factories.regions import region
from tests.lists import clerks_workbook, table

pytestmark = pytest.mark.django_db
LINES = (
    "family name,given name,sex,date of birth,origin",
    "Kovalchuk,Olena,f,1980-03-14,Sudzhansky District",
    "Kovalchuk,Ivan,m,2017-05-02,Sudzhansky District",
    "Melnyk,,f,,",
    "=cmd|'/c calc'!A1,<b>Anna</b>,f,31.02.1990,Sudzhansky District",
)


def send(desk: Client, content: bytes, name: str = "list.csv", **changes: Any) -> Any:
    """Upload a file."""
    form = {
        "kind": "people",
        "registered_in": region("RU-KRS-KURSK").pk,
        "file": SimpleUploadedFile(name, content),
        **changes,
    }
    return desk.post(add_url(Batch), form)


def name_columns(desk: Client, batch: Batch, **changes: str) -> Any:
    """Answer the page of columns with what it offers, but for the changes."""
    page = desk.get(act_url(batch, "columns"))
    form = page.context["form"]
    offered = {name: form.fields[name].initial or "" for name in form.names}
    return desk.post(act_url(batch, "columns"), {**offered, "day_first": "", "save_as": "", **changes})


def checked(desk: Client, content: bytes | None = None) -> Batch:
    """A list on its way as far as the review."""
    send(desk, table(*LINES) if content is None else content)
    batch = Batch.objects.latest("id")
    name_columns(desk, batch)
    stage(batch.pk)
    batch.refresh_from_db()
    return batch


def accepted(desk: Client, batch: Batch, **changes: Any) -> Any:
    """Accept it and let the worker write."""
    answer = desk.post(act_url(batch, "accept"), {"which": "fine", "leaving_out": "", **changes})
    write(batch.pk)
    batch.refresh_from_db()
    return answer


def test_a_list_goes_from_the_file_to_the_register(desk: Client, registrar: User) -> None:
    answer = send(desk, table(*LINES))
    batch = Batch.objects.get()
    assert answer.headers["Location"] == act_url(batch, "columns")
    answer = name_columns(desk, batch)
    assert answer.headers["Location"] == record_url(batch)
    assert "Reading and checking" in words(desk.get(record_url(batch)))
    stage(batch.pk)
    page = words(desk.get(record_url(batch)))
    assert "Fine 3 of 4 rows" in page
    assert "Refused 1" in page
    accepted(desk, batch)
    assert "Written into the register: 3 people" in words(desk.get(record_url(batch)))
    assert set(Person.objects.values_list("given_name", flat=True)) == {"Olena", "Ivan", ""}


def test_the_columns_page_offers_the_guess_with_samples(desk: Client) -> None:
    send(desk, table(*LINES))
    page = desk.get(act_url(Batch.objects.get(), "columns"))
    form = page.context["form"]
    chosen = [form.fields[name].initial for name in form.names]
    assert chosen == ["family_name", "given_name", "sex", "birth_date", "origin"]
    assert "Kovalchuk” “Melnyk" in words(page) or "Kovalchuk Melnyk" in words(page)
    assert "<b>Anna" not in page.content.decode()


def test_two_columns_with_one_meaning_are_refused_at_the_column(desk: Client) -> None:
    send(desk, table(*LINES))
    page = name_columns(desk, Batch.objects.get(), column_1="family_name")
    assert list(page.context["form"].errors) == ["column_1"]
    assert Batch.objects.get().state == BatchState.NEEDS_MAPPING


def test_a_saved_meaning_is_offered_next_time(desk: Client) -> None:
    send(desk, table(*LINES))
    name_columns(desk, Batch.objects.get(), save_as="District list")
    mapping = Mapping.objects.get()
    send(desk, table(*LINES, "Hrytsenko,Petro,m,1999-01-05,"), mapping=mapping.pk)
    newest = Batch.objects.latest("id")
    assert (newest.state, newest.columns) == (BatchState.STAGING, mapping.columns)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "list.csv", "This file is empty"),
        (b"PK\x03\x04nonsense", "list.xlsx", ""),
        (b"%PDF-1.7 no table", "list.pdf", ""),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(
    desk: Client, content: bytes, name: str, sentence: str
) -> None:
    page = send(desk, content, name)
    assert page.status_code == 200
    assert "file" in page.context["form"].errors
    assert sentence in words(page)
    assert not Batch.objects.exists()


def test_the_same_file_is_recognised(desk: Client) -> None:
    send(desk, table(*LINES))
    page = send(desk, table(*LINES), "again.csv")
    assert "same file was received" in words(page)
    assert Batch.objects.count() == 1


def test_rows_are_shown_with_column_value_and_sentence_and_nothing_runs(desk: Client) -> None:
    batch = checked(desk)
    page = desk.get(reverse("admin:intake_batch_rows", args=[batch.pk]))
    assert "Row 5" in words(page)
    assert "date of birth : ••.••.••••" in words(page)
    assert "&lt;b&gt;Anna&lt;/b&gt;" in page.content.decode()
    assert "<b>Anna" not in page.content.decode()


def test_ticked_rows_stay_ticked_over_pages_and_are_left_out(desk: Client) -> None:
    many = [LINES[0], *(f"Kovalchuk,Given{n},f,1980-03-14,Sudzhansky District" for n in range(30))]
    batch = checked(desk, table(*many))
    rows = reverse("admin:intake_batch_rows", args=[batch.pk])
    page = desk.get(rows, {"show": "all"})
    assert page.context["next_after"] == 26
    page = desk.get(rows, {"show": "all", "after": "26", "row": ["2", "3", "5"]})
    assert page.context["kept_out"] == "2-3, 5"
    page = desk.get(act_url(batch, "accept"), {"row": ["30"], "leaving_out": "2-3, 5"})
    assert page.context["form"]["leaving_out"].value() == "2-3, 5, 30"
    accepted(desk, batch, which="warnings", leaving_out="2-3, 5, 30")
    assert Person.objects.count() == 26


def test_row_numbers_that_cannot_be_read_are_refused(desk: Client) -> None:
    batch = checked(desk)
    page = desk.post(act_url(batch, "accept"), {"which": "fine", "leaving_out": "the first"})
    assert "Write row numbers with commas" in words(page)
    assert Batch.objects.get().state == BatchState.READY


def test_refused_rows_come_back_as_a_file_that_excel_opens_and_runs_nothing(desk: Client) -> None:
    batch = checked(desk)
    answer = desk.get(reverse("admin:intake_batch_refused", args=[batch.pk]))
    content = answer.getvalue().decode()
    assert content.startswith("\ufeff")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list-refused.csv"'
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert rows[0] == [*LINES[0].split(","), "Row", "What is wrong"]
    assert (rows[1][0], rows[1][5]) == ("'=cmd|'/c calc'!A1", "5")
    assert not re.search(r"(^|[,\n])\"?[=+@-]cmd", content)
    reading = Reading.objects.get(page="refused rows")
    assert (reading.object_id, reading.shown) == (str(batch.pk), batch.counts["refused"])
    assert AuditEvent.objects.filter(action="take_refused", block=reading.block).exists()


def test_refused_rows_go_back_to_who_sent_them_and_to_nobody_else(desk: Client, own: Organisation) -> None:
    batch = checked(desk)
    url = reverse("admin:intake_batch_refused", args=[batch.pk])
    assert url in desk.get(record_url(batch)).content.decode()
    colleague = desk_of(user_in_role(Role.REGISTRAR, organisation=own))
    assert url not in colleague.get(record_url(batch)).content.decode()
    assert "Only who sent this list" in words(colleague.get(url, follow=True))
    assert colleague.get(f"/api/v1/batches/{batch.pk}/refused/").status_code == 403
    assert not Reading.objects.filter(page="refused rows").exists()


def test_people_who_may_be_registered_stand_beside_the_row_if_they_are_one_s_own(
    desk: Client, own: Organisation
) -> None:
    known = {
        "family_name": "Ковальчук",
        "given_name": "Олена",
        "birth_date": date(1980, 3, 14),
        "sex": "female",
    }
    mine = PersonFactory.create(household__organisation=own, **known)
    theirs = PersonFactory.create(
        family_name="Мельник", given_name="Ганна", birth_date=date(1991, 4, 7), sex="female"
    )
    batch = checked(desk, table(*LINES, "Melnik,Hanna,f,1991-04-07,Sudzhansky District"))
    page = desk.get(reverse("admin:intake_batch_rows", args=[batch.pk]), {"show": "all"})
    assert record_url(mine) in page.content.decode()
    assert "A likely match is registered by another organisation." in words(page)
    assert str(theirs.pk) not in page.content.decode()
    assert "Ганна" not in words(page)


def test_another_organisation_s_list_is_as_absent_as_none(desk: Client) -> None:
    other = ReadyBatchFactory.create()
    absent = "01917e2b-0000-7000-8000-000000000000"
    for page in ("rows", "progress", "refused"):
        answers = [desk.get(reverse(f"admin:intake_batch_{page}", args=[pk])) for pk in (other.pk, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    for path in (record_url(other), act_url(other, "accept")):
        assert desk.get(path).status_code == 404
    assert other.name not in words(desk.get(list_url(Batch)))


def test_an_administrator_of_the_organisation_sees_no_list_of_people(desk: Client, own: Organisation) -> None:
    batch = checked(desk)
    admin = desk_of(user_in_role(Role.ORGANISATION_ADMIN, organisation=own))
    assert admin.get(record_url(batch)).status_code == 404
    for page in ("rows", "refused", "progress"):
        assert admin.get(reverse(f"admin:intake_batch_{page}", args=[batch.pk])).status_code == 404


def test_the_list_is_undone_with_a_reason(desk: Client) -> None:
    batch = checked(desk)
    accepted(desk, batch)
    desk.post(act_url(batch, "undo"), {"reason": "Last week's list."})
    page = words(desk.get(record_url(batch)))
    assert "What this list wrote was taken back: Last week's list." in page
    assert not Person.objects.filter(voided_at=None).exists()


def test_what_was_edited_since_is_listed_and_nothing_is_undone(desk: Client) -> None:
    batch = checked(desk)
    accepted(desk, batch)
    person = Person.objects.get(given_name="Olena")
    desk.post(
        act_url(person, "change"),
        {
            "version": person.version,
            "given_name": "Olena",
            "family_name": "Kovalchuk-Melnyk",
            "sex": "female",
            "relationship": "head",
            "birth_precision": "day",
            "birth_date": "1980-03-14",
        },
    )
    page = desk.post(act_url(batch, "undo"), {"reason": "Last week's list."})
    assert page.status_code == 200
    assert person.number in words(page)
    assert Person.objects.filter(voided_at=None).count() == 3


def test_a_failed_and_a_fully_refused_list_say_what_to_do(desk: Client, own: Organisation) -> None:
    failed = FailedBatchFactory.create(organisation=own)
    assert "This list could not be taken in." in words(desk.get(record_url(failed)))
    batch = checked(desk, table(LINES[0], "Bondar,Petro,m,1950-11-17,Atlantis"))
    page = desk.get(record_url(batch))
    assert "Every row is refused. Nothing would be written." in words(page)
    assert "accept" not in [act.name for act, _url in page.context["acts"]]


def test_progress_is_told_to_the_script_and_without_it(desk: Client, own: Organisation) -> None:
    batch = StagingBatchFactory.create(organisation=own)
    told = desk.get(reverse("admin:intake_batch_progress", args=[batch.pk]))
    assert told.json() == {"state": "staging", "words": "5,000 rows so far", "done": 5000, "total": None}
    assert "no-store" in told.headers["Cache-Control"]
    page = words(desk.get(record_url(batch)))
    assert "5,000 rows so far" in page
    assert "the list stays here. Look again" in page


def test_a_workbook_with_a_title_and_russian_headings_is_understood(desk: Client) -> None:
    send(desk, clerks_workbook(), "список.xlsx")
    form = desk.get(act_url(Batch.objects.get(), "columns")).context["form"]
    meant = {form.fields[name].initial for name in form.names} - {""}
    assert {
        "household",
        "family_name",
        "given_name",
        "sex",
        "birth_date",
        "origin",
        "left_on",
        "arrived_on",
    } <= meant
