"""Claims stand side by side. Nothing adds them, an echo is no second source, and what was taken back is gone."""

import pytest

from displacement.models.claim import ClaimIndicator, ClaimKind, ClaimRelation, SourceType
from reports.figures.figure import Basis, Figure
from tests.factories.displacement import (
    ClaimFactory,
    KilledClaimFactory,
    RangeClaimFactory,
    RetractionFactory,
    SourceFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.asking import DAY, HOUR, figures

pytestmark = pytest.mark.django_db


def claims(indicator: str = "", **question: object) -> list[Figure]:
    """The claims among the figures."""
    found = figures(**question)  # type: ignore[arg-type]
    return [f for f in found if f.basis is Basis.CLAIMED and indicator in ("", f.indicator)]


def test_one_dead_and_two_dead_are_never_three() -> None:
    red_cross = SourceFactory.create(name="Red Cross", type=SourceType.RED_CROSS)
    KilledClaimFactory.create(source=red_cross, value=1, qualifier="exact")
    KilledClaimFactory.create(source=SourceFactory.create(name="Government"), value=2, qualifier="exact")
    assert [(f.source, f.value) for f in claims("killed")] == [("Government", 2), ("Red Cross", 1)]
    assert 3 not in {f.value for f in figures()}


def test_the_latest_claim_of_a_source_and_scope_stands() -> None:
    source = SourceFactory.create()
    ClaimFactory.create(source=source, value=76_000)
    ClaimFactory.create(source=source, value=121_000, as_of=KURSK_MORNING + HOUR)
    ClaimFactory.create(source=source, value=3_200, as_of=KURSK_MORNING, scope="one district")
    assert {(f.scope, f.value) for f in claims()} == {("", 121_000), ("one district", 3_200)}
    assert {f.value for f in claims(as_of=KURSK_MORNING)} == {76_000, 3_200}


def test_a_claim_counts_from_when_it_was_received_and_recorded() -> None:
    ClaimFactory.create(received_at=KURSK_MORNING + 2 * DAY)
    ClaimFactory.create(recorded_at=KURSK_MORNING + 3 * DAY)
    seen = [len(claims(known_at=KURSK_MORNING + n * DAY)) for n in range(1, 4)]
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("relation", ["supersedes", "corrects", "retracts"])
def test_what_is_taken_back_is_gone_from_then_on(relation: str) -> None:
    later = ClaimFactory.create(value=112_337, received_at=KURSK_MORNING + 2 * DAY)
    earlier = ClaimFactory.create(value=131_000)
    RetractionFactory.create(claim=later, target=earlier, relation=relation)
    assert [f.value for f in claims(known_at=KURSK_MORNING + DAY)] == [131_000]
    assert [f.value for f in claims(known_at=KURSK_MORNING + 2 * DAY)] == [112_337]


def test_an_echo_counts_once_and_is_named() -> None:
    said = ClaimFactory.create(source=SourceFactory.create(name="Acting governor"))
    echo = ClaimFactory.create(
        source=SourceFactory.create(name="Newspaper"), received_at=KURSK_MORNING + 2 * HOUR
    )
    RetractionFactory.create(claim=echo, target=said, relation=ClaimRelation.ECHOES)
    [found] = claims()
    assert (found.source, found.note) == ("Acting governor", "repeated by Newspaper")
    [before] = claims(known_at=KURSK_MORNING + HOUR)
    assert before.note == ""


def test_a_range_has_no_value_and_keeps_its_ends() -> None:
    RangeClaimFactory.create()
    [found] = claims("remaining")
    assert (found.value, found.value_min, found.value_max) == (None, 8_000, 10_000)


def test_claims_of_a_district_are_not_figures_of_the_oblast() -> None:
    ClaimFactory.create(region=region("RU-KRS-SUDZHANSKY"), value=9_000)
    assert claims() == []
    assert [f.value for f in claims(key="RU-KRS-SUDZHANSKY")] == [9_000]


def test_a_claim_carries_its_age_source_and_grade() -> None:
    RunningOperationFactory.create()
    source = SourceFactory.create(reliability="C")
    claim = ClaimFactory.create(source=source, credibility="3", children=2_000)
    [found] = claims(as_of=KURSK_MORNING + 10 * DAY)
    assert (found.age_days, found.reliability, found.credibility, found.children) == (10, "C", "3", 2_000)
    assert (found.as_of, found.published_at, found.claim) == (claim.as_of, claim.published_at, str(claim.pk))


def test_stock_and_cumulative_of_one_source_are_two_figures() -> None:
    source = SourceFactory.create()
    for kind in (ClaimKind.STOCK, ClaimKind.CUMULATIVE):
        ClaimFactory.create(source=source, indicator=ClaimIndicator.HOSPITALISED, kind=kind, value=69)
    assert sorted(f.kind for f in claims("hospitalised")) == ["cumulative", "stock"]
