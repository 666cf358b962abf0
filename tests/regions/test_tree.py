"""The tree: what is below what, and what a region may say of itself."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from regions.models import Region
from tests.factories.regions import RegionFactory, kursk_tree, region

pytestmark = pytest.mark.django_db


def test_below_is_the_region_and_all_under_it() -> None:
    tree = kursk_tree()
    below = {found.key for found in Region.objects.below(tree["RU-KRS"])}
    assert below == {
        "RU-KRS",
        "RU-KRS-SUDZHANSKY",
        "RU-KRS-GLUSHKOVSKY",
        "RU-KRS-KURSKY",
        "RU-KRS-KURSK",
    }
    assert Region.objects.below(tree["RU"]).count() == 8
    assert list(Region.objects.below(tree["RU-ORL"])) == [tree["RU-ORL"]]


def test_a_key_that_begins_like_another_is_not_below_it() -> None:
    """RU-KRS-KURSK is no part of RU-KRS-KURSKY, nor the other way round: paths end in a slash."""
    city, district = region("RU-KRS-KURSK"), region("RU-KRS-KURSKY")
    assert list(Region.objects.below(city)) == [city]
    assert list(Region.objects.below(district)) == [district]


def test_level_is_the_depth_and_means_another_thing_in_each_country() -> None:
    levels = {found.key: (found.level, found.kind) for found in kursk_tree().values()}
    assert levels["RU-CENTRAL"] == (1, "federal_district")
    assert levels["UA-59"] == (1, "oblast")
    assert levels["RU-KRS"] == (2, "oblast")
    assert region("RU-KRS").path == "RU/RU-CENTRAL/RU-KRS/"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"baseline_population": 5}, "region_baseline_sourced"),
        ({"valid_from": date(2024, 1, 2), "valid_until": date(2024, 1, 1)}, "region_valid_period"),
    ],
)
def test_the_database_refuses_what_no_region_can_be(wrong: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        RegionFactory.create(**wrong)


def test_a_region_that_others_name_is_not_deleted() -> None:
    region("RU-KRS-KURSK")
    with pytest.raises(ProtectedError):
        region("RU-KRS").delete()
