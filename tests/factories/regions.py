"""A small region tree around the border, and operations that report on it."""

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

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
    existing = Region.objects.filter(key=key).first()
    if existing is not None:
        return existing
    parent, kind, english, russian, ukrainian, point, population = _TREE[key]
    made = RegionFactory.create(
        key=key,
        parent=region(parent) if parent else None,
        kind=kind,
        name_en=english,
        name_ru=russian,
        name_uk=ukrainian,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        baseline_population=population,
        baseline_source="census" if population else "",
    )
    for language, name in (("en", english), ("ru", russian), ("uk", ukrainian)):
        if name:
            RegionNameFactory.create(region=made, language=language, name=name)
    for system, code in _OFFICIAL.get(key, ()):
        RegionCodeFactory.create(region=made, system=system, code=code)
    return made


def kursk_tree() -> dict[str, Region]:
    """The whole small tree by key."""
    return {key: region(key) for key in _TREE}


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
