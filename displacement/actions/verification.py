"""Climbing the verification ladder, one dated step at a time."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.versions import refuse_void
from displacement.corroboration import NEEDED, QUESTIONS, independent_voices
from displacement.models import Casualty, CasualtySource, CasualtyStep
from displacement.models.casualty import TRANSITIONS, Rung

_WORDS = {
    "who": gettext_lazy("who it was"),
    "what": gettext_lazy("what happened"),
    "when": gettext_lazy("when it was"),
    "where": gettext_lazy("where it was"),
}


@whole_or_refused()
def step(
    *, casualty: Casualty, rung: str, by: Actor, reason: str = "", at: datetime | None = None
) -> Casualty:
    """Put a casualty on the next rung, as a dated fact. Six queries.

    Corroborated needs two independent sources that tell what happened; verified needs two for each of who, what, when and
    where, and somebody other than the recorder. Refuting, and taking up again what was refuted, need a reason.
    Raises ValidationError with a sentence that says what is missing, and nothing is saved.
    """
    locked: Casualty = Casualty.objects.select_for_update(no_key=True).get(pk=casualty.pk)
    refuse_void(locked)
    now = timezone.now()
    moment = at or now
    refusals = Refusals()
    _check_way(refusals, locked, rung, reason)
    refusals.raise_any()
    _check_time(refusals, locked, moment, now)
    if rung == Rung.VERIFIED and by.pk == locked.recorded_by:
        refusals.add(
            "rung",
            _("You recorded this casualty. Ask somebody else, a casualty verifier, to verify it."),
            "verifier_is_recorder",
        )
    _check_voices(refusals, locked, rung)
    refusals.raise_any()
    CasualtyStep.objects.create(
        casualty=locked,
        rung=rung,
        reason=reason.strip(),
        occurred_at=moment,
        recorded_at=now,
        recorded_by=by.pk,
    )
    is_verified = rung == Rung.VERIFIED
    locked.rung = rung
    locked.verified_at, locked.verified_by = (moment, by.pk) if is_verified else (None, None)
    locked.version += 1
    locked.save(update_fields=["rung", "verified_at", "verified_by", "version"])
    record("step", locked, by=by, reason=reason.strip(), detail={"rung": str(rung)})
    return locked


def _check_way(refusals: Refusals, casualty: Casualty, rung: str, reason: str) -> None:
    """Only the ladder's own steps, each with the reason that it needs."""
    allowed = TRANSITIONS[Rung(casualty.rung)]
    if rung not in allowed:
        ways = ", ".join(str(way.label) for way in Rung if way in allowed)
        refusals.add(
            "rung",
            _("From “%(now)s” it can only become: %(ways)s.")
            % {"now": casualty.get_rung_display(), "ways": ways},
            "wrong_step",
        )
        return
    is_needed = Rung.REFUTED in (rung, casualty.rung)
    refusals.check_reason(reason, _("Say why: others will read it.") if is_needed else "")


def _check_time(refusals: Refusals, casualty: Casualty, moment: datetime, now: datetime) -> None:
    """A step comes after what happened and after the step before it; otherwise the latest step would not decide."""
    if not refusals.check_moment("at", moment, now=now):
        return
    last = CasualtyStep.objects.current().filter(casualty=casualty).order_by("-occurred_at").first()
    if moment < casualty.occurred_at or (last is not None and moment < last.occurred_at):
        refusals.add("at", _("This is before the step that led here. Check the time."), "too_early")


def _check_voices(refusals: Refusals, casualty: Casualty, rung: str) -> None:
    """Enough independent sources for the rung; an echo of the same word counts once."""
    asked = {Rung.CORROBORATED: ("what",), Rung.VERIFIED: QUESTIONS}.get(Rung(rung), ())
    if not asked:
        return
    voices = independent_voices(CasualtySource.objects.current().filter(casualty=casualty))
    missing = [str(_WORDS[question]) for question in asked if voices[question] < NEEDED]
    if missing:
        refusals.add(
            "rung",
            _(
                "Two independent sources are needed for: %(missing)s. Whoever repeats another's word counts once."
            )
            % {"missing": ", ".join(missing)},
            "not_corroborated",
        )
