"""The invented incidents: casualties at every rung, kept apart from what was claimed."""

import itertools
from collections import defaultdict
from datetime import date, datetime

import pytest
from django.db.models import F, Sum

from displacement.models import Casualty, CasualtySource, CasualtyStep, Incident
from displacement.models.casualty import TRANSITIONS, Outcome, Rung
from intake.scenarios.kursk_2024.days import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scenario")]


def verified_at(moment: datetime) -> int:
    """People killed whose death was verified by the moment."""
    steps = CasualtyStep.objects.known_at(moment).filter(rung=Rung.VERIFIED, casualty__outcome=Outcome.KILLED)
    return steps.aggregate(n=Sum("casualty__people_min"))["n"] or 0


def test_there_are_casualties_at_every_rung_and_of_every_outcome() -> None:
    assert Incident.objects.count() == 15
    assert set(Casualty.objects.values_list("rung", flat=True)) == set(Rung.values)
    assert set(Casualty.objects.values_list("outcome", flat=True)) == set(Outcome.values)


@pytest.mark.parametrize(("outcome", "claimed"), [(Outcome.KILLED, 12), (Outcome.INJURED, 121)])
def test_verified_and_being_corroborated_are_not_what_is_claimed(outcome: Outcome, claimed: int) -> None:
    civilians = Casualty.objects.filter(outcome=outcome).exclude(civilian_status="combatant")
    totals = []
    for rungs in ([Rung.VERIFIED], [Rung.ALLEGED, Rung.REPORTED, Rung.CORROBORATED]):
        found = civilians.filter(rung__in=rungs).aggregate(least=Sum("people_min"), most=Sum("people_max"))
        totals.append((found["least"], found["most"]))
    (verified, _), (least, most) = totals
    assert 0 < verified < claimed
    assert least < most
    assert claimed not in (least, most, verified + least, verified + most)


def test_steps_follow_the_ladder_and_the_casualty_repeats_the_last() -> None:
    for casualty in Casualty.objects.all():
        rungs = [Rung(rung) for rung in casualty.steps.order_by("recorded_at").values_list("rung", flat=True)]
        assert rungs[0] == Rung.ALLEGED
        assert all(after in TRANSITIONS[before] for before, after in itertools.pairwise(rungs))
        assert casualty.rung == rungs[-1]


def test_the_verifier_is_never_the_recorder() -> None:
    verified = Casualty.objects.filter(rung=Rung.VERIFIED)
    assert not verified.filter(verified_by=F("recorded_by")).exists()
    steps = CasualtyStep.objects.filter(rung=Rung.VERIFIED)
    assert not steps.filter(recorded_by=F("casualty__recorded_by")).exists()


@pytest.mark.parametrize("dimension", ["who", "what", "when", "where"])
def test_each_of_the_four_questions_has_two_independent_sources_before_it_is_verified(dimension: str) -> None:
    independent: defaultdict[object, set[int]] = defaultdict(set)
    for told in CasualtySource.objects.filter(**{f"supports_{dimension}": True}):
        independent[told.casualty_id].add(told.origin_id or told.source_id)
    for casualty in Casualty.objects.filter(rung=Rung.VERIFIED):
        assert len(independent[casualty.pk]) >= 2


def test_sources_told_before_the_step_that_they_carry() -> None:
    for step in CasualtyStep.objects.filter(rung__in=[Rung.CORROBORATED, Rung.VERIFIED]):
        told = CasualtySource.objects.filter(casualty=step.casualty_id)
        assert told.exists()
        assert not told.filter(recorded_at__gt=step.recorded_at).exists()


def test_what_is_verified_grows_from_day_to_day() -> None:
    by_day = [verified_at(local(date(2024, 8, day), 6)) for day in (8, 10, 11, 13)]
    assert by_day[0] == 0
    assert by_day == sorted(by_day)
    assert len(set(by_day)) > 2


def test_no_victim_has_a_name() -> None:
    assert set(Casualty.objects.values_list("victim_name", flat=True)) == {""}
