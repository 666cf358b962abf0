"""The report shows the chosen claim first, the others beside it, and says by whom none was chosen."""

from datetime import date, timedelta

import pytest

from regions.models import Operation
from reports.editions.build import build_report
from reports.editions.report import SituationReport
from reports.rendering.encode import from_json, to_json
from reports.rendering.text import render_text
from tests.factories.displacement import ClaimChoiceFactory, ClaimFactory, KilledClaimFactory, SourceFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, kursk_tree, region

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 8)
HOUR = timedelta(hours=1)


@pytest.fixture
def operation() -> Operation:
    """Kursk, since 6 August."""
    kursk_tree()
    return RunningOperationFactory.create()


def built(operation: Operation) -> SituationReport:
    """The report of 8 August."""
    known_at = operation.due_at(DAY)
    return build_report(
        operation=operation,
        region=region("RU-KRS"),
        local_day=DAY,
        known_at=known_at,
        number=1,
        previous=None,
    )


def first(report: SituationReport, indicator: str) -> str:
    """Whose claim stands first among the key figures."""
    return next(f.source for f in report.key_figures if f.indicator == indicator and f.claim)


def test_without_a_choice_the_newest_leads_and_the_report_says_that_nobody_chose(
    operation: Operation,
) -> None:
    ClaimFactory.create(source=SourceFactory.create(name="Governor"))
    ClaimFactory.create(source=SourceFactory.create(name="Ministry"), as_of=KURSK_MORNING + HOUR)
    report = built(operation)
    assert first(report, "evacuated") == "Ministry"
    assert report.method[-1].startswith("Nobody has chosen which claim leads on these: Evacuated or left.")


def test_the_chosen_claim_leads_everywhere_and_the_others_stay_beside_it(operation: Operation) -> None:
    governor = ClaimFactory.create(source=SourceFactory.create(name="Governor"))
    ClaimFactory.create(
        source=SourceFactory.create(name="Ministry"), as_of=KURSK_MORNING + HOUR, value=76_000
    )
    ClaimChoiceFactory.create(claim=governor, reason="It names its districts.")
    report = built(operation)
    total = next(row for row in report.regions if row.is_total)
    assert total.evacuated is not None
    assert (first(report, "evacuated"), total.evacuated.source) == ("Governor", "Governor")
    assert {claim.source for claim in report.claims} == {"Governor", "Ministry"}
    assert report.method[-1] == (
        "Evacuated or left: the claim of Governor (about 121,000) leads. A named person chose it: It names its districts."
    )
    assert "76,000" in render_text(report).decode()
    assert from_json(to_json(report)) == report


def test_a_choice_ends_when_its_source_says_something_newer_and_counts_from_when_it_was_known(
    operation: Operation,
) -> None:
    source = SourceFactory.create(name="Governor")
    choice = ClaimChoiceFactory.create(claim=ClaimFactory.create(source=source))
    ClaimFactory.create(source=SourceFactory.create(name="Ministry"), as_of=KURSK_MORNING + HOUR)
    late = ClaimChoiceFactory.create(claim=choice.claim, recorded_at=operation.due_at(DAY) + HOUR)
    assert late.reason
    assert first(built(operation), "evacuated") == "Governor"
    ClaimFactory.create(source=source, as_of=KURSK_MORNING + HOUR / 2)
    assert first(built(operation), "evacuated") == "Ministry"


def test_red_cross_one_and_government_two_are_nowhere_three(operation: Operation) -> None:
    """Whichever is chosen: the numbers of a report about nothing else are 1 and 2."""
    one = KilledClaimFactory.create(source=SourceFactory.create(name="Red Cross"), value=1, qualifier="exact")
    KilledClaimFactory.create(source=SourceFactory.create(name="Government"), value=2, qualifier="exact")
    for _chosen in (False, True):
        report = built(operation)
        said = [f for f in (*report.key_figures, *report.claims) if f.claim]
        assert {f.value for f in said} == {1, 2}
        sentences = (*report.highlights, *report.casualty_sentences, *report.flags)
        assert not any("3 killed" in text or "3 verified" in text for text in sentences)
        assert [c.value for row in report.casualties for c in row.claims] in ([2, 1], [1, 2])
        ClaimChoiceFactory.create(claim=one)
