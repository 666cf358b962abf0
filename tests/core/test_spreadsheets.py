"""What a spreadsheet program could take for a formula, wherever it cuts the line."""

import csv
import io

import pytest
from django.db import connection

from core.spreadsheets import neutral, neutral_in_sql

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    'Koval;=HYPERLINK("http://x")',
    "Koval;=1;Ivan",
    "Koval\n=1",
    "a;\t=1",
    ";;=1",
]
FINE = ["Koval", "Nechui-Levytskyi", "O'Neil", "a; b", "7 = 7", "a@b.example", ""]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_as_a_formula_whatever_cuts_the_line(text: str, separator: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["7", neutral(text), "m"])
    lines = out.getvalue().splitlines()
    cells = [cell for line in lines for cell in line.split(separator)]
    assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "@"))]


@pytest.mark.parametrize("text", FINE)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.django_db
def test_postgresql_does_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {neutral_in_sql('t')} FROM unnest(%s::text[]) AS t", [[*HOSTILE, *FINE]])
        assert [row[0] for row in cursor.fetchall()] == [neutral(text) for text in (*HOSTILE, *FINE)]
