"""A report is built from one count: its tables agree, its claims stand apart, and it can be asked for again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from displacement.models.movement import MovementKind
from regions.models import Operation
from reports.editions.build import build_report
from reports.editions.report import SituationReport
from reports.figures.figure import Basis
from reports.figures.mark import shown
from reports.rendering.encode import from_json, to_json
from shelters.models import Shelter
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    ArrivedMovementFactory,
    ClaimFactory,
    KilledClaimFactory,
    MovementFactory,
    PersonFactory,
    PersonNeedFactory,
    SourceFactory,
    VerifiedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import AreaStatusFactory, RunningOperationFactory, kursk_tree, region
from tests.factories.shelters import (
    HeadcountFactory,
    OpenShelterFactory,
    OpenStayFactory,
    ProtectedPlaceFactory,
)
from tests.reports.figures.histories import messy

DAY = date(2024, 8, 8)
ONE = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    """Kursk, since 6 August."""
    kursk_tree()
    return RunningOperationFactory.create()


def built(
    operation: Operation, day: date = DAY, previous: SituationReport | None = None, **more: object
) -> SituationReport:
    """The report of the day as known when it is due."""
    arguments = {"known_at": operation.due_at(day), "number": 1, "previous": previous, **more}
    return build_report(operation=operation, region=region("RU-KRS"), local_day=day, **arguments)  # type: ignore[arg-type]


def scene() -> None:
    """Some of everything on the Kursk morning."""
    left = MovementFactory.create()
    ArrivedMovementFactory.create(person=left.person, occurred_at=KURSK_MORNING + timedelta(hours=2))
    PersonNeedFactory.create(person=left.person)
    away = ArrivedMovementFactory.create(destination=region("RU-ORL"))
    OpenStayFactory.create(person=away.person, shelter=OpenShelterFactory.create(region=region("RU-ORL")))
    MovementFactory.create(origin=region("RU-KRS"), kind=MovementKind.IN_TRANSIT)
    stay = OpenStayFactory.create(person=left.person)
    ProtectedPlaceFactory.create(shelter=stay.shelter, places=0)
    HeadcountFactory.create(shelter=stay.shelter, people=2)
    AreaStatusFactory.create()
    ClaimFactory.create(source=SourceFactory.create(name="Acting governor"))
    KilledClaimFactory.create(source=SourceFactory.create(name="Ministry"))
    VerifiedCasualtyFactory.create()
    AllegedCasualtyFactory.create(people_max=3)


def test_the_same_question_gives_the_same_bytes_after_late_data(operation: Operation) -> None:
    scene()
    messy(5, 12)
    before = to_json(built(operation))
    later = operation.due_at(DAY) + timedelta(hours=1)
    late = PersonFactory.create(recorded_at=later)
    movement = MovementFactory.create(person=late, recorded_at=later)
    ClaimFactory.create(value=1, received_at=later)
    ClaimFactory.create(value=2, recorded_at=later)
    VerifiedCasualtyFactory.create(recorded_at=later)
    HeadcountFactory.create(people=99, recorded_at=later, shelter=Shelter.objects.first())
    movement.voided_at, movement.voided_by, movement.void_reason = later + ONE, movement.recorded_by, "wrong"
    movement.save()
    assert to_json(built(operation)) == before
    assert to_json(built(operation, known_at=later)) != before
    assert to_json(from_json(before)) == before


@pytest.mark.parametrize("seed", range(3))
def test_the_district_table_adds_up(operation: Operation, seed: int) -> None:
    messy(seed)
    report = built(operation)
    total = next(row for row in report.regions if row.is_total)
    parts = [row for row in report.regions if not row.is_total]
    for column in ("left", "displaced", "returned", "in_transit", "hosted", "registered"):
        assert sum(getattr(row, column) for row in parts) == getattr(total, column), column
    [displaced] = [f for f in report.key_figures if f.indicator == "displaced"]
    assert total.displaced == displaced.value == report.series[-1].displaced
    everybody = shown(total.displaced) or 0
    assert everybody > 5
    assert sum(shown(row.total) or 0 for row in report.sex_age) == everybody
    hosts = sum(shown(row.hosted) or 0 for row in report.hosts)
    assert hosts + (shown(total.in_transit) or 0) <= everybody


def test_claims_stand_beside_counts_and_are_never_added(operation: Operation) -> None:
    ClaimFactory.create(source=SourceFactory.create(name="Acting governor"))
    KilledClaimFactory.create(source=SourceFactory.create(name="Red Cross"), value=1, qualifier="exact")
    KilledClaimFactory.create(source=SourceFactory.create(name="Government"), value=2, qualifier="exact")
    MovementFactory.create()
    report = built(operation)
    text = to_json(report).decode()
    assert "about 121,000 people had left or been evacuated by 8 August; 1 are registered" in text
    assert ("121,001" not in text, "121001" not in text) == (True, True)
    [killed] = [row for row in report.casualties if row.outcome == "killed"]
    assert [(c.source, c.value) for c in killed.claims] == [("Government", 2), ("Red Cross", 1)]
    assert (killed.verified_max, killed.corroborating_max) == (0, 0)
    assert not any("3 killed" in text for text in (*report.highlights, *report.casualty_sentences))
    assert sum("killed" in text for text in report.casualty_sentences) == 2


def test_verified_and_being_corroborated_are_separate_sentences(operation: Operation) -> None:
    scene()
    report = built(operation)
    assert report.casualty_sentences[:2] == (
        "Verified civilian casualties: 1 killed.",
        "Still being corroborated, and not included above: 1 to 3 killed.",
    )
    assert report.casualty_sentences[2].startswith(
        "Ministry claimed, as of 8 August and not verified by us: at least 12"
    )
    harm = next(text for text in report.highlights if text.startswith("Civilians killed"))
    assert harm.split(". ")[:2] == [
        "Civilians killed: 1 verified",
        "Still being corroborated, and not included: 1 to 3",
    ]


def test_three_to_six_highlights_and_everything_that_the_report_promises(operation: Operation) -> None:
    scene()
    report = built(operation)
    assert 3 <= len(report.highlights) <= 6
    assert [row.name for row in report.hosts] == ["Oryol Oblast"]
    assert [(row.hosted, row.sheltered, row.elsewhere) for row in report.hosts] == [(1, 1, 0)]
    assert [row.name for row in report.shelters] == ["Kursk", "Oryol Oblast", "All"]
    assert [(need.code, need.people) for need in report.needs] == [("DS", 1)]
    assert {point.region for point in report.map_points} >= {"RU-KRS-SUDZHANSKY", "RU-KRS-KURSK", "RU-ORL"}
    assert [s.count for s in report.silences] == [1, 2]
    assert report.next_due_at == operation.due_at(DAY + ONE)
    assert next(r for r in report.regions if r.status).status == "Evacuation mandatory"
    assert (len(report.series), report.series[-1].occupied_headcount) == (3, 2)


def test_no_name_of_a_person_or_of_a_shelter_enters(operation: Operation) -> None:
    scene()
    text = to_json(built(operation)).decode()
    for secret in ("Ковальчук", "Олена", "School", "Invented"):
        assert secret not in text


def test_nothing_known_makes_a_report_that_says_so(operation: Operation) -> None:
    report = built(operation)
    assert [row.name for row in report.regions] == ["Kursk Oblast"]
    assert (report.shelters, report.hosts, report.claims, report.flags) == ((), (), (), ())
    assert report.highlights == ("0 people from Kursk Oblast are registered as displaced.",)
    assert "no casualty is on file" in " ".join(report.unknowns)
    assert [s.name for s in report.silences] == ["4 districts without any report"]


def test_changes_and_revisions_are_against_the_previous_edition(operation: Operation) -> None:
    MovementFactory.create_batch(2)
    first = built(operation)
    wrong = MovementFactory.create(recorded_at=first.known_at)
    first = built(operation)
    late = first.known_at + timedelta(hours=1)
    for _ in range(3):
        MovementFactory.create(person=PersonFactory.create(recorded_at=late), recorded_at=late)
    wrong.voided_at, wrong.voided_by, wrong.void_reason = late, wrong.recorded_by, "wrong"
    wrong.save()
    MovementFactory.create(occurred_at=KURSK_MORNING + ONE)
    second = built(operation, DAY + ONE, first)
    [displaced] = [f for f in second.key_figures if f.indicator == "displaced"]
    assert (displaced.value, displaced.change) == (6, 3)
    [revision] = second.revisions
    assert (revision.day, revision.before, revision.after) == (DAY, 3, 5)
    assert revision.why == "3 people registered late, 1 movement voided"
    assert second.late_registrations == 3
    assert next(r for r in second.regions if r.is_total).change == 3
    assert all(f.change is None for f in first.key_figures)


def test_revisions_are_the_same_when_asked_again_after_later_voids(operation: Operation) -> None:
    known = PersonFactory.create()
    movement = MovementFactory.create(person=known)
    first = built(operation)
    late = first.known_at + timedelta(hours=1)
    person = PersonFactory.create(recorded_at=late)
    MovementFactory.create(person=person, recorded_at=late)
    before = to_json(built(operation, DAY + ONE, first))
    afterwards = operation.due_at(DAY + ONE) + ONE
    for fact in (movement, person):
        fact.voided_at, fact.voided_by, fact.void_reason = afterwards, fact.recorded_by, "wrong"
        fact.save()
    PersonFactory.create(household=known.household, recorded_at=afterwards)
    newcomer = PersonFactory.create(recorded_at=afterwards)
    MovementFactory.create(person=newcomer, recorded_at=late)
    assert to_json(built(operation, DAY + ONE, first)) == before


def test_the_last_report_of_an_operation_announces_no_other(operation: Operation) -> None:
    operation.ends_on = DAY
    assert built(operation).next_due_at is None
    assert built(operation, DAY - ONE).next_due_at == operation.due_at(DAY)


def test_half_past_eleven_at_night_in_moscow_belongs_to_the_day(operation: Operation) -> None:
    MovementFactory.create(occurred_at=datetime(2024, 8, 8, 20, 30, tzinfo=UTC))
    MovementFactory.create(occurred_at=datetime(2024, 8, 8, 21, 0, tzinfo=UTC))
    totals = [
        next(r for r in built(operation, day).regions if r.is_total).displaced for day in (DAY, DAY + ONE)
    ]
    assert totals == [1, 2]


def test_the_words_are_in_the_language_asked_for(operation: Operation) -> None:
    assert built(operation, language="ru").region_name == "Курская область"
    assert built(operation).region_name == "Kursk Oblast"


@pytest.mark.parametrize("households", [2, 25])
def test_about_twenty_queries_whatever_the_number_of_districts(operation: Operation, households: int) -> None:
    scene()
    messy(2, households)
    first = built(operation)
    with CaptureQueriesContext(connection) as queries:
        built(operation, DAY + ONE, first)
    assert len(queries) == 28, [q["sql"][:70] for q in queries]


def test_claims_of_key_figures_are_the_newest_of_each_source(operation: Operation) -> None:
    ministry = SourceFactory.create(name="Ministry")
    ClaimFactory.create(source=ministry, value=76_000, scope="border districts")
    ClaimFactory.create(
        source=ministry, value=122_000, scope="nine areas", as_of=KURSK_MORNING + timedelta(hours=1)
    )
    report = built(operation)
    said = [f.value for f in report.key_figures if f.basis is Basis.CLAIMED]
    assert (said, {f.value for f in report.claims}) == ([122_000], {76_000, 122_000})
