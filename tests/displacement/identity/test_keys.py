"""Two records of one human being share a key; the same keys on every machine."""

from datetime import date

import pytest
from pytest_django import Settings

from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_asked_for, keys_compared, keys_of
from displacement.identity.phones import phone_digits, phone_index

OLENA = Identity(
    "Олена", "Іванівна", "Ковальська", "female", date(1980, 3, 14), "day", "+380 44 123-45-67", "1"
)
AGAIN = {
    "in Latin letters": Identity("Olena", "", "Kovalska"),
    "in Russian": Identity("Елена", "Ивановна", "Ковальская"),
    "in its short form": Identity("Лена", "", "Ковальская"),
    "swapped": Identity("Ковальская", "", "Олена"),
    "married since": Identity(
        "Елена", "Ивановна", "Петрова", birth_date=date(1980, 7, 1), birth_precision="day"
    ),
    "one letter wrong": Identity("Олена", "", "Ковальска"),
    "an initial": Identity("О.", "", "Kowalska", birth_date=date(1980, 1, 1), birth_precision="year"),
    "one name": Identity("Олена", birth_date=date(1980, 3, 14)),
    "an age": Identity("О.", "", "Ковальська", birth_date=date(1982, 1, 1), birth_precision="estimated"),
    "half of two names": Identity("Олена", "", "Ковальская-Петренко"),
    "another name, one phone": Identity("Мотря", "", "Цап", phone="044 1234567"),
}
PINNED = [-7096722485159114255, -6643464274129993181, 704746182583474913, 2710752820489452270]


@pytest.mark.parametrize("again", AGAIN)
def test_records_of_one_person_share_a_key(again: str) -> None:
    assert set(keys_of(OLENA)) & set(keys_of(AGAIN[again]))


@pytest.mark.parametrize(
    "other",
    [
        Identity("Олена", "Петрівна", "Шевченко", birth_date=date(1980, 5, 2)),
        Identity("Іван", "Іванович", "Ковальський", birth_date=date(2004, 8, 9)),
        Identity("Олена"),
        Identity(),
    ],
)
def test_other_people_share_none(other: Identity) -> None:
    assert not set(keys_of(OLENA)) & set(keys_of(other))


def test_keys_are_the_same_for_ever() -> None:
    """They stand in the register: another hash or another text in it would part the old rows from the new ones."""
    assert keys_of(Identity("Іван", "", "Коваль", birth_date=date(1990, 5, 6))) == PINNED


def test_keys_are_few_sorted_and_fit_a_bigint() -> None:
    keys = keys_of(OLENA)
    assert keys == sorted(set(keys)) == keys_of(OLENA, features_of(OLENA))
    assert 5 <= len(keys) <= 7
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert (
        len(keys_of(OLENA._replace(family_name=" ".join(f"Кова{c}ьськ{c}рс" for c in "бвгджзклмнпрст")))) < 60
    )


@pytest.mark.parametrize(
    ("born", "precision"), [(date(1980, 1, 1), "day"), (date(1980, 3, 14), "estimated"), (None, "")]
)
def test_a_day_that_is_not_known_is_no_day(born: date | None, precision: str) -> None:
    features = features_of(OLENA._replace(birth_date=born, birth_precision=precision))
    assert features.month_day == ""
    assert features.is_year_exact == (precision != "estimated")


@pytest.mark.parametrize("phone", ["+38 (044) 123-45-67", "0441234567", "380441234567", "8-044-123-45-67"])
def test_a_phone_number_is_one_in_all_ways_of_writing(phone: str) -> None:
    assert phone_digits(phone) == "441234567"


def test_an_extension_is_no_phone_number() -> None:
    assert phone_digits("12-34") == phone_digits("") == phone_digits("none") == ""
    assert phone_index("12-34") is None


def test_keys_of_a_telephone_need_a_key(settings: Settings) -> None:
    """Of all the numbers there are, everybody can try which one has a digest; with a key nobody can."""
    asked = Identity(phone="0441234567")
    before = keys_of(asked)
    assert before == keys_of(Identity(phone_index=phone_index("+380 44 123 45 67")))
    settings.BLIND_INDEX_KEY = b"another" * 5
    assert not set(keys_of(asked)) & set(before)


def test_sex_that_was_not_told_is_not_known() -> None:
    assert {features_of(Identity("А", sex=sex)).sex for sex in ("", "not_collected", "not_answered")} == {""}
    assert features_of(Identity("А", sex="female")).sex == "female"


@pytest.mark.parametrize(
    "kept",
    [
        Identity("Катя", "", "Цап", birth_date=date(1980, 3, 14)),
        Identity("Цап", "", "Катерина", birth_date=date(1980, 3, 14)),
        Identity("", "", "Цап", birth_date=date(1980, 3, 14)),
        Identity("Екатерина", "", "Цап", birth_date=date(1981, 3, 14)),
        Identity("Екатерина", "", "Цап", birth_date=date(1970, 3, 14)),
    ],
)
def test_who_asks_meets_other_forms_swapped_and_missing_names_and_slips_of_the_year(kept: Identity) -> None:
    """The family name has changed, so that only the birth date can bring them together."""
    asked = Identity("Екатерина", "", "Мороз", birth_date=date(1980, 3, 14))
    if kept.given_name == "Цап":
        asked = asked._replace(family_name="Царёва")
    assert set(keys_asked_for(features_of(asked))) & set(keys_of(kept))
    assert not set(keys_of(asked)) & set(keys_of(kept))


def test_who_has_no_given_name_is_asked_for_under_every_letter() -> None:
    asked = Identity("", "", "Мороз", birth_date=date(1980, 3, 14))
    for name in ("Екатерина", "Ганна", "Щур", "Яна", "Юрій"):
        kept = Identity(name, "", "Цап", birth_date=date(1980, 3, 14))
        assert set(keys_asked_for(features_of(asked))) & set(keys_of(kept))


def test_where_everybody_is_at_hand_a_whole_date_brings_together_whatever_the_name() -> None:
    one, other = (
        Identity(name, "", family, birth_date=date(1980, 3, 14))
        for name, family in (("Ірина", "Цап"), ("Олена", "Мороз"))
    )
    assert not set(keys_of(one)) & set(keys_of(other))
    both = [set(keys_compared(features_of(person), keys_of(person))) for person in (one, other)]
    assert len(both[0] & both[1]) == 1
