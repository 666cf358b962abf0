"""The region tree as it is loaded from its files."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from regions import reference
from regions.models import Region, RegionCode, RegionName
from regions.models.region import AmbiguousRegion, CodeStatus, RegionKind
from regions.reference import load_regions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    load_regions()


def everything() -> list[object]:
    """All rows of the three tables."""
    return [list(model.objects.order_by("pk").values()) for model in (Region, RegionCode, RegionName)]


def test_loading_again_changes_nothing() -> None:
    before = everything()
    call_command("load_regions", verbosity=0)
    assert everything() == before


def test_loading_again_mends_what_was_changed_and_keeps_what_was_added() -> None:
    Region.objects.filter(key="RU-KRS").update(name_en="Something else")
    Region.objects.create(key="XX", kind=RegionKind.COUNTRY, name_en="Elsewhere")
    load_regions()
    assert Region.objects.get(key="RU-KRS").name_en == "Kursk Oblast"
    assert Region.objects.filter(key="XX").exists()


def test_a_broken_file_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in reference.DATA.glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    regions = (tmp_path / "regions.csv").read_text(encoding="utf-8").replace("Kursk Oblast", "Renamed")
    broken = regions + "BAD,RU,oblast,,Bad,,,,,,12,,\n"  # a population without a source
    (tmp_path / "regions.csv").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(reference, "DATA", tmp_path)
    with pytest.raises(IntegrityError, match="region_baseline_sourced"):
        load_regions()
    assert Region.objects.get(key="RU-KRS").name_en == "Kursk Oblast"


def test_kursk_oblast_has_28_districts_and_5_towns() -> None:
    below = Region.objects.below(Region.objects.get(key="RU-KRS"))
    assert below.filter(kind=RegionKind.RAION).count() == 28
    assert below.filter(kind=RegionKind.CITY).count() == 5
    assert set(below.exclude(key="RU-KRS").values_list("level", flat=True)) == {3}


def test_level_one_is_the_oblast_in_ukraine_and_the_federal_district_in_russia() -> None:
    level_one = Region.objects.filter(level=1)
    assert level_one.get(path__startswith="RU/").kind == RegionKind.FEDERAL_DISTRICT
    assert set(level_one.filter(path__startswith="UA/").values_list("kind", flat=True)) == {RegionKind.OBLAST}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *(
            (name, "RU-KRS-SUDZHANSKY")
            for name in ("Sudzha", "Суджа", "Sudja", "sudzhansky", "Суджанский район")
        ),
        *((code, "RU-KRS-SUDZHANSKY") for code in ("38640000", "38240", "ru-krs-sudzhansky")),
        *((name, "RU-KRS") for name in ("Курская область", "Kurskaya oblast", "RU001006", "38000000")),
        *((name, "UA-59") for name in ("UA-59", "UA59", "Sumska", "Сумская", "Sumy Oblast", "Сумщина")),
        *((name, "UA-59-SUMSKYI") for name in ("Sumy", "Суми", "UA5908")),
        *((name, "RU-ORL") for name in ("Орёл", "Орел", "Orel", "Oryol")),
        *(
            ("Lgov", "RU-KRS-LGOV"),
            ("Льговский", "RU-KRS-LGOVSKY"),
            ("Большое Солдатское", "RU-KRS-BOLSHESOLDATSKY"),
        ),
    ],
)
def test_a_region_is_found_by_any_code_and_name(text: str, key: str) -> None:
    assert Region.objects.find(text).key == key


@pytest.mark.parametrize("text", ["Kursk", "Kursky", "Курск", "Курский"])
def test_kursk_is_an_oblast_a_town_and_a_district(text: str) -> None:
    with pytest.raises(AmbiguousRegion) as refusal:
        Region.objects.find(text)
    assert {r.key for r in refusal.value.candidates} == {"RU-KRS", "RU-KRS-KURSK", "RU-KRS-KURSKY"}


def test_guessed_and_inferred_codes_are_marked() -> None:
    codes = RegionCode.objects
    guessed = codes.filter(status=CodeStatus.GUESSED).values_list("region__name_en", flat=True).distinct()
    assert set(guessed) == {
        f"{name} District"
        for name in ("Zheleznogorsky", "Kurchatovsky", "Lgovsky", "Oktyabrsky", "Shchigrovsky")
    }
    of_belovsky = codes.filter(region__key="RU-KRS-BELOVSKY").values_list("system", "status")
    assert dict(of_belovsky) == {"oktmo": CodeStatus.INFERRED, "okato": CodeStatus.SEEN}


def test_every_code_says_where_it_is_from() -> None:
    assert not RegionCode.objects.filter(source="").exists()


def test_points_say_that_they_are_approximate() -> None:
    placed = Region.objects.exclude(kind__in=[RegionKind.COUNTRY, RegionKind.FEDERAL_DISTRICT])
    assert not placed.filter(latitude=None).exists()
    assert set(placed.values_list("centroid_source", flat=True)) == {
        "approximate position of the administrative centre"
    }


def test_a_population_stands_only_where_a_source_gives_one() -> None:
    sudzhansky = Region.objects.get(key="RU-KRS-SUDZHANSKY")
    assert (sudzhansky.baseline_population, sudzhansky.baseline_year) == (25_119, 2021)
    assert sudzhansky.baseline_source.startswith("2021 census, ")
    # "14 000-18 000 in several sources" is no number.
    assert Region.objects.get(key="RU-KRS-BELOVSKY").baseline_population is None
    assert Region.objects.filter(baseline_population__isnull=False).count() == 9
