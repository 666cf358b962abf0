"""A region is found by any code or name, in either alphabet; a name of several is never guessed."""

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from regions.models import Region
from regions.models.region import AmbiguousRegion, UnknownRegion
from tests.factories.regions import RegionCodeFactory, RegionFactory, RegionNameFactory, kursk_tree, region

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("RU-KRS", "RU-KRS"),
        ("ru-krs", "RU-KRS"),
        (" RU001006 ", "RU-KRS"),
        ("38000000", "RU-KRS"),
        ("Курская область", "RU-KRS"),
        ("Kurskaya oblast", "RU-KRS"),
        ("Суджанский район", "RU-KRS-SUDZHANSKY"),
        ("Sudzhansky District", "RU-KRS-SUDZHANSKY"),
        ("суджанський район", "RU-KRS-SUDZHANSKY"),
        ("UA5908", "UA-59-SUMSKYI"),
        ("Сумська область", "UA-59"),
    ],
)
def test_by_any_code_or_name(text: str, key: str) -> None:
    kursk_tree()
    assert Region.objects.find(text).key == key


def test_at_most_two_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    kursk_tree()
    with django_assert_max_num_queries(2):
        Region.objects.find("Курская область")
    with django_assert_max_num_queries(1):
        Region.objects.find("RU-KRS")


def test_a_name_of_several_lists_them_all() -> None:
    """Kursky is a district, a town and an oblast; guessing would put people into the wrong one."""
    for key in ("RU-KRS", "RU-KRS-KURSKY", "RU-KRS-KURSK"):
        RegionNameFactory.create(region=region(key), name="Курский")
    with pytest.raises(AmbiguousRegion) as caught:
        Region.objects.find("Kursky")
    assert {candidate.key for candidate in caught.value.candidates} == {
        "RU-KRS",
        "RU-KRS-KURSKY",
        "RU-KRS-KURSK",
    }
    sentence = caught.value.messages[0]
    assert "Kursk Oblast (oblast, RU-KRS)" in sentence
    assert "Use the code" in sentence


def test_a_code_wins_over_a_name() -> None:
    region("UA-59")
    RegionNameFactory.create(region=region("RU-ORL"), name="UA59")
    assert Region.objects.find("ua59") == region("UA-59")


def test_one_code_in_two_systems_is_ambiguous_too() -> None:
    RegionCodeFactory.create(code="38", system="oktmo")
    RegionCodeFactory.create(code="38", system="okato")
    with pytest.raises(AmbiguousRegion):
        Region.objects.find("38")


@pytest.mark.parametrize("text", ["", "   ", "Atlantis", "RU-XXX", "%", "№", "'; --"])
def test_an_unknown_region_is_said_without_echo(text: str) -> None:
    kursk_tree()
    with pytest.raises(UnknownRegion) as caught:
        Region.objects.find(text)
    assert caught.value.code == "unknown_region"
    assert caught.value.messages == [
        "No region has this code or name. Look it up in the list of regions and use its code."
    ]


def test_search_boxes_match_the_beginning_in_either_alphabet() -> None:
    tree = kursk_tree()
    for text in ("Sudzh", "Судж", "RU-KRS-SUD"):
        assert list(Region.objects.matching(text)) == [tree["RU-KRS-SUDZHANSKY"]]
    assert Region.objects.matching("").count() == len(tree)
    assert not Region.objects.matching("!!").exists()


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Kursk"), ("ru", "Курск"), ("uk", "Kursk"), ("fr", "Kursk")]
)
def test_names_are_in_the_readers_language_or_english(language: str, name: str) -> None:
    with translation.override(language):
        assert RegionFactory.build(name_en="Kursk", name_ru="Курск").name == name
