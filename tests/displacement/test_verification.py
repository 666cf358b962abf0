"""The ladder: every way up and down, who may not verify, and what two independent sources are."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from displacement.actions.casualties import step
from displacement.models import Casualty, CasualtyStep, Source
from displacement.models.casualty import TRANSITIONS, Rung
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    CasualtySourceFactory,
    CorroboratedCasualtyFactory,
    RefutedCasualtyFactory,
    ReportedCasualtyFactory,
    SourceFactory,
    VerifiedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.refusals import refused

pytestmark = pytest.mark.django_db
STATES: dict[Rung, Any] = {
    Rung.ALLEGED: AllegedCasualtyFactory,
    Rung.REPORTED: ReportedCasualtyFactory,
    Rung.CORROBORATED: CorroboratedCasualtyFactory,
    Rung.VERIFIED: VerifiedCasualtyFactory,
    Rung.REFUTED: RefutedCasualtyFactory,
}


def on(rung: Rung) -> Casualty:
    """A casualty on the rung, with sources enough for any."""
    casualty: Casualty = STATES[rung].create()
    CasualtySourceFactory.create_batch(2, casualty=casualty)
    return casualty


@pytest.mark.parametrize("now", list(Rung))
@pytest.mark.parametrize("then", list(Rung))
def test_only_the_ways_of_the_table(now: Rung, then: Rung) -> None:
    told: dict[str, Any] = {
        "casualty": on(now),
        "rung": then,
        "by": UserFactory.create(),
        "reason": "looked into",
    }
    if then in TRANSITIONS[now]:
        casualty = step(**told)
        assert (casualty.rung, casualty.version) == (then, 2)
        assert (casualty.verified_by is not None) == (then == Rung.VERIFIED)
    else:
        sentence = refused("wrong_step", "rung", step, **told)
        assert all(str(way.label) in sentence for way in TRANSITIONS[now])


def test_each_step_is_a_dated_fact_with_one_trace() -> None:
    casualty, by = on(Rung.CORROBORATED), UserFactory.create()
    at = KURSK_MORNING + timedelta(days=1)
    step(casualty=casualty, rung=Rung.VERIFIED, by=by, at=at)
    last = CasualtyStep.objects.latest()
    assert (last.rung, last.occurred_at, last.recorded_by) == ("verified", at, by.pk)
    casualty.refresh_from_db()
    assert (casualty.verified_at, casualty.verified_by) == (at, by.pk)
    assert AuditEvent.objects.get().detail == {"rung": "verified"}


def test_the_recorder_never_verifies() -> None:
    recorder = UserFactory.create()
    casualty = CorroboratedCasualtyFactory.create(recorded_by=recorder.pk)
    sentence = refused("verifier_is_recorder", "rung", step, casualty=casualty, rung="verified", by=recorder)
    assert "Ask somebody else" in sentence
    assert step(casualty=casualty, rung="verified", by=UserFactory.create()).rung == "verified"


def test_the_database_holds_that_the_recorder_never_verifies() -> None:
    casualty = CorroboratedCasualtyFactory.create()
    Casualty.objects.filter(pk=casualty.pk).update(recorded_by=(verifier := UserFactory.create()).pk)
    with pytest.raises(Exception, match="casualty_verifier_is_not_recorder"):
        Casualty.objects.filter(pk=casualty.pk).update(
            rung="verified", verified_at=KURSK_MORNING, verified_by=verifier.pk
        )


@pytest.mark.parametrize("question", ["who", "what", "when", "where"])
def test_verified_needs_two_sources_for_each_question(question: str) -> None:
    casualty = CorroboratedCasualtyFactory.create(sources=1)
    second = CasualtySourceFactory.create(casualty=casualty, **{f"supports_{question}": False})
    told: dict[str, Any] = {"casualty": casualty, "rung": "verified", "by": UserFactory.create()}
    sentence = refused("not_corroborated", "rung", step, **told)
    assert f"{question} it was" in sentence or question == "what"
    setattr(second, f"supports_{question}", True)
    second.save()
    assert step(**told).rung == "verified"


def test_corroborated_needs_two_sources_for_what_happened() -> None:
    casualty, by = ReportedCasualtyFactory.create(), UserFactory.create()
    refused("not_corroborated", "rung", step, casualty=casualty, rung="corroborated", by=by)
    CasualtySourceFactory.create(casualty=casualty, supports_who=False)
    assert step(casualty=casualty, rung="corroborated", by=by).rung == "corroborated"


def test_an_echo_counts_once() -> None:
    """A newspaper that repeats the governor, and a channel that repeats the newspaper, are the governor's one word."""
    governor, newspaper, channel = SourceFactory.create_batch(3)
    casualty = CorroboratedCasualtyFactory.create(sources=0)
    CasualtySourceFactory.create(casualty=casualty, source=governor)
    CasualtySourceFactory.create(casualty=casualty, source=newspaper, origin=governor)
    CasualtySourceFactory.create(casualty=casualty, source=channel, origin=newspaper)
    told: dict[str, Any] = {"casualty": casualty, "rung": "verified", "by": UserFactory.create()}
    refused("not_corroborated", "rung", step, **told)
    CasualtySourceFactory.create(casualty=casualty)
    assert step(**told).rung == "verified"


def test_one_source_that_speaks_twice_counts_once() -> None:
    source: Source = SourceFactory.create()
    casualty = CorroboratedCasualtyFactory.create(sources=0)
    CasualtySourceFactory.create_batch(2, casualty=casualty, source=source)
    refused("not_corroborated", "rung", step, casualty=casualty, rung="verified", by=UserFactory.create())


def test_sources_that_only_repeat_each_other_are_one_voice() -> None:
    one, other = SourceFactory.create_batch(2)
    casualty = CorroboratedCasualtyFactory.create(sources=0)
    CasualtySourceFactory.create(casualty=casualty, source=one, origin=other)
    CasualtySourceFactory.create(casualty=casualty, source=other, origin=one)
    refused("not_corroborated", "rung", step, casualty=casualty, rung="verified", by=UserFactory.create())


def test_a_voided_source_says_nothing() -> None:
    casualty = CorroboratedCasualtyFactory.create(sources=1)
    CasualtySourceFactory.create(casualty=casualty, voided=True)
    refused("not_corroborated", "rung", step, casualty=casualty, rung="verified", by=UserFactory.create())


@pytest.mark.parametrize(("now", "then"), [(Rung.VERIFIED, Rung.REFUTED), (Rung.REFUTED, Rung.REPORTED)])
def test_refuting_and_taking_up_again_need_a_reason(now: Rung, then: Rung) -> None:
    casualty, by = on(now), UserFactory.create()
    refused("reason_needed", "reason", step, casualty=casualty, rung=then, by=by, reason=" ")
    refused("max_length", "reason", step, casualty=casualty, rung=then, by=by, reason="a" * 301)
    assert step(casualty=casualty, rung=then, by=by, reason="Found alive.").verified_at is None


def test_a_step_comes_after_the_one_before_it() -> None:
    casualty, by = on(Rung.ALLEGED), UserFactory.create()
    early, late = KURSK_MORNING - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    refused("too_early", "at", step, casualty=casualty, rung="reported", by=by, at=early)
    refused("in_future", "at", step, casualty=casualty, rung="reported", by=by, at=late)
    refused("void", "", step, casualty=AllegedCasualtyFactory.create(voided=True), rung="reported", by=by)
