"""Casualties: one row for each victim, or group of victims. A list says what somebody tells; it never verifies."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from core.names import search_key
from displacement.actions import casualties as acts
from displacement.models import Casualty, CasualtySource, CasualtyStep, Incident
from displacement.models.casualty import CivilianStatus, Outcome, Rung, VictimAge, VictimSex
from displacement.models.incident import IncidentCause, IncidentPlace, TimePrecision
from intake.kinds import files, life, sourced
from intake.kinds.asking import Asking, in_reach
from intake.kinds.casualty_fields import FIELDS
from intake.kinds.kind import Checking, Chunk, ChunkRow, Kind, Pair, Row, Span, TakingBack
from intake.models import Batch
from intake.models.staging import Severity
from intake.values import quantity_of
from intake.values.reading import Reading
from regions.models import Region

#: Rungs on which a list leaves a casualty.
_BEGINNINGS = (Rung.ALLEGED, Rung.REPORTED)


class Casualties(Kind):
    """Victims by incident: rows of one moment, region, place and cause are of one. The ladder begins at alleged or reported.

    Whoever sends the list is the recorder, and so never the verifier.
    """

    name = "casualties"
    label = _("Casualties")
    permission = ("displacement.casualty", "add")
    record = Casualty
    parent = Incident
    places = ("incident__region",)
    derived = ("incident_key", "incident", "low", "high", "name_key")
    group_slot = "incident_key"
    fields = FIELDS
    sentences = {
        **life.SENTENCES,
        **sourced.SENTENCES,
        "people_range": _("The lowest number is at least one and not above the highest."),
        "group_with_name": _("A group has no name. Record each victim whose name is known alone."),
        "day_of_death": _("Give the day of death where somebody died later, and only there."),
        "death_too_early": _("This day of death is before it happened. Check both days."),
        "too_early": _("A source cannot tell of it before it happened. Check both times."),
        "perhaps_recorded": _(
            "A victim like this one is on file for this incident. Take the row only if it is somebody else."
        ),
        "looks_the_same": _(
            "An earlier row is the same, without a name. Take it only if it is somebody else."
        ),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """The incident of the row, the lowest and highest number, and what is wrong with the row by itself."""
        slots = self.slots

        def prepare(row: Row) -> None:
            value = row.value
            told = {name: value[place] for name, place in slots.items()}
            low, high = _numbers(told)
            value[slots["low"]], value[slots["high"]] = str(low), str(high)
            value[slots["name_key"]] = search_key(told["victim_name"])
            if told["occurred_at"] and told["region"]:
                parts = (told["occurred_at"], told["region"], told["place"], told["cause"])
                value[slots["incident_key"]] = "|".join(parts)
            for column, code in _wrong(told, low, high):
                row.refuse(column, code)

        return prepare

    def check(self, checking: Checking) -> None:
        """Where and by whose word; then who is on file already. Some fifteen statements."""
        asking = Asking(checking.batch, self)
        region = f"nullif({asking.slot('region')}, '')::int"
        asking.refuse("unknown_region", "region", f"NOT {in_reach(region)}")
        for moment in ("occurred_at", "said_at"):
            life.refuse_the_future(asking, moment)
        sourced.refuse_unknown(asking, checking.batch)
        files.find_incidents(asking)
        files.know(asking)
        on_file = " AND ".join(f"c.{name} = {files.or_unknown(asking, name)}" for name in ("sex", "age"))
        asking.warn(
            "perhaps_recorded",
            "outcome",
            f"s.known_as IS NULL AND {asking.slot('name_key')} = '' AND EXISTS (SELECT FROM displacement_casualty c"
            f" WHERE c.incident_id = nullif({asking.slot('incident')}, '')::uuid AND c.voided_at IS NULL"
            f" AND c.outcome = {asking.slot('outcome')} AND {on_file})",
        )
        files.find_repeats(asking)

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """Which incidents and victims are on file by now."""
        asking = Asking(span.batch, self, span)
        files.find_incidents(asking)
        files.know(asking)
        return []

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """How many files of victims."""
        return {"casualties": super().effects(checking, worst)["rows"]}

    def write(self, chunk: Chunk) -> dict[str, int]:
        """Victim by victim through the acts of the desk: no list of victims is long. Some fifteen queries a row."""
        written = {"incidents": 0, "casualties": 0}
        regions = Region.objects.in_bulk([int(row.value[self.slots["region"]]) for row in chunk.rows])
        for row in chunk.rows:
            told = {name: row.value[place] for name, place in self.slots.items()}
            incident = Incident.objects.filter(pk=told["incident"] or row.parent_id).first()
            if incident is None:
                incident = self._open(chunk, row, told, regions[int(told["region"])])
                written["incidents"] += 1
            casualty = self._record(chunk, row, told, incident)
            self._attach(chunk, told, casualty)
            written["casualties"] += 1
        return written

    def take_back(self, undoing: TakingBack, *, partly: bool) -> list[str]:
        """Void victims with their sources and steps, and incidents that are empty then.

        Whoever added a source, a further rung or word to the next of kin went on with the file: it is kept.
        """
        rows = "FROM intake_stagedrow WHERE batch_id = %(batch)s AND known_as IS NULL"
        mine = Casualty.objects.current().filter(pk__in=undoing.ids(f"SELECT record_id {rows}"))
        counted = mine.annotate(told=Count("sources", distinct=True), climbed=Count("steps", distinct=True))
        touched = Q(told__gt=1) | Q(climbed__gt=2) | Q(version__gt=F("climbed")) | ~Q(rung__in=_BEGINNINGS)
        kept = list(counted.filter(touched).values_list("pk", flat=True))
        if kept and not partly:
            return self.named(kept)
        chosen = _listed(set(mine.values_list("pk", flat=True)) - set(kept))
        undoing.void(CasualtyStep, f"x.casualty_id IN {chosen}")
        undoing.void(CasualtySource, f"x.casualty_id IN {chosen}")
        undoing.void(Casualty, f"x.id IN {chosen}")
        opened = _listed(undoing.ids(f"SELECT DISTINCT parent_id {rows}"))
        undoing.void(
            Incident,
            f"x.id IN {opened} AND NOT EXISTS (SELECT FROM displacement_casualty c WHERE c.incident_id = x.id"
            " AND c.voided_at IS NULL)",
        )
        return self.named(kept)

    def named(self, ids: list[UUID]) -> list[str]:
        """Casualties as their list shows them, without names."""
        return [str(casualty) for casualty in Casualty.objects.filter(pk__in=ids).order_by("pk")]

    def _open(self, chunk: Chunk, row: ChunkRow, told: dict[str, str], region: Region) -> Incident:
        at = life.moment_of(told["occurred_at"])
        return acts.record_incident(
            id=row.parent_id,
            organisation=chunk.batch.organisation,
            region=region,
            occurred_at=at,
            precision=TimePrecision.MINUTE if at.hour or at.minute else TimePrecision.DAY,
            cause=told["cause"] or IncidentCause.UNKNOWN,
            place=told["place"] or IncidentPlace.UNKNOWN,
            description=told["description"],
            by=chunk.by,
        )

    def _record(self, chunk: Chunk, row: ChunkRow, told: dict[str, str], incident: Incident) -> Casualty:
        return acts.record(
            id=row.record_id,
            incident=incident,
            outcome=told["outcome"],
            people_min=int(told["low"]),
            people_max=int(told["high"]),
            civilian_status=told["civilian_status"] or CivilianStatus.UNKNOWN,
            sex=told["sex"] or VictimSex.UNKNOWN,
            age=told["age"] or VictimAge.UNKNOWN,
            died_on=datetime.fromisoformat(told["died_on"]).date() if told["died_on"] else None,
            victim_name=told["victim_name"],
            by=chunk.by,
        )

    def _attach(self, chunk: Chunk, told: dict[str, str], casualty: Casualty) -> None:
        """Who told it, and so what was alleged is reported. Further rungs are for people who looked at several sources."""
        source = sourced.source_of(told)
        if source is None:
            return
        said_at = life.moment_of(told["said_at"]) if told["said_at"] else casualty.occurred_at
        supports: dict[str, Any] = {"supports_what": True, "supports_when": True, "supports_where": True}
        acts.attach_source(
            casualty=casualty,
            source=source,
            by=chunk.by,
            occurred_at=max(said_at, casualty.occurred_at),
            supports_who=bool(told["victim_name"]),
            note=told["note"],
            **supports,
        )
        acts.step(casualty=casualty, rung=Rung.REPORTED, by=chunk.by)


def _numbers(told: dict[str, str]) -> tuple[int, int]:
    """The lowest and the highest number of people: one where the row says none."""
    low, high = told["people_min"], told["people_max"]
    if low or high:
        return int(low or high), int(high or low)
    quantity = quantity_of(told["people"])
    if quantity is None:
        return 1, 1
    if quantity.value is None:
        return int(quantity.low or 0), int(quantity.high or 0)
    return quantity.value, quantity.value


def _wrong(told: dict[str, str], low: int, high: int) -> list[tuple[str, str]]:
    """What is wrong with the row by itself: columns and codes."""
    wrong = []
    if low < 1 or high < low:
        wrong.append(("people", "people_range"))
    if high > 1 and told["victim_name"]:
        wrong.append(("victim_name", "group_with_name"))
    if bool(told["died_on"]) != (told["outcome"] == Outcome.DIED_LATER):
        wrong.append(("died_on", "day_of_death"))
    if told["died_on"] and told["died_on"] < told["occurred_at"][:10]:
        wrong.append(("died_on", "death_too_early"))
    if (
        told["said_at"]
        and told["occurred_at"]
        and life.moment_of(told["said_at"]) < life.moment_of(told["occurred_at"])
    ):
        wrong.append(("said_at", "too_early"))
    return wrong


def _listed(ids: Iterable[UUID]) -> str:
    """Ids as SQL has them behind IN; one that nothing has where there are none."""
    return "(" + ", ".join([f"'{pk}'::uuid" for pk in ids] or ["NULL"]) + ")"
