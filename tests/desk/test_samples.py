"""Samples of a list show no digit of what may be a day of birth: neither before its columns have a meaning nor after."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.policy import Role
from intake.models import Batch
from intake.staging import stage
from tests.desk.pages import act_url, desk_of
from tests.desk.test_intake import name_columns, send
from tests.factories.accounts import user_in_role
from tests.factories.regions import region

pytestmark = pytest.mark.django_db

#: Days of birth as clerks write them, whole and in parts, each in a column whose heading says nothing.
DAYS = {
    "Xa": "12.03.1985",
    "Xb": "1985-03-12",
    "Xc": "3/5/85",
    "Xd": "1985-03-12 00:00:00",
    "Xe": "31118",
    "Xf": "12",
    "Xg": "born 12 March 1985, sister 5.6.1990",
    "Xh": "１２.０３.１９８５",
}
DIGIT = re.compile(r"\d")


@pytest.fixture
def desk() -> Client:
    """A registrar's."""
    region("RU-KRS-SUDZHANSKY")
    return desk_of(user_in_role(Role.REGISTRAR))


@pytest.fixture
def batch(desk: Client) -> Batch:
    """A list with a column for each way to write a day, with a number of people beside them, and with a row that is refused."""
    headings = ["Family name", "Date of birth", "People", "Region", *DAYS]
    rows = [["Kovalchuk", "31.02.1985", "4", "nowhere", *DAYS.values()]]
    table = "\n".join(";".join(row) for row in [headings, *rows])
    send(desk, table.encode())
    return Batch.objects.get()


def _samples(desk: Client, batch: Batch) -> dict[str, list[str]]:
    form = desk.get(act_url(batch, "columns")).context["form"]
    return {line.column: line.samples for line in form.column_lines()}


def test_the_page_of_columns_shows_no_digit_of_a_day(desk: Client, batch: Batch) -> None:
    """The controls: words stay, and so does a short number whose heading says what it is."""
    samples = _samples(desk, batch)
    assert samples["Family name"] == ["Kovalchuk"]
    assert samples["People"] == ["4"]
    assert {heading: samples[heading] for heading in ("Xa", "Xc", "Xf")} == {
        "Xa": ["••.••.••••"],
        "Xc": ["•/•/••"],
        "Xf": ["••"],
    }
    for heading in (*DAYS, "Date of birth"):
        assert samples[heading]
        assert not DIGIT.search("".join(samples[heading])), heading


def test_nor_does_a_day_in_a_column_that_is_taken_for_something_else(desk: Client) -> None:
    send(desk, b"Family name;Given name;Phone\nKovalchuk;1985-03-12;1985-03-12")
    samples = _samples(desk, Batch.objects.get())
    assert samples["Given name"] == samples["Phone"] == ["••••-••-••"]


def test_cells_without_a_meaning_show_no_digit_on_the_page_of_rows(desk: Client, batch: Batch) -> None:
    assert name_columns(desk, batch, column_1="birth_date").status_code == 302
    stage(batch.pk)
    page = desk.get(reverse("admin:intake_batch_rows", args=[batch.pk]), {"show": "refused"})
    cells = {cell.column: cell.value for row in page.context["rows"] for cell in row.cells}
    assert DAYS.keys() <= cells.keys()
    assert cells["People"] == "4"
    for heading in (*DAYS, "Date of birth"):
        assert not DIGIT.search(cells[heading]), heading
