"""The Red Cross says 1 dead, the government says 2: nowhere in what leaves or shows stands a 3.

A 3 stands in many a date. So the same is made once more with 200 in place of 2: then 201 may stand nowhere, and a 3 must
stand as often as before.
"""

import csv
import json
import re
from collections import Counter
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from openpyxl import load_workbook

from accounts.models import User
from accounts.policy import Role
from displacement.models import Claim
from reports.actions.editions import make_edition, publish
from reports.models import Edition
from reports.rendering.encode import from_json
from reports.rendering.mail import mail_parts
from reports.rendering.registry import FORMATS
from tests.desk.pages import desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import KilledClaimFactory, SourceFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.reports import reviewed
from tests.reports.languages.reading import read_page, read_pdf

DAY = date(2024, 8, 8)
#: Whole numbers as a reader or a program sees them; parts of ids, times and words are none.
_NUMBER = re.compile(r"(?<![\w.,:-])\d+(?![\w:-]|[.,]\d)")
#: What names the figure of a claim in the address of its page.
KILLED = {"indicator": "killed", "region": "RU-KRS", "basis": "claimed", "kind": "cumulative", "scope": ""}

Said = dict[str, str]

pytestmark = pytest.mark.django_db


def _workbook(content: bytes) -> str:
    cells = (cell for sheet in load_workbook(BytesIO(content)) for row in sheet.values for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def _table(content: bytes) -> str:
    lines = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    return "\n".join(cell for line in lines for cell in line)


def _files(edition: Edition) -> Said:
    """Every format of the edition, kept or not, and the mail, as text with their numbers."""
    report = from_json(edition.content)
    read = {
        "html": lambda made: read_page(made.decode())[1],
        "pdf": lambda made: read_pdf(made)[1],
        "xlsx": _workbook,
        "csv": _table,
        "hxl": _table,
    }
    found = {name: read.get(name, bytes.decode)(entry.render(report)) for name, entry in FORMATS.items()}
    mail = mail_parts(report)
    return {**found, "subject": mail.subject, "mail": read_page(mail.html)[1], "mail text": mail.text}


def _screens(edition: Edition, by: User) -> Said:
    """The desk's pages with figures and the API."""
    desk, page = desk_of(by), f"/reports/edition/{edition.pk}"
    asked = {"region": "RU-KRS", "as_of": "2024-08-08T23:00:00+03:00"}
    paths = {
        "today": "/",
        "edition": record_url(edition),
        "compared": f"{page}/figures/",
        "figure": f"{page}/figure/?{urlencode({**KILLED, 'source': 'Government'})}",
        "line": f"{page}/reconciliation/",
        "claims": "/displacement/claim/",
    }
    shown = {name: desk.get(path) for name, path in paths.items()}
    assert {name: answer.status_code for name, answer in shown.items()} == dict.fromkeys(shown, 200)
    api: Any = desk.get("/api/v1/figures/", asked)
    claims: Any = desk.get("/api/v1/claims/")
    return {
        **{name: words(answer) for name, answer in shown.items()},
        "api figures": json.dumps(api.json()),
        "api claims": json.dumps(claims.json()),
    }


def _said(government: int) -> Said:
    """Everything that is said where the Red Cross says 1 and the government another number; nothing of it stays."""
    with transaction.atomic():
        publisher = user_in_role(Role.PUBLISHER)
        kursk_tree()
        operation = RunningOperationFactory.create()
        for source, value in (("Red Cross", 1), ("Government", government)):
            speaker = SourceFactory.create(name=source)
            KilledClaimFactory.create(source=speaker, value=value, qualifier="exact")
        draft = make_edition(operation=operation, region=region("RU-KRS"), local_day=DAY, by=publisher)
        edition = publish(edition=reviewed(draft), by=publisher)
        assert Claim.objects.count() == 2
        found = {**_files(edition), **_screens(edition, publisher)}
        transaction.set_rollback(True)
    return found


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def _summed(few: Said, many: Said) -> list[str]:
    """Where the two claims stand added up: a 201 with the larger number, or a 3 that only the smaller one gives."""
    return [
        name
        for name in few
        if _numbers(many[name])["201"] or _numbers(few[name])["3"] != _numbers(many[name])["3"]
    ]


def test_no_format_and_no_screen_adds_two_sources() -> None:
    few, many = _said(2), _said(200)
    assert set(few) >= {*FORMATS, "mail", "mail text", "figure", "line", "api figures"}
    assert _summed(few, many) == []
    for name in (*FORMATS, "mail", "mail text", "api figures", "claims"):
        assert _numbers(many[name])["200"], f"{name} shows what the government says"
        assert "Red Cross" in few[name], name


@pytest.mark.parametrize("text", ["{} killed", "killed: {}", '{{"value": {}}}', "Civilians killed {}."])
def test_a_sum_would_be_seen(text: str) -> None:
    """The control: the same comparison sees a sum that is slipped in, and no 3 of a date."""
    few, many = {"html": "1, 2; 2024-08-03 "}, {"html": "1, 200; 2024-08-03 "}
    assert _summed(few, many) == []
    assert _summed({"html": few["html"] + text.format(3)}, {"html": many["html"] + text.format(201)}) == [
        "html"
    ]
    assert _summed({"html": few["html"] + text.format(3)}, many) == ["html"]
