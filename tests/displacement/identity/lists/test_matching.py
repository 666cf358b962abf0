"""Two lists, or one with itself: learned from the lists alone, relatives kept apart, all columns optional."""

import random
from collections.abc import Iterable, Sequence

import pytest

from benchmarks import febrl
from displacement.identity.lists import candidates
from displacement.identity.lists.matching import Found, match
from displacement.identity.lists.rows import ListRow, row_of
from displacement.identity.training.register import Record, records


def _rows(cells: Iterable[dict[str, str]]) -> list[ListRow]:
    return [row_of(f"{n}", each, is_day_first=True) for n, each in enumerate(cells)]


def _row(record: Record, name: str) -> ListRow:
    identity = record.identity
    cells = {
        "given": identity.given_name,
        "patronymic": identity.patronymic,
        "family": identity.family_name,
        "sex": identity.sex,
        "born": identity.birth_date.isoformat() if identity.birth_date else "",
        "phone": identity.phone,
        "place": identity.place,
    }
    return row_of(name, cells, is_day_first=True)


def _lists(people: int) -> tuple[list[ListRow], list[ListRow]]:
    """First registrations here, second ones and strangers there; ids say who is who."""
    chance = random.Random(2)
    left: list[ListRow] = []
    right: list[ListRow] = []
    for record in records(people, seed=3):
        side = right if record.is_again or chance.random() < 0.4 else left
        side.append(_row(record, f"{record.human}-{len(side)}"))
    return left, right


def _human(name: str) -> str:
    return name.split("-")[0]


def _f1(found: Found, left: Sequence[ListRow], right: Sequence[ListRow]) -> float:
    there = {_human(row.id) for row in right}
    truth = sum(_human(row.id) in there for row in left)
    correct = sum(_human(one) == _human(other) for one, other, _ in found.pairs)
    return 2 * correct / (len(found.pairs) + truth)


COLUMNS = frozenset({"given", "patronymic", "family", "sex", "born", "phone", "place"})


def test_lists_of_families_in_two_scripts_are_matched_and_twins_are_not() -> None:
    left, right = _lists(1_200)
    found = match(left, right, columns=COLUMNS, threshold=0.5)
    assert found.relatives_apart
    assert _f1(found, left, right) > 0.85


def test_names_alone_find_people_and_nothing_but_a_phone_is_enough_to_compare() -> None:
    left, right = _lists(800)
    assert (
        _f1(match(left, right, columns={"given", "patronymic", "family"}, threshold=0.5), left, right) > 0.5
    )
    assert match(left, right, columns={"phone"}, threshold=0.5).compared > 0


def test_without_rows_there_are_no_pairs() -> None:
    assert match([], [], columns=COLUMNS, threshold=0.5).pairs == []
    assert match(_rows([{"given": "Олена"}]), [], columns=COLUMNS, threshold=0.5).pairs == []
    assert match(_rows([{"given": "Олена"}]), columns=COLUMNS, threshold=0.5).pairs == []


def test_a_short_list_finds_its_doubles() -> None:
    people = [
        ("Олена", "Ковальчук", "17.05.1984"),
        ("Микола", "Бойко", "03.02.1961"),
        ("Ірина", "Мельник", "09.09.1975"),
    ]
    cells = [{"given": given, "family": family, "born": born} for given, family, born in people]
    again = {"given": "Olena", "family": "Kovalchuk", "born": "1984-05-17"}
    found = match(_rows([*cells, again]), columns={"given", "family", "born"}, threshold=0.5)
    assert [(one, other) for one, other, _ in found.pairs] == [("0", "3")]


def test_keys_find_what_comparing_all_with_all_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = _lists(300)
    monkeypatch.setattr(candidates, "ALL_PAIRS", 10**9)
    everything = match(left, right, columns=COLUMNS, threshold=0.5)
    monkeypatch.setattr(candidates, "ALL_PAIRS", 0)
    by_keys = match(left, right, columns=COLUMNS, threshold=0.5)
    assert by_keys.compared < everything.compared / 10
    missed = {pair[:2] for pair in everything.pairs} - {pair[:2] for pair in by_keys.pairs}
    assert len(missed) <= len(everything.pairs) // 50


def test_febrl_lists_with_names_and_birth_dates_only() -> None:
    """The bars of the benchmark, at a threshold that is chosen on neither."""
    assert febrl.febrl_4(febrl.NAMES).f1(0.3) > 0.940
    assert febrl.febrl_3(febrl.NAMES).f1(0.3) > 0.918
