"""Reports counted from real rows in Ukrainian and Russian: drafted sentences, names, and what is hidden from others."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from displacement.models import Source, SpecificNeed
from regions.models import Operation, Region
from reports.editions.build import build_report
from reports.editions.releasing import gate, release
from reports.editions.report import SituationReport
from reports.figures.figure import Basis
from tests.factories.displacement import ClaimFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.reports.editions.test_build import scene
from tests.reports.figures.histories import messy
from tests.reports.languages.catalogues import LANGUAGES
from tests.reports.languages.reading import english, everything_said

DAY = date(2024, 8, 8)

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def operation() -> Operation:
    """Kursk with some of everything; what people typed is in Cyrillic letters, so that English is ours."""
    kursk_tree()
    scene()
    messy(5, 80)
    said = {"qualifier": "exact", "kind": "stock", "source": Source.objects.get(name="Ministry")}
    for indicator, value in (
        ("people_to_evacuate", 120_000),
        ("remaining", 9_000),
        ("injured", 121),
        ("unknown_fate", 2_000),
        ("settlements_contact_lost", 28),
    ):
        ClaimFactory.create(indicator=indicator, value=value, **said)
    late = KURSK_MORNING - timedelta(days=5)
    ClaimFactory.create(indicator="evacuated", value=130_000, as_of=late, published_at=KURSK_MORNING, **said)
    for number, source in enumerate(Source.objects.order_by("name")):
        source.name = f"Джерело {number}"
        source.save()
    SpecificNeed.objects.update(name_uk="Потреба", name_ru="Потребность")
    Region.objects.filter(key="RU-ORL").update(name_uk="Орловська область")
    return RunningOperationFactory.create(name="Операція")


def told(operation: Operation, language: str) -> SituationReport:
    """The report of the day in a language, after one of the day before it."""
    report = None
    for number, day in enumerate((DAY - timedelta(days=1), DAY), start=1):
        report = build_report(
            operation=operation,
            region=region("RU-KRS"),
            local_day=day,
            known_at=operation.due_at(day),
            number=number,
            previous=report,
            language=language,
        )
    assert report is not None
    return report


def sentences(report: SituationReport) -> dict[str, int]:
    """How many sentences of each sort a report has."""
    sorts = ("highlights", "casualty_sentences", "silences", "flags", "unknowns", "method", "revisions")
    return {sort: len(getattr(report, sort)) for sort in sorts}


@each_language
def test_no_english_is_left_of_what_is_drafted(operation: Operation, language: str) -> None:
    report = told(operation, language)
    assert report.flags
    assert report.unknowns
    assert report.silences
    said = everything_said(report)
    assert {name: words for name, text in said.items() if (words := english(text))} == {}


@each_language
def test_it_says_as_much_as_in_english_and_the_same_numbers(operation: Operation, language: str) -> None:
    report, in_english = told(operation, language), told(operation, "en")
    assert sentences(report) == sentences(in_english)
    assert [(f.indicator, f.value, f.change) for f in report.key_figures] == [
        (f.indicator, f.value, f.change) for f in in_english.key_figures
    ]


@each_language
@pytest.mark.parametrize("audience", ["partners", "public"])
def test_what_is_released_hides_the_same_in_every_language(
    operation: Operation, language: str, audience: str
) -> None:
    """Sentences are let through by the numbers in them, and claims by the name at their beginning."""
    reports = [release(told(operation, each), audience=audience, earlier=()) for each in ("en", language)]
    for report in reports:
        gate(report, earlier=())
    in_english, report = reports
    assert sentences(report) == sentences(in_english)
    assert [f.qualifier for f in report.key_figures] == [f.qualifier for f in in_english.key_figures]
    said = everything_said(report)
    assert {name: words for name, text in said.items() if (words := english(text))} == {}


@pytest.mark.parametrize(("language", "name"), [("uk", "Суджанський район"), ("ru", "Суджанский район")])
def test_districts_bear_the_names_of_the_language(operation: Operation, language: str, name: str) -> None:
    assert name in {row.name for row in told(operation, language).regions}


def test_a_region_without_a_name_in_the_language_goes_by_its_english_one(operation: Operation) -> None:
    Region.objects.filter(key="RU-ORL").update(name_uk="")
    assert "Oryol Oblast" in {row.name for row in told(operation, "uk").hosts}


def test_an_edition_compares_with_one_whose_words_were_still_english(operation: Operation) -> None:
    """Editions of before a language had its words name our sources in English; their numbers compare all the same."""
    day = {"operation": operation, "region": region("RU-KRS"), "number": 1}
    before = DAY - timedelta(days=1)
    older = build_report(local_day=before, known_at=operation.due_at(before), previous=None, **day)  # type: ignore[arg-type]
    newer = build_report(
        local_day=DAY,
        known_at=operation.due_at(DAY),
        previous=older,
        language="uk",
        **day,  # type: ignore[arg-type]
    )
    counted = [figure for figure in newer.key_figures if figure.basis is Basis.REGISTERED]
    assert {figure.source for figure in counted} == {"Реєстр Musterpoint"}
    assert next(f for f in counted if f.indicator == "displaced").change is not None


def test_a_language_leaves_nothing_behind(operation: Operation) -> None:
    first = told(operation, "en")
    with override("ru"):
        told(operation, "uk")
        assert told(operation, "en") == first
