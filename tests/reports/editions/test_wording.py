"""What a person may write for readers outside: numbers of the report, and of claims in quotation marks."""

from dataclasses import replace

import pytest

from reports.editions.report import SituationReport
from reports.editions.wording import untold
from reports.figures.mark import Mark
from tests.reports.rendering.sample import kursk
from tests.reports.rendering.test_marks import told


def found(text: str, report: SituationReport | None = None) -> str:
    """The phrase that is refused; empty where nothing is."""
    refused = untold(report or told(), text, threshold=5)
    return refused.phrase if refused else ""


def shown() -> int:
    """A number of people that the sample shows."""
    return next(r.displaced for r in told().regions if r.is_total and isinstance(r.displaced, int))


@pytest.mark.parametrize(
    "text",
    [
        "Two shelters in Kursk are full.",
        "Nobody told us anything of three districts for 2 days.",
        "On 12 August, at 06:00, roads were cut.",
        "One of the roads is open, 40 km away.",
        "Два приюта переполнены, из трёх районов нет отчётов.",
        "12 серпня два притулки переповнені.",
        "Nobody is missing: 0 are looked for.",
    ],
)
def test_things_that_are_nobody_and_days_are_free(text: str) -> None:
    assert found(text) == ""


def test_numbers_that_the_report_shows() -> None:
    assert found(f"{shown():,} people left.") == ""
    assert found(f"{shown()} people left.".replace(",", "\u202f")) == ""
    assert found(f"{shown() + 1:,} people left.").startswith(f"{shown() + 1:,} people")


@pytest.mark.parametrize(
    "text",
    [
        "There were 3 people from one village.",
        "Three children came alone.",
        "One child came alone.",
        "3 in the villages, and no bus.",
        "Only 2 village children are left.",
        "Из района приехали трое детей.",
        "Приїхали двоє людей.",
        "About 7777 came.",
    ],
)
def test_numbers_of_few_or_unknown_people_are_found_with_their_words(text: str) -> None:
    assert found(text)


def test_a_claims_own_words_stand_in_quotation_marks() -> None:
    claim = next(c for c in kursk().claims if c.value and c.value > 1000)
    assert found(f"The governor said “{claim.value:,} people were evacuated”.") == ""
    assert found("Er sagte „4,321 people“ und ging.")
    assert untold(told(), "He said “4,321 people”.", threshold=5).is_quoted  # type: ignore[union-attr]


def test_another_rows_number_does_not_stand_for_a_hidden_one() -> None:
    report = told()
    hidden, other = report.regions[0], next(r for r in report.regions[1:] if not r.is_total)
    number = other.displaced
    assert hidden.displaced is Mark.SUPPRESSED
    assert isinstance(number, int)
    taken = {
        v for name in ("registered", "hosted", "returned") if isinstance(v := getattr(hidden, name), int)
    }
    assert number not in taken
    assert found(f"{number} people of {other.name} left.") == ""
    assert found(f"{number} people of {hidden.name} left.")
    exact = replace(report, regions=kursk().regions, hosts=kursk().hosts)
    assert found(f"{kursk().regions[0].displaced} people of {hidden.name} left.", exact) == ""
