"""The order of day and month, told by the file itself or not at all."""

import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from intake.dateorder import with_order
from intake.sources import open_source
from intake.values import Reading

READING = Reading(day_first=None, zone=ZoneInfo("UTC"), today=date(2024, 8, 20))


@pytest.mark.parametrize(
    ("cells", "order", "notices"),
    [
        (["01/02/2003", "13/02/2003"], True, ["day_first_found"]),
        (["01/02/2003", "02-13-2003"], False, ["month_first_found"]),
        (["01/02/2003", "03/04/2003"], None, []),
        (["13/02/2003", "02/13/2003"], None, []),
        (["13.02.2003", "2003-02-13"], None, []),
    ],
)
def test_the_file_tells_its_order_or_nothing_is_guessed(
    cells: list[str], order: bool | None, notices: list[str]
) -> None:
    data = "Имя,Дата\n" + "".join(f"{number},{cell}\n" for number, cell in enumerate(cells))
    with open_source(io.BytesIO(data.encode()), "list.csv") as source:
        assert with_order(READING, source).day_first is order
        assert source.notices == notices
        assert [row.values[1] for row in source.rows] == cells


def test_a_declared_order_stands() -> None:
    with open_source(io.BytesIO(b"a,b\n1,13/02/2003\n"), "list.csv") as source:
        assert with_order(READING._replace(day_first=False), source).day_first is False
        assert source.notices == []
