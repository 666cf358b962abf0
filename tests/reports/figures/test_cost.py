"""What a question costs, and that nobody else counts."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.figures.count import count, figures_of
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.histories import messy

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.django_db
@pytest.mark.parametrize("households", [2, 30])
def test_nine_queries_however_many_people(households: int) -> None:
    messy(1, households)
    operation = RunningOperationFactory.create()
    place = region("RU-KRS")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        counted = count(place, as_of=KURSK_MORNING, known_at=KURSK_MORNING, operation=operation)
    assert len(queries) == 9, [q["sql"][:60] for q in queries]
    with CaptureQueriesContext(connection) as queries:
        figures_of(counted)
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        count(place, as_of=KURSK_MORNING, known_at=KURSK_MORNING)
    assert len(queries) == 10


#: Adding up rows by the database.
_COUNTING = re.compile(r"\b(Sum|Count)\(|\b(count|COUNT)\(\*\)|\.aggregate\(")
#: Nor are figures what a list holds before it is in the register, how common a name or a key is, and how much the trail holds.
_NO_FIGURES = ("intake/", "displacement/identity/", "audit/")
_ALLOWED = ("reports/figures/", *_NO_FIGURES, "tests/", "benchmarks/", ".venv/", "var/")
#: What belongs to one row of a list is no figure: the size of a household, who sleeps in one shelter now, who got an edition,
#: what waits for one webhook, what one key still holds, how much one person has read, who else is in the household of one, whom
#: one file leaves out.
_OF_ONE_ROW = {
    "config/renewing.py",
    "displacement/actions/erasing.py",
    "displacement/admin/household.py",
    "exchange/admin/endpoint.py",
    "reports/admin/erratum.py",
    "roster/alarms/rules.py",
    "roster/exporting/writing.py",
    "shelters/models/shelter.py",
}


def test_nobody_else_counts() -> None:
    sources = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/**/*.py")]
    counting = {
        path
        for path in sources
        if not path.startswith(_ALLOWED) and _COUNTING.search((ROOT / path).read_text())
    }
    assert counting <= _OF_ONE_ROW
