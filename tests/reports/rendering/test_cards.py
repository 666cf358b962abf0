"""Key figures: counts beside claims, and nothing added."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reports.figures.figure import Basis, Qualifier
from reports.rendering.content.cards import CLAIMS_ON_A_CARD, key_cards
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Card
from tests.reports.rendering.hostile import sparse
from tests.reports.rendering.sample import claimed, counted, kursk


def card(subject: str, *cards: Card) -> Card:
    return next(found for found in cards or key_cards(kursk()) if found.subject == subject)


def test_a_claim_stands_beside_the_count_that_it_can_be_held_against() -> None:
    displaced = card("Displaced")
    assert [reading.value for reading in displaced.counted] == ["98,412", "98,730"]
    assert [reading.value for reading in displaced.claimed] == ["about 121,000"]
    assert displaced.claimed[0].source == "Acting governor"


def test_verified_corroborated_and_claimed_are_three_numbers() -> None:
    killed = card("Civilians killed")
    assert [(reading.label, reading.value) for reading in killed.counted] == [
        ("verified", "7"),
        ("being corroborated, not included", "3–5"),
    ]
    assert [reading.value for reading in killed.claimed] == ["at least 12"]


def test_what_is_being_corroborated_comes_from_the_files_where_no_figure_says_it() -> None:
    injured = card("Civilians injured")
    assert [reading.value for reading in injured.counted] == ["58", "14–22"]
    hospitalised = card("Civilians in hospital")
    assert [reading.value for reading in hospitalised.counted] == ["31", "4"]


def test_stays_and_headcounts_are_two_readings() -> None:
    readings = card("In shelters").counted
    assert [(r.label, r.value) for r in readings] == [("registered", "7,312"), ("headcount", "7,120")]


def test_every_reading_names_its_source_and_its_time() -> None:
    for found in key_cards(kursk()):
        for reading in (*found.counted, *found.claimed):
            assert reading.source
            assert reading.as_of.startswith("as\u00a0of\u00a0")


def test_an_old_claim_shows_its_age() -> None:
    assert card("Applications for aid").claimed[0].as_of.endswith("1 day old")


@pytest.mark.parametrize(("one", "other"), [(1, 2), (98412, 121000)])
def test_two_sources_stay_two_numbers(one: int, other: int) -> None:
    """The Red Cross says one dead, the government two: nobody may read three."""
    claims = (
        claimed("killed", one, Qualifier.EXACT, "Red Cross"),
        claimed("killed", other, Qualifier.EXACT, "Government"),
    )
    report = replace(kursk(), key_figures=(counted("displaced", 5), *claims), claims=claims, casualties=())
    killed = card("Civilians killed", *key_cards(report))
    assert {(r.source, r.value) for r in killed.claimed} == {
        ("Red Cross", f"{one:,}"),
        ("Government", f"{other:,}"),
    }
    assert f"'{one + other:,}'" not in str(compose(report))


def test_claims_of_the_newest_day_stand_on_the_card_and_all_in_the_table() -> None:
    newest = claimed("evacuated", 90001, Qualifier.EXACT, "S1")
    same_day = replace(newest, value=90002, source="S2", as_of=newest.as_of - timedelta(hours=1))
    older = replace(newest, value=90003, source="S3", as_of=newest.as_of - timedelta(days=1), age_days=1)
    report = replace(kursk(), key_figures=(), claims=(older, same_day, newest))
    shown = key_cards(report)[0]
    assert [reading.value for reading in shown.claimed] == ["90,001", "90,002"]
    assert shown.more == "1 more in the table of claims"
    claims = next(section for section in compose(report).sections if section.name == "claims")
    assert len(claims.tables[0].rows) == 3


def test_a_card_holds_few_claims_and_counts_the_rest() -> None:
    claims = tuple(claimed("evacuated", 90000 + n, Qualifier.EXACT, f"S{n}") for n in range(5))
    shown = key_cards(replace(kursk(), key_figures=(), claims=claims))[0]
    assert (len(shown.claimed), shown.more) == (CLAIMS_ON_A_CARD, "3 more in the table of claims")


def test_a_claim_about_a_district_is_not_held_against_the_region() -> None:
    of_district = claimed("evacuated", 21000, Qualifier.ABOUT, region="X00")
    report = replace(kursk(), claims=(of_district,), key_figures=(counted("displaced", 98412),))
    assert [found.claimed for found in key_cards(report)] == [()]


def test_what_was_not_reported_says_so_and_has_no_change() -> None:
    reading = card("Places in open shelters").counted[0]
    assert (reading.value, reading.change, reading.is_reported) == ("not reported", "", False)


def test_a_first_edition_says_once_that_it_has_nothing_to_compare_with() -> None:
    figures = (counted("displaced", 5), counted("returned", 1))
    first = replace(kursk(), key_figures=figures, claims=(), casualties=())
    assert [found.counted[0].change for found in key_cards(first)] == ["", ""]
    assert compose(first).headings.cards_note.endswith("There is no earlier edition to compare with.")


def test_a_figure_that_the_last_edition_did_not_have_shows_that_nothing_compares() -> None:
    figures = (counted("displaced", 5), counted("returned", 1, change=1))
    report = replace(kursk(), key_figures=figures, claims=(), casualties=())
    assert [found.counted[0].change for found in key_cards(report)] == ["n/a", "+1"]


def test_an_unknown_indicator_is_shown_by_its_own_name() -> None:
    report = replace(sparse(), key_figures=(counted("people_in_trains", 3),))
    assert key_cards(report)[0].subject == "People in trains"


def test_cards_are_of_three_kinds() -> None:
    document = compose(kursk())
    kinds = (document.pairs, document.counted_only, document.claimed_only)
    assert sum(len(kind) for kind in kinds) == len(document.cards)
    assert {found.subject for found in document.claimed_only} >= {"People to be evacuated", "Fate not known"}
    assert all(figure.basis is Basis.CLAIMED for figure in kursk().claims)
