"""One row about a person, completed while the file is read: names apart, what is known of the birth, what cannot be."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from core.names import search_key
from displacement.actions.birth import OLDEST_AGE, birth_from_age, latest_day
from displacement.identity.documents import document_key
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of
from displacement.models.document import DocumentKind
from displacement.models.person import BirthPrecision
from intake.kinds.kind import Row
from intake.kinds.people_fields import BANDS
from intake.models import Batch
from intake.models.staging import Severity
from intake.slots import mark_of

#: How much of a birth date is known, by the length of its text, and what completes it to a day.
_PRECISION = {
    10: (BirthPrecision.DAY.value, ""),
    7: (BirthPrecision.MONTH.value, "-01"),
    4: (BirthPrecision.YEAR.value, "-01-01"),
}
#: Years between a birth date and an age told beside it that a birthday or a rounding explains.
_YEARS_APART = 1
_PATRONYMIC_ENDS = (
    "ович",
    "евич",
    "івич",
    "йович",
    "овна",
    "евна",
    "івна",
    "ївна",
    "ична",
    "ovich",
    "evich",
    "ovna",
    "evna",
)


class PersonReader:
    """Completes the rows of one batch. It asks the database nothing and keeps nothing of a row."""

    def __init__(self, slots: Mapping[str, int], batch: Batch) -> None:
        self._latest = latest_day(batch.received_at)
        self._latest_text = self._latest.isoformat()
        self._received_at = batch.received_at
        self._surely_past = (batch.received_at - timedelta(days=2)).isoformat()
        self._oldest = f"{self._latest.year - OLDEST_AGE - 1:04}{self._latest_text[4:]}"
        self._s = slots
        self._bands = [slots[field.name] for _sex, _band, field in BANDS]
        self._tail = self._bands[0]
        self._moments = [slots[name] for name in ("registered_on", "left_on", "arrived_on")]
        self._names = tuple(slots[name] for name in ("family_name", "given_name", "patronymic", "full_name"))

    def read(self, row: Row) -> None:
        """Complete one row: some five microseconds."""
        value = row.value
        family, given, _patronymic, full = self._names
        if value[full]:
            self._take_apart(value)
        if value[family] or value[given]:
            self._read_person(row)
        else:
            self._read_counted(row)
        for slot in self._moments:
            if value[slot]:
                self._check_moments(row)
                break

    def _take_apart(self, value: list[str]) -> None:
        """A full name, family name first as lists here are read, unless a patronymic in the middle says otherwise."""
        family, given, patronymic, full = self._names
        words = value[full].split()
        if value[family] or value[given]:
            return
        if len(words) == 3 and words[1].lower().endswith(_PATRONYMIC_ENDS):
            value[given], value[patronymic], value[family] = words
        else:
            value[family] = words[0]
            value[given] = words[1] if len(words) > 1 else ""
            value[patronymic] = " ".join(words[2:])

    def _read_person(self, row: Row) -> None:
        value, s = row.value, self._s
        for slot in self._bands:
            if value[slot]:
                row.refuse("people", "named_and_counted")
                break
        if not value[s["document_number"]]:
            del value[self._tail :]
        family, given, _patronymic, _full = self._names
        family_key, given_key = search_key(value[family]), search_key(value[given])
        row.keys = (family_key, given_key)
        if value[s["birth_date"]] or value[s["age"]]:
            self._read_birth(row)
        born = value[s["born"]]
        if born and value[s["precision"]] == "day":
            mark = f"{family_key}|{given_key}|{born}|{value[s['sex']]}"
            row.fingerprint = int.from_bytes(
                blake2b(mark.encode(), digest_size=8).digest(), "big", signed=True
            )

    def _read_birth(self, row: Row) -> None:
        value, s = row.value, self._s
        told, age = value[s["birth_date"]], value[s["age"]]
        if told:
            precision, rest = _PRECISION[len(told)]
            born = told + rest
            if born > self._latest_text:
                row.refuse("birth_date", "birth_in_future")
            elif born < self._oldest:
                row.refuse("birth_date", "too_old")
            elif age and abs(self._latest.year - int(born[:4]) - int(age)) > _YEARS_APART:
                row.warn("age", "birth_and_age")
        else:
            precision = BirthPrecision.ESTIMATED.value
            born = birth_from_age(int(age), self._latest).isoformat()
        value[s["born"]], value[s["precision"]] = born, precision

    def _read_counted(self, row: Row) -> None:
        """A household of which only numbers are known; zero of a band is told, and makes no group."""
        value, s = row.value, self._s
        told = [int(value[slot]) for slot in self._bands if value[slot]]
        in_row = value[s["people"]]
        counted = sum(told)
        if row.severity == Severity.ERROR:
            return
        if not told and not in_row:
            row.refuse("", "nobody")
        elif told and in_row and int(in_row) != counted:
            row.warn("people", "counts_differ")
        elif not told:
            counted = int(in_row)
        if counted == 0 and (told or in_row):
            row.refuse("people", "nobody")
        elif counted > 99:
            row.refuse("people", "too_many")
        value[s["counted"]] = str(counted)

    def _check_moments(self, row: Row) -> None:
        value, s = row.value, self._s
        for name in ("registered_on", "left_on", "arrived_on"):
            text = value[s[name]]
            # A text of days before needs no reading; most are.
            if text >= self._surely_past and datetime.fromisoformat(text) > self._received_at:
                row.refuse(name, "in_future")
        left, arrived, born = value[s["left_on"]], value[s["arrived_on"]], value[s["born"]]
        if left and arrived and _is_before(arrived, left):
            row.refuse("arrived_on", "arrived_before_left")
        if born and value[s["precision"]] in ("day", "month"):
            day = born if value[s["precision"]] == "day" else born[:7]
            for name in ("registered_on", "left_on", "arrived_on"):
                if value[s[name]] and value[s[name]][: len(day)] < day:
                    row.refuse(name, "before_birth")


def _is_before(one: str, other: str) -> bool:
    """Whether a moment is before another; texts of one offset sort as moments do."""
    if one[19:] == other[19:]:
        return one < other
    return datetime.fromisoformat(one) < datetime.fromisoformat(other)


def give_keys(rows: Sequence[Row], slots: Mapping[str, int]) -> None:
    """Give the people of one household the keys that the register keeps of them (displacement.identity.keys)."""
    given, patronymic, family = slots["given_name"], slots["patronymic"], slots["family_name"]
    sex, born, precision = slots["sex"], slots["born"], slots["precision"]
    phone = mark_of(rows[0].value[slots["phone"]])
    for row in rows:
        if not row.keys:
            continue
        value = row.value
        day = _date(value[born]) if value[born] else None
        known = Identity(
            *(value[given], value[patronymic], value[family], value[sex], day, value[precision]),
            phone_index=phone,
            documents=documents_of(value, slots),
        )
        row.keys = (*row.keys, "{" + ",".join(map(str, keys_of(known))) + "}")


def documents_of(value: Sequence[str], slots: Mapping[str, int]) -> tuple[int, ...]:
    """What stands for the document that a row tells of, among all documents; nothing where it tells of none."""
    number = slots["document_number"]
    index = mark_of(value[number]) if number < len(value) else None
    return () if index is None else (document_key(*kind_in(value, slots), index),)


def kind_in(value: Sequence[str], slots: Mapping[str, int]) -> tuple[str, str]:
    """Kind and country of the document in a row; another kind where it does not say."""
    return value[slots["document_kind"]] or DocumentKind.OTHER.value, value[slots["document_country"]]


_date = lru_cache(maxsize=32_768)(date.fromisoformat)
