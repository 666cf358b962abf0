"""A clerk's spreadsheet: sent in, accepted by real workers, counted by the report, its refused rows mended, and taken back."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.policy import Role
from displacement.models import Movement, Person
from intake.models import Batch, Finding
from intake.models.batch import WORKING, BatchState
from reports.figures.count import figures_for
from tests.desk.pages import act_url, add_url, desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.journeys.week import on
from tests.lists import FINE, REFUSED, clerks_workbook
from tests.workers import wait_until, working

pytestmark = pytest.mark.django_db(transaction=True)
#: What the clerk writes instead of each mistake, by the heading of its column.
MENDED = {
    "31.02.1990": "28.02.1990",
    "Нетудаевский район": "Суджанский район",
    "01.03.2090": "01.03.1990",
    "01.08.2024": "11.08.2024",
}


@pytest.fixture
def clerk() -> Client:
    """A registrar's browser, in an operation whose report is due in the morning."""
    kursk_tree()
    RunningOperationFactory.create()
    return desk_of(user_in_role(Role.REGISTRAR))


def _displaced() -> int:
    """What the report of 12 August would say now."""
    figures = figures_for(region("RU-KRS"), as_of=on(13, 0), known_at=timezone.now())
    [counted] = [f.value for f in figures if f.indicator == "displaced" and f.basis == "registered"]
    return int(counted or 0)


def _send(clerk: Client, content: bytes, name: str) -> Batch:
    """Upload, agree with the guess, and wait for the worker."""
    form = {
        "kind": "people",
        "registered_in": region("RU-KRS-KURSK").pk,
        "file": SimpleUploadedFile(name, content),
    }
    answer = clerk.post(add_url(Batch), form)
    assert answer.status_code == 302, words(answer)
    batch = Batch.objects.latest("id")
    page = clerk.get(act_url(batch, "columns")).context["form"]
    offered = {name: page.fields[name].initial or "" for name in page.names}
    clerk.post(act_url(batch, "columns"), {**offered, "day_first": "", "save_as": ""})
    return _when_done(batch)


def _accept(clerk: Client, batch: Batch) -> Batch:
    clerk.post(act_url(batch, "accept"), {"which": "fine", "leaving_out": ""})
    return _when_done(batch)


def _when_done(batch: Batch) -> Batch:
    wait_until(lambda: not Batch.objects.filter(pk=batch.pk, state__in=WORKING).exists(), seconds=120)
    batch.refresh_from_db()
    return batch


def _refused(clerk: Client, batch: Batch) -> list[list[str]]:
    answer: Any = clerk.get(reverse("admin:intake_batch_refused", args=[batch.pk]))
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def _mended(rows: list[list[str]]) -> bytes:
    """The rows as the clerk sends them again: the mistakes mended, one row given up, the added columns left as they are."""
    out = io.StringIO()
    kept = [rows[0], *(row for row in rows[1:] if any(cell in MENDED for cell in row))]
    csv.writer(out).writerows([[MENDED.get(cell, cell) for cell in row] for row in kept])
    return out.getvalue().encode("utf-8-sig")


def test_from_the_spreadsheet_to_the_report_and_back(clerk: Client) -> None:
    with working():
        batch = _send(clerk, clerks_workbook(), "Список 12.08.xlsx")
        assert batch.state == BatchState.READY
        page = words(clerk.get(record_url(batch)))
        assert f"Refused {len(REFUSED)}" in page
        assert Finding.objects.filter(batch=batch, severity=2).values("row").distinct().count() == len(
            REFUSED
        )
        assert _displaced() == 0
        _accept(clerk, batch)
        assert Person.objects.count() == _displaced() == len(FINE)
        again = _send(clerk, _mended(_refused(clerk, batch)), "mended.csv")
        assert again.counts["refused"] == 0, list(again.findings.values_list("row", "column", "code"))
        _accept(clerk, again)
    assert _displaced() == len(FINE) + len(MENDED)
    assert Person.objects.get(given_name="Ольга").family_name == "=HYPERLINK(1)"
    clerk.post(act_url(batch, "undo"), {"reason": "It was last week's list."})
    assert _displaced() == len(MENDED)
    assert Movement.objects.filter(voided_at=None).count() == 2 * len(MENDED)
