"""Forms of one given name share a group; given names of brothers and sisters do not."""

import pytest

from core.names import folded
from displacement.identity.aliases import beginnings_of, groups_of, initials_of, read

#: Full names that people do bear for each other: Алёна is also called Елена, and Георгий is Егор at home.
KNOWN_PAIRS = {("Алёна", "Елена"), ("Георгий", "Егор")}


def _groups(name: str) -> frozenset[int]:
    return groups_of(folded(name))


@pytest.mark.parametrize(
    "forms",
    [
        "Микола Николай Коля Мікалай Mykola Nikolai Nicholas Kolya",
        "Олександр Александр Саша Шура Аляксандр Oleksandr Alexander Sasha",
        "Олена Елена Лена Olena Yelena Elena Helen",
        "Ганна Анна Аня Hanna Anna Anya",
        "Дмитро Дмитрий Дима Дзмітрый Dmytro Dmitriy Dima",
        "Катерина Екатерина Катя Кацярына Kateryna Yekaterina Catherine",
        "Сергій Сергей Серёжа Сяргей Serhii Sergey Serguei Siarhei",
        "Михайло Михаил Миша Mykhailo Mikhail Michail Misha",
    ],
)
def test_forms_of_one_name_have_a_group_in_common(forms: str) -> None:
    first, *others = [_groups(form) for form in forms.split()]
    assert all(first & other for other in others), forms


def test_a_short_form_may_serve_several_names() -> None:
    assert _groups("Саша") == _groups("Александр") | _groups("Александра")
    assert not _groups("Александр") & _groups("Александра")
    assert _groups("Валя") >= _groups("Валентин") | _groups("Валентина")


@pytest.mark.parametrize(
    "pair", ["Мария/Марина", "Анна/Алла", "Иван/Ян", "Вера/Вероника", "Денис/Даниил", "Олег/Ольга"]
)
def test_names_of_twins_have_none(pair: str) -> None:
    one, other = pair.split("/")
    assert _groups(one)
    assert _groups(other)
    assert not _groups(one) & _groups(other)


def test_a_full_name_stands_with_one_group() -> None:
    """Two brothers or sisters whose names share a group could be taken for one person."""
    full = [(row["group"], name) for row in read() for name in row["russian"].split()]
    shared = {(a, b) for n, a in full for m, b in full if int(n) < int(m) and _groups(a) & _groups(b)}
    assert {tuple(sorted(pair)) for pair in shared} == {tuple(sorted(pair)) for pair in KNOWN_PAIRS}


def test_a_slip_of_the_pen_is_still_the_name() -> None:
    assert _groups("Аностасия") == _groups("Анастасия")
    assert _groups("Влаидмир") == _groups("Владимир")
    assert _groups("Светлна") == _groups("Светлана")


@pytest.mark.parametrize("name", ["", "А", "А.", "Ы", "Zzyzx", "Мармарина"])
def test_what_is_no_known_name_has_no_group(name: str) -> None:
    assert _groups(name) == frozenset()


def test_two_given_names_have_the_groups_of_both() -> None:
    assert _groups("Анна-Мария") == _groups("Анна") | _groups("Мария")


def test_the_list_is_whole() -> None:
    rows = list(read())
    assert len({row["group"] for row in rows}) == len(rows) > 280
    assert {row["sex"] for row in rows} == {"male", "female"}
    assert sum(len(" ".join(list(row.values())[2:]).split()) for row in rows) > 1_400


@pytest.mark.parametrize(
    ("name", "initials"), [("Микола", "mn"), ("Катя", "ek"), ("Александр", "ao"), ("Егор", "ei"), ("", "")]
)
def test_initials_are_those_of_names_as_documents_write_them(name: str, initials: str) -> None:
    """Саша and Шура have none of their own."""
    assert initials_of(folded(name)) == initials


def test_a_name_that_is_written_out_is_no_initial_of_what_it_is_short_for() -> None:
    assert "g" not in initials_of(folded("Егор"))
    assert "g" in initials_of(folded("Жора"))


def test_forms_begin_with_letters_of_short_ones_too() -> None:
    assert {"a", "s", "o"} <= set(beginnings_of(folded("Александр")))
    assert beginnings_of("") == ""
