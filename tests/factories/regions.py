"""A small region tree around the border, and operations that report on it."""

from collections.abc import Iterable, Iterator
from datetime import date, time

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from core.names import search_key
from regions.models import AreaStatus, Operation, Region, RegionCode, RegionName
from regions.models.area_status import AreaCondition
from regions.models.region import CodeStatus, CodeSystem, RegionKind
from tests.factories.facts import KURSK_MORNING, FactFactory

#: key: (parent, kind, English, Russian, Ukrainian, point, population)
_TREE: dict[str, tuple[str, RegionKind, str, str, str, tuple[float, float] | None, int | None]] = {
    "RU": ("", RegionKind.COUNTRY, "Russia", "Россия", "Росія", None, None),
    "RU-CENTRAL": (
        "RU",
        RegionKind.FEDERAL_DISTRICT,
        "Central Federal District",
        "Центральный федеральный округ",
        "",
        None,
        None,
    ),
    "RU-KRS": (
        "RU-CENTRAL",
        RegionKind.OBLAST,
        "Kursk Oblast",
        "Курская область",
        "Курська область",
        (51.76, 35.2),
        1_067_034,
    ),
    "RU-KRS-SUDZHANSKY": (
        "RU-KRS",
        RegionKind.RAION,
        "Sudzhansky District",
        "Суджанский район",
        "Суджанський район",
        (51.19, 35.27),
        27_000,
    ),
    "RU-KRS-GLUSHKOVSKY": (
        "RU-KRS",
        RegionKind.RAION,
        "Glushkovsky District",
        "Глушковский район",
        "Глушковський район",
        (51.34, 34.64),
        17_979,
    ),
    "RU-KRS-KURSKY": (
        "RU-KRS",
        RegionKind.RAION,
        "Kursky District",
        "Курский район",
        "Курський район",
        (51.73, 36.19),
        None,
    ),
    "RU-KRS-KURSK": ("RU-KRS", RegionKind.CITY, "Kursk", "Курск", "Курськ", (51.73, 36.19), 440_052),
    "RU-ORL": (
        "RU-CENTRAL",
        RegionKind.OBLAST,
        "Oryol Oblast",
        "Орловская область",
        "",
        (52.97, 36.08),
        None,
    ),
    "UA": ("", RegionKind.COUNTRY, "Ukraine", "Украина", "Україна", None, None),
    "UA-59": (
        "UA",
        RegionKind.OBLAST,
        "Sumy Oblast",
        "Сумская область",
        "Сумська область",
        (50.91, 34.8),
        None,
    ),
    "UA-59-SUMSKYI": (
        "UA-59",
        RegionKind.RAION,
        "Sumskyi Raion",
        "Сумский район",
        "Сумський район",
        (50.91, 34.8),
        None,
    ),
}
_OFFICIAL = {
    "RU-KRS": (
        (CodeSystem.ISO_3166_2, "RU-KRS"),
        (CodeSystem.OCHA_PCODE, "RU001006"),
        (CodeSystem.OKTMO, "38000000"),
    ),
    "RU-CENTRAL": ((CodeSystem.OCHA_PCODE, "RU001"),),
    "UA-59": ((CodeSystem.ISO_3166_2, "UA-59"), (CodeSystem.OCHA_PCODE, "UA59")),
    "UA-59-SUMSKYI": ((CodeSystem.OCHA_PCODE, "UA5908"),),
}


class RegionFactory(DjangoModelFactory[Region]):
    """An oblast of its own, outside the tree of `region`."""

    class Meta:
        model = Region
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"XX-{n}")
    kind = RegionKind.OBLAST
    name_en = factory.LazyAttribute(lambda region: f"Oblast {region.key}")


class RegionCodeFactory(DjangoModelFactory[RegionCode]):
    """A code seen in a source."""

    class Meta:
        model = RegionCode

    region = factory.SubFactory(RegionFactory)
    system = CodeSystem.OKTMO
    code = factory.Sequence(lambda n: f"{n:08}")
    status = CodeStatus.SEEN


class RegionNameFactory(DjangoModelFactory[RegionName]):
    """A colloquial name."""

    class Meta:
        model = RegionName

    region = factory.SubFactory(RegionFactory)
    language = "ru"
    name = factory.Sequence(lambda n: f"Слобода {n}")


def region(key: str) -> Region:
    """The region of the small tree, with those above it, its names and its official codes; made when first asked for."""
    return _made([key])[key]


def kursk_tree() -> dict[str, Region]:
    """The whole small tree by key."""
    return _made(_TREE)


def _made(keys: Iterable[str]) -> dict[str, Region]:
    """These regions by key. Nearly every test asks for some, so what is missing is made by three INSERTs for all."""
    wanted = list(dict.fromkeys(above for key in keys for above in _line(key)))
    found = {each.key: each for each in Region.objects.filter(key__in=wanted)}
    missing = [key for key in wanted if key not in found]
    if missing:
        with connection.cursor() as cursor:
            drawn = (
                "SELECT nextval(pg_get_serial_sequence('regions_region', 'id')) FROM generate_series(1, %s)"
            )
            cursor.execute(drawn, [len(missing)])
            for key, (number,) in zip(missing, cursor.fetchall(), strict=True):
                found[key] = _draft(number, key, found.get(_TREE[key][0]))
        made = [found[key] for key in missing]
        Region.objects.bulk_create(made)
        RegionName.objects.bulk_create(name for each in made for name in _names_of(each))
        RegionCode.objects.bulk_create(code for each in made for code in _codes_of(each))
    return {key: found[key] for key in keys}


def _line(key: str) -> list[str]:
    """The keys from the country down to this one."""
    parent = _TREE[key][0]
    return [*(_line(parent) if parent else ()), key]


def _draft(number: int, key: str, parent: Region | None) -> Region:
    _parent, kind, english, russian, ukrainian, point, population = _TREE[key]
    drafted = Region(
        id=number,
        key=key,
        parent=parent,
        kind=kind,
        name_en=english,
        name_ru=russian,
        name_uk=ukrainian,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        baseline_population=population,
        baseline_source="census" if population else "",
    )
    drafted.path = f"{parent.path if parent else ''}{key}/"
    drafted.level = parent.level + 1 if parent else 0
    return drafted


def _names_of(made: Region) -> Iterator[RegionName]:
    for language, name in (("en", made.name_en), ("ru", made.name_ru), ("uk", made.name_uk)):
        if name:
            yield RegionName(region=made, language=language, name=name, folded=search_key(name))


def _codes_of(made: Region) -> Iterator[RegionCode]:
    for system, code in _OFFICIAL.get(made.key, ()):
        yield RegionCode(region=made, system=system, code=code, status=CodeStatus.SEEN)


class RunningOperationFactory(DjangoModelFactory[Operation]):
    """An operation in Kursk oblast since 6 August 2024, in Moscow time."""

    class Meta:
        model = Operation
        skip_postgeneration_save = True
        django_get_or_create = ("key",)

    key = "kursk-2024"
    name = "Kursk 2024"
    starts_on = date(2024, 8, 6)
    zone = "Europe/Moscow"
    report_due = time(6)

    @factory.post_generation
    def regions(self, create: bool, extracted: list[Region] | None, **_kwargs: object) -> None:
        """The regions reported on: those given, or Kursk oblast."""
        if create:
            self.regions.set(extracted if extracted is not None else [region("RU-KRS")])


class EndedOperationFactory(RunningOperationFactory):
    """The same, ended on 14 August 2024."""

    ends_on = date(2024, 8, 14)


class AreaStatusFactory(FactFactory[AreaStatus]):
    """Evacuation ordered in Sudzhansky District."""

    class Meta:
        model = AreaStatus

    region = factory.LazyFunction(lambda: region("RU-KRS-SUDZHANSKY"))
    condition = AreaCondition.EVACUATION_MANDATORY
    source = "Regional government"
    occurred_at = KURSK_MORNING
