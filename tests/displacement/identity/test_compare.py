"""What all levels together come to: who is one person, and who never is."""

from collections.abc import Mapping
from datetime import date

import pytest

from displacement.identity.compare import Frequencies, probability, weight
from displacement.identity.frequencies import shares
from displacement.identity.weights import load
from tests.displacement.identity.people import olena

MILLION = Frequencies(1_000_000, {}, {}, 5e-5, 5e-5)
THOUSAND = Frequencies(1_000, {}, {}, 1e-3, 1e-3)


def test_the_same_is_the_same_and_a_stranger_is_not() -> None:
    assert weight(olena(), olena(), frequencies=MILLION).probability > 0.999
    stranger = olena(
        family_name="Мельник",
        patronymic="Петрівна",
        birth_date=date(1991, 3, 2),
        phone="+380507654321",
        place="9",
    )
    assert weight(olena(), stranger, frequencies=MILLION).probability < 1e-6


def test_another_script_a_missing_patronymic_and_another_phone_do_not_hide_anybody() -> None:
    again = olena(given_name="Olena", family_name="Kovalchuk", patronymic="", phone="")
    assert weight(olena(), again, frequencies=MILLION).probability > 0.9


def test_twins_and_siblings_are_never_duplicates_whatever_else_agrees() -> None:
    match = weight(olena(), olena(given_name="Тетяна"), frequencies=THOUSAND)
    assert (match.is_relative, match.probability) == (True, 0.0)
    assert weight(olena(), olena(), frequencies=THOUSAND).is_relative is False


def test_father_and_son_of_one_name_are_no_duplicates() -> None:
    father = olena(given_name="Іван", patronymic="Петрович", sex="male", birth_date=date(1955, 8, 1))
    son = olena(given_name="Іван", patronymic="Іванович", sex="male", birth_date=date(1983, 5, 2))
    undated = olena(given_name="Іван", patronymic="Іванович", sex="male", birth_date=None, birth_precision="")
    assert weight(father, son, frequencies=THOUSAND).probability == 0.0
    assert weight(father, undated, frequencies=THOUSAND).probability < 0.1


def test_a_swap_counts_once() -> None:
    match = weight(olena(), olena(given_name="Ковальчук", family_name="Олена"), frequencies=MILLION)
    assert (match.levels["family"], match.levels["given"]) == ("swapped", "")
    assert match.probability > 0.9


def test_a_shared_rare_name_says_more_than_a_shared_common_one() -> None:
    def among(family: Mapping[str, float]) -> float:
        return weight(
            olena(phone=""), olena(phone=""), frequencies=Frequencies(1_000_000, family, {}, 5e-5, 5e-5)
        ).bits

    key = olena().family
    assert among({}) > among({key: 0.02})


def test_the_odds_fall_as_the_register_grows() -> None:
    weights = load()
    assert weights.prior_bits(1_000) - weights.prior_bits(1_000_000) == pytest.approx(9.97, abs=0.1)
    assert weights.prior_bits(1) < 0
    nearly = olena(phone="", place="", patronymic="", birth_date=date(1984, 1, 1))
    larger = MILLION._replace(people=50_000_000)
    by_size = [weight(olena(), nearly, frequencies=register).bits for register in (MILLION, larger)]
    assert by_size[0] > by_size[1] + 1


def test_what_relatives_share_proves_little() -> None:
    """A family name, a village and a telephone are those of the whole household: without a given name it may be anybody."""
    lone = olena(given_name="", patronymic="", sex="", birth_date=None, birth_precision="")
    assert weight(olena(), lone, frequencies=MILLION).probability < 0.2


def test_levels_that_are_not_known_say_nothing() -> None:
    assert load().bits("phone", "") == 0.0


def test_bits_are_odds() -> None:
    assert (probability(0), probability(2), probability(500), probability(-3000)) == (0.5, 0.8, 1.0, 0.0)


def test_names_are_counted_by_key_and_rare_ones_are_not_listed() -> None:
    names = [("Иванов", "Иван"), ("Иванова", "Anna"), ("Ivanov", "Иван"), ("Zhuk", "Ivan")]
    found = shares(names, people=4)
    assert found.family == {olena(family_name="Иванов").family: 0.75}
    assert found.given == {olena(given_name="Иван").given: 0.75}
    assert found.other_family == 0.25
    assert found.share("family", "unheard", 0.001) < found.share(
        "family", olena(family_name="Иванов").family, 0.001
    )
