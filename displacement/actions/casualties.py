"""Recording incidents and their victims, and what sources tell of them. How far it is established: `verification`."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import Organisation
from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from displacement.actions.birth import latest_day
from displacement.actions.verification import step
from displacement.actions.versions import refuse_void
from displacement.models import Casualty, CasualtySource, CasualtyStep, Incident, Person, Source
from displacement.models.casualty import CivilianStatus, Outcome, Rung, VictimAge, VictimSex
from displacement.models.incident import IncidentCause, IncidentPlace, TimePrecision
from regions.models import Region

__all__ = ["attach_source", "inform_next_of_kin", "record", "record_incident", "step"]


@whole_or_refused()
def record_incident(
    *,
    organisation: Organisation,
    region: Region,
    occurred_at: datetime,
    by: Actor,
    occurred_until: datetime | None = None,
    precision: str = TimePrecision.DAY,
    cause: str = IncidentCause.UNKNOWN,
    place: str = IncidentPlace.UNKNOWN,
    description: str = "",
    id: UUID | None = None,
) -> Incident:
    """Open the file of an incident; its victims are recorded into it. Two queries. Raises ValidationError at the fields."""
    now = timezone.now()
    incident = Incident(
        id=id or uuid7(),
        organisation=organisation,
        region=region,
        occurred_at=occurred_at,
        occurred_until=occurred_until,
        precision=precision,
        cause=cause,
        place=place,
        description=description.strip(),
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals = Refusals()
    refusals.check_fields(incident)
    began = refusals.check_moment("occurred_at", occurred_at, now=now)
    if (
        occurred_until is not None
        and refusals.check_moment("occurred_until", occurred_until, now=now)
        and began
        and occurred_until < occurred_at
    ):
        refusals.add(
            "occurred_until", _("An incident cannot end before it begins. Check both times."), "ends_early"
        )
    refusals.raise_any()
    incident.save()
    leave_trace("record", incident, by=by, detail={"cause": cause})
    return incident


@whole_or_refused()
def record(
    *,
    incident: Incident,
    outcome: str,
    by: Actor,
    occurred_at: datetime | None = None,
    people_min: int = 1,
    people_max: int = 1,
    civilian_status: str = CivilianStatus.UNKNOWN,
    sex: str = VictimSex.UNKNOWN,
    age: str = VictimAge.UNKNOWN,
    died_on: date | None = None,
    victim_name: str = "",
    person: Person | None = None,
    id: UUID | None = None,
) -> Casualty:
    """Record a victim, or a group with a lowest and a highest number, as alleged. Four queries.

    Raises ValidationError at the fields, and nothing is saved.
    """
    now = timezone.now()
    casualty = Casualty(
        id=id or uuid7(),
        incident=Incident.objects.select_for_update(no_key=True).get(pk=incident.pk),
        outcome=outcome,
        occurred_at=occurred_at or incident.occurred_at,
        people_min=people_min,
        people_max=people_max,
        civilian_status=civilian_status,
        sex=sex,
        age=age,
        died_on=died_on,
        victim_name=victim_name.strip(),
        person=person,
        recorded_at=now,
        recorded_by=by.pk,
    )
    _check_victim(casualty, now)
    casualty.save()
    CasualtyStep.objects.create(
        casualty=casualty,
        rung=Rung.ALLEGED,
        occurred_at=casualty.occurred_at,
        recorded_at=now,
        recorded_by=by.pk,
    )
    leave_trace("record", casualty, by=by, detail={"outcome": outcome, "people": [people_min, people_max]})
    return casualty


@whole_or_refused()
def attach_source(
    *,
    casualty: Casualty,
    source: Source,
    by: Actor,
    occurred_at: datetime,
    origin: Source | None = None,
    supports_who: bool = False,
    supports_what: bool = False,
    supports_when: bool = False,
    supports_where: bool = False,
    note: str = "",
) -> CasualtySource:
    """Attach what one source told of the victim at `occurred_at`. Three queries.

    `origin` is whose word it repeats; naming the source itself is the same as none. Raises ValidationError at the fields.
    """
    locked: Casualty = Casualty.objects.select_for_update(no_key=True).get(pk=casualty.pk)
    refuse_void(locked, field="casualty")
    now = timezone.now()
    told = CasualtySource(
        casualty=locked,
        source=source,
        origin=None if origin == source else origin,
        supports_who=supports_who,
        supports_what=supports_what,
        supports_when=supports_when,
        supports_where=supports_where,
        note=note.strip(),
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals = Refusals()
    refusals.check_fields(told)
    if refusals.check_moment("occurred_at", occurred_at, now=now) and occurred_at < locked.occurred_at:
        refusals.add(
            "occurred_at", _("A source cannot tell of it before it happened. Check both times."), "too_early"
        )
    if not (supports_who or supports_what or supports_when or supports_where):
        refusals.add(
            "supports_what", _("Say what the source tells: who, what, when or where."), "tells_nothing"
        )
    refusals.raise_any()
    told.save()
    leave_trace("attach_source", locked, by=by, detail={"source": source.pk})
    return told


@whole_or_refused()
def inform_next_of_kin(*, casualty: Casualty, by: Actor, at: datetime | None = None) -> Casualty:
    """Record that the next of kin have been told, which is the gate before any name is shown to anyone new. Three queries."""
    locked: Casualty = Casualty.objects.select_for_update(no_key=True).get(pk=casualty.pk)
    refuse_void(locked)
    if locked.next_of_kin_informed_at is not None:
        raise refusal(
            _("It is recorded already that the next of kin were informed."), code="informed_already"
        )
    now = timezone.now()
    told_at = at or now
    refusals = Refusals()
    if refusals.check_moment("at", told_at, now=now) and told_at < locked.occurred_at:
        refusals.add("at", _("They cannot have been told before it happened. Check the time."), "too_early")
    refusals.raise_any()
    locked.next_of_kin_informed_at, locked.next_of_kin_informed_by = told_at, by.pk
    locked.version += 1
    locked.save(update_fields=["next_of_kin_informed_at", "next_of_kin_informed_by", "version"])
    leave_trace("inform_next_of_kin", locked, by=by)
    return locked


def _check_victim(casualty: Casualty, now: datetime) -> None:
    """Everything about a new victim that can be judged without looking at others."""
    refuse_void(casualty.incident, field="incident")
    refusals = Refusals()
    refusals.check_fields(casualty)
    if (
        refusals.check_moment("occurred_at", casualty.occurred_at, now=now)
        and casualty.occurred_at < casualty.incident.occurred_at
    ):
        refusals.add(
            "occurred_at", _("This is before the incident began. Check the time."), "before_incident"
        )
    if casualty.people_min < 1 or casualty.people_max < casualty.people_min:
        refusals.add(
            "people_max", _("The lowest number is at least one and not above the highest."), "people_range"
        )
    if casualty.people_max > 1 and (casualty.victim_name or casualty.person_id):
        refusals.add(
            "victim_name",
            _("A group has no name. Record each victim whose name is known alone."),
            "group_with_name",
        )
    _check_death(refusals, casualty, now)
    refusals.raise_any()


def _check_death(refusals: Refusals, casualty: Casualty, now: datetime) -> None:
    """Who died later has a day of death; nobody else does."""
    if (casualty.outcome == Outcome.DIED_LATER) != (casualty.died_on is not None):
        refusals.add(
            "died_on", _("Give the day of death where somebody died later, and only there."), "day_of_death"
        )
    elif casualty.died_on is not None and casualty.died_on > latest_day(now):
        refusals.add("died_on", _("This day of death is in the future. Check it."), "in_future")
    elif casualty.died_on is not None and casualty.died_on < casualty.occurred_at.date():
        refusals.add(
            "died_on", _("This day of death is before it happened. Check both days."), "death_too_early"
        )
