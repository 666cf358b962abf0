"""Lists as partners send them, invented from the scenario: what the benchmarks of intake read."""

import csv
import random
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from displacement.reference import load_specific_needs
from intake.keys import Keys
from intake.rows import NewHousehold, NewPerson
from intake.scenarios.kursk_2024.cast import create_teams
from intake.scenarios.kursk_2024.households import Households
from intake.scenarios.kursk_2024.lodging import Lodging
from intake.scenarios.kursk_2024.sites import Sites
from regions.models import Region
from regions.reference import load_regions

#: Heading of each column of these lists, and the field that it means.
COLUMNS = {
    "Номер семьи": "household",
    "Фамилия": "family_name",
    "Имя": "given_name",
    "Отчество": "patronymic",
    "Пол": "sex",
    "Дата рождения": "birth_date",
    "Родство": "relationship",
    "Телефон": "phone",
    "Язык": "language",
    "Откуда": "origin",
    "Дата выезда": "left_on",
    "Дата прибытия": "arrived_on",
    "Куда": "destination",
    "Размещение": "place",
    "Транспорт": "means",
    "Причина": "cause",
    "Потребности": "needs",
    "Согласие": "consent_service",
    "Согласие партнеры": "consent_partners",
}
_ZONE = ZoneInfo("Europe/Moscow")
Cells = tuple[str, ...]


def invented(people: int, *, seed: int = 1) -> Iterator[NewHousehold]:
    """Households as the scenario invents them; none that are only counted, and no stays."""
    load_regions()
    load_specific_needs()
    rng, keys = random.Random(seed), Keys(random.Random(seed + 1))
    regions = dict(Region.objects.values_list("key", "id"))
    teams = create_teams(keys)
    lodging = Lodging(rng, Sites(rng, keys, regions, teams).create(people))
    return (home for home in Households(rng, regions, teams, lodging).stream(people) if home.people)


def cells(people: int, *, seed: int = 1) -> Iterator[Cells]:
    """So many rows about persons, family by family."""
    # Some six in a hundred are only counted, and stand in no list of names.
    homes = invented(people * 11 // 10, seed=seed)
    names = dict(Region.objects.values_list("id", "key"))
    rows = (
        _cells(f"{seed}-{number}", home, person, names)
        for number, home in enumerate(homes)
        for person in home.people
    )
    return islice(rows, people)


def _cells(number: str, home: NewHousehold, person: NewPerson, names: dict[int, str]) -> Cells:
    steps = [step for step in person.movements if not step.void]
    first, last = steps[0], steps[-1]
    there = last.destination_id
    told = dict(home.consents)
    return (
        number,
        person.family_name,
        person.given_name,
        person.patronymic,
        {"male": "м", "female": "ж"}.get(person.sex, ""),
        _born(person),
        person.relationship,
        home.phone,
        home.language,
        names[home.origin_id] if home.origin_id else "",
        _day(first.occurred_at),
        _day(last.occurred_at) if last is not first else "",
        names[there] if there else "",
        last.place,
        first.means,
        first.cause,
        " ".join(person.needs),
        _answer(told.get("service")),
        _answer(told.get("partners")),
    )


def _born(person: NewPerson) -> str:
    if person.birth_date is None:
        return ""
    shown = {"day": "%d.%m.%Y", "month": "%m.%Y"}.get(person.birth_precision, "%Y")
    return person.birth_date.strftime(shown)


def _day(moment: datetime) -> str:
    return moment.astimezone(_ZONE).strftime("%d.%m.%Y %H:%M")


def _answer(given: bool | None) -> str:
    return "" if given is None else "да" if given else "нет"


def write_csv(path: Path, people: int, *, seed: int = 1) -> None:
    """A CSV file of so many people."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(cells(people, seed=seed))


def write_xlsx(path: Path, source: Path) -> None:
    """The rows of a CSV file as a workbook."""
    with (
        source.open(encoding="utf-8", newline="") as file,
        xlsxwriter.Workbook(path, {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(file)):
            sheet.write_row(number, 0, row)
