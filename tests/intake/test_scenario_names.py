"""Invented names: two languages, several spellings, families that share one, and blanks."""

import random
import re

import pytest
from django.db.models import Count

from core.names import search_key
from displacement.models import Household, Person
from displacement.models.person import BirthPrecision
from intake.scenarios.kursk_2024.families import BORN_BEFORE, Families
from intake.scenarios.kursk_2024.names import read
from intake.scenarios.kursk_2024.spelling import spell

OFFICES = {
    "Смирнов",
    "Старовойт",
    "Хинштейн",
    "Гладков",
    "Путин",
    "Зеленський",
    "Лавров",
    "Медведев",
    "Порошенко",
}


@pytest.mark.parametrize(
    ("name", "spelling", "written"),
    [
        ("Юрий", "passport", "Iurii"),
        ("Юрий", "old_passport", "Yuriy"),
        ("Юрий", "scientific", "Jurij"),
        ("Щербаков", "passport", "Shcherbakov"),
        ("Егор", "old_passport", "Yegor"),
        ("Євген", "national", "Yevhen"),
        ("Ярослав", "national", "Yaroslav"),
        ("Юлія", "national", "Yuliia"),
        ("Ігор", "through_russian", "Igor"),
        ("Кравченко", "", "Кравченко"),
    ],
)
def test_each_table_spells_in_its_way(name: str, spelling: str, written: str) -> None:
    assert spell(name, spelling) == written


def test_spellings_of_one_name_are_found_by_one_key() -> None:
    for spelling in ("", "passport", "old_passport"):
        assert search_key(spell("Кузьмин", spelling)) == search_key("Кузьмин")


def test_no_surname_is_that_of_somebody_in_office_then() -> None:
    assert not OFFICES & {row["masculine"] for row in read("surnames.csv")}


def test_men_have_patronymics_for_their_children_and_women_none() -> None:
    for row in read("given_names.csv"):
        endings = r"(ич)$", r"(вна|чна|івна|ївна)$"
        for column, ending in zip(("patronymic_of_son", "patronymic_of_daughter"), endings, strict=True):
            assert bool(re.search(ending, row[column])) == (row["sex"] == "male"), row


def test_couples_share_a_surname_in_the_form_of_each() -> None:
    families = [Families(random.Random(seed)).next() for seed in range(400)]
    couples = [f.people[:2] for f in families if len(f.people) > 1 and f.people[1].relationship == "partner"]
    names = [{p.sex: p.family_name for p in couple} for couple in couples]
    differ = [pair for pair in names if pair.get("female", "").removesuffix("а") == pair.get("male")]
    alike = [pair for pair in names if pair.get("female", "-") == pair.get("male")]
    assert len(differ) > 20
    assert all(pair["male"][-2:] not in ("ов", "ин") for pair in alike)


def test_children_bear_the_name_of_the_father_at_home() -> None:
    sons = {row["name"]: row["patronymic_of_son"] for row in read("given_names.csv") if row["sex"] == "male"}
    checked = 0
    for seed in range(400):
        people = Families(random.Random(seed)).next().people
        fathers = [p for p in people if p.sex == "male" and p.relationship in ("head", "partner")]
        boys = [p for p in people if p.sex == "male" and p.relationship == "child" and p.patronymic]
        # In Latin letters the father is not in the list.
        if fathers and fathers[0].given_name in sons:
            assert {boy.patronymic for boy in boys} <= {sons[fathers[0].given_name]}
            checked += len(boys)
    assert checked > 20


def test_a_family_can_be_cut_to_the_room_that_is_left() -> None:
    families = Families(random.Random(3))
    assert all(len(families.next(most=1).people) == 1 for _ in range(50))
    assert all(born < BORN_BEFORE for p in families.next().people if (born := p.birth_date))


@pytest.mark.django_db
@pytest.mark.usefixtures("scenario")
class TestLoaded:
    """What stands in the register."""

    def test_cyrillic_and_latin_and_blank(self) -> None:
        people = Person.objects
        latin = people.filter(family_name__regex="[A-Za-z]").count()
        assert 0.1 < latin / people.count() < 0.45
        assert people.filter(family_name__regex="[іїєІЇЄ]").exists()
        assert people.filter(patronymic="").count() > 0.05 * people.count()
        assert people.filter(family_name="").exists()

    def test_birth_dates_are_known_to_differing_precision(self) -> None:
        found = set(Person.objects.values_list("birth_precision", flat=True).distinct())
        assert found == {"", *BirthPrecision.values}

    def test_sex_and_age_are_mixed_and_sometimes_not_known(self) -> None:
        by_sex = dict(Person.objects.values_list("sex").annotate(n=Count("pk")))
        assert by_sex["female"] > by_sex["male"] > 0
        assert by_sex["not_collected"] > 0
        ages = [p.age_on(BORN_BEFORE) for p in Person.objects.exclude(birth_date=None)]
        known = [age for age in ages if age is not None]
        assert 0.2 < sum(age < 18 for age in known) / len(known) < 0.42
        assert 0.1 < sum(age >= 60 for age in known) / len(known) < 0.3

    def test_telephone_numbers_can_not_be_anybodys(self) -> None:
        """No country code is followed by 000 in the Russian plan."""
        phones = [household.phone for household in Household.objects.exclude(phone="")]
        assert phones
        assert all(phone.startswith("+7000") for phone in phones)
