"""Lists of partners that are compared and not taken in: which column tells what, and rows folded for comparison."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.refusals import refusal
from displacement.identity.lists.births import is_day_first
from displacement.identity.lists.columns import COLUMNS
from displacement.identity.lists.rows import ListRow, row_of
from intake.guessing import guess
from intake.kinds.kind import Field
from intake.sources import Source, SourceRow, open_source
from intake.values import (
    BadValue,
    Reading,
    read_date,
    read_name,
    read_phone,
    read_reference,
    read_sex,
    read_text,
)

#: Rows by which columns are guessed, and the order of day and month.
_SAMPLE = 500
_TODAY, _ZONE = date(2024, 1, 1), ZoneInfo("UTC")
#: Divides the headings that one column has in several lists.
_OR = "|"

FIELDS: tuple[Field, ...] = (
    Field(
        "id",
        gettext_lazy("number of the row"),
        read_reference,
        words=(
            "rec id",
            "record id",
            "case id",
            "reference",
            "ref",
            "uuid",
            "номер",
            "код",
            "ид",
            "идентификатор",
        ),
    ),
    Field(
        "given",
        gettext_lazy("given name"),
        read_name,
        words=("given name", "first name", "forename", "name", "имя", "ім'я"),
        tags=("#name+given", "#name+first"),
    ),
    Field(
        "patronymic",
        gettext_lazy("patronymic"),
        read_name,
        words=("patronymic", "middle name", "отчество", "по батькові"),
        tags=("#name+patronymic", "#name+middle"),
    ),
    Field(
        "family",
        gettext_lazy("family name"),
        read_name,
        words=("family name", "surname", "last name", "фамилия", "прізвище"),
        tags=("#name+family", "#name+last"),
    ),
    Field("sex", gettext_lazy("sex"), read_sex, words=("sex", "gender", "пол", "стать"), tags=("#meta+sex",)),
    Field(
        "born",
        gettext_lazy("birth date"),
        read_date,
        words=(
            "birth date",
            "date of birth",
            "dob",
            "born",
            "дата рождения",
            "дата народження",
            "год рождения",
        ),
        tags=("#date+birth",),
    ),
    Field(
        "phone",
        gettext_lazy("telephone"),
        read_phone,
        words=("phone", "telephone", "mobile", "телефон", "мобильный"),
        tags=("#contact+phone",),
    ),
    Field(
        "place",
        gettext_lazy("home"),
        read_text,
        words=("place", "home region", "place of origin", "откуда", "место жительства", "звідки"),
        tags=("#loc+origin", "#adm2+origin"),
    ),
    Field(
        "street",
        gettext_lazy("street"),
        read_text,
        words=("street", "address", "address 1", "address line 1", "улица", "вулиця", "адрес", "адреса"),
    ),
    Field(
        "area",
        gettext_lazy("part of the town"),
        read_text,
        words=("area", "address 2", "address line 2", "район"),
    ),
    Field(
        "town",
        gettext_lazy("town"),
        read_text,
        words=(
            "town",
            "city",
            "suburb",
            "village",
            "settlement",
            "город",
            "село",
            "місто",
            "населенный пункт",
        ),
    ),
    Field("state", gettext_lazy("state"), read_text, words=("state", "province", "oblast", "область")),
    Field(
        "house",
        gettext_lazy("house"),
        read_text,
        words=("house", "house number", "street number", "building", "дом", "номер дома", "будинок"),
    ),
    Field(
        "postcode",
        gettext_lazy("postcode"),
        read_text,
        words=("postcode", "postal code", "zip", "индекс", "почтовый индекс", "поштовий індекс"),
    ),
)


class PartnerList(NamedTuple):
    """A list as read: its rows, the columns that it has, and the numbers of rows that could not be read."""

    rows: list[ListRow]
    columns: frozenset[str]
    unreadable: list[int]


def headings_in(text: str) -> dict[str, tuple[str, ...]]:
    """Which headings are which column, from `given=First name,born=DOB|Birth date`. Raises ValidationError."""
    named: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        column, sign, headings = part.partition("=")
        if not sign or not headings.strip() or column.strip() not in COLUMNS:
            raise refusal(
                _("Write columns as given=Name,born=Date of birth. The columns are: %(columns)s.")
                % {"columns": ", ".join(COLUMNS)},
                code="columns_unreadable",
                field="columns",
            )
        named[column.strip()] = tuple(heading.strip() for heading in headings.split(_OR))
    return named


def read_list(path: Path, named: Mapping[str, tuple[str, ...]]) -> PartnerList:
    """Read a CSV or XLSX file; columns that are not named are guessed, all of them where none is named.

    Raises ValidationError where the file cannot be read, lacks a column that was named, or tells nothing of people.
    """
    try:
        with path.open("rb") as file, open_source(file, path.name) as source:
            return _read(source, named, path.name)
    except OSError:
        raise refusal(
            _("There is no file %(name)s that can be read. Check its name.") % {"name": path.name},
            code="file_missing",
            field="file",
        ) from None


def _read(source: Source, named: Mapping[str, tuple[str, ...]], name: str) -> PartnerList:
    sample = list(islice(source.rows, _SAMPLE))
    places = _places(source, named, [row.values for row in sample if not row.problem], name)
    born = places.get("born")
    readable = [row for row in sample if not row.problem]
    first = is_day_first(row.values[born] for row in readable) if born is not None else True
    unreadable: list[int] = []
    rows = list(_rows(chain(sample, source.rows), places, Reading(first, _ZONE, _TODAY), unreadable))
    return PartnerList(rows, frozenset(places) - {"id"}, unreadable)


def _places(
    source: Source, named: Mapping[str, tuple[str, ...]], sample: Sequence[Sequence[str]], name: str
) -> dict[str, int]:
    """Where each column stands in the rows."""
    at = {column.name.strip(): place for place, column in enumerate(source.columns)}
    places: dict[str, int] = {}
    for column, headings in named.items():
        found = next((at[heading] for heading in headings if heading in at), None)
        if found is None:
            raise refusal(
                _("%(file)s has no column %(heading)s. Its columns are: %(columns)s.")
                % {"file": name, "heading": _OR.join(headings), "columns": ", ".join(at)},
                code="column_missing",
                field="columns",
            )
        places[column] = found
    if not named:
        guessed = guess(source.columns, FIELDS, sample)
        places = {field: at[heading.strip()] for heading, field in guessed.items()}
    if not set(places) - {"id"}:
        raise refusal(
            _("No column of %(file)s tells of people. Name them: --columns given=...,family=...,born=...")
            % {"file": name},
            code="columns_unknown",
            field="columns",
        )
    return places


def _rows(
    rows: Iterable[SourceRow], places: Mapping[str, int], reading: Reading, unreadable: list[int]
) -> Iterable[ListRow]:
    for row in rows:
        if row.problem:
            unreadable.append(row.number)
            continue
        cells = {column: row.values[place].strip() for column, place in places.items()}
        if "born" in cells:
            cells["born"] = _plain_date(cells["born"], reading)
        if "sex" in cells:
            cells["sex"] = _plain_sex(cells["sex"], reading)
        yield row_of(cells.get("id") or str(row.number), cells, is_day_first=reading.day_first is not False)


def _plain_date(text: str, reading: Reading) -> str:
    """As a date where it is one; else as it stands, for two lists may have the same slip in it."""
    try:
        return read_date(text, reading)
    except BadValue:
        return text


def _plain_sex(text: str, reading: Reading) -> str:
    try:
        return read_sex(text, reading)
    except BadValue:
        return ""
