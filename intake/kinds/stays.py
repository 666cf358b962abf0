"""Stays: one row for each person in a shelter, from when to when. The last bed is given once, also by a list.

A row that tells when somebody left ends the stay that goes on (see intake.kinds.departures).
"""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.actions.record import record
from intake.kinds import beds, departures, life, sites, who
from intake.kinds.asking import Asking
from intake.kinds.kind import Checking, Chunk, ChunkRow, Field, Kind, Pair, Row, Span, TakingBack
from intake.kinds.shelter_fields import NAME, REGION
from intake.models import Batch
from intake.models.staging import Severity
from intake.tables import copy
from intake.values import read_moment, read_text
from intake.values.reading import Reading
from shelters.models import Stay


class Stays(Kind):
    """Who sleeps where, and who left. One stay at a time per person; over capacity only where somebody looked at the row."""

    name = "stays"
    label = _("Stays in shelters")
    permission = ("shelters.stay", "add")
    record = Stay
    places = ("shelter__region",)
    derived = (*who.DERIVED, *sites.DERIVED, "room_id", "is_over", *departures.DERIVED)
    fields = (
        who.NUMBER,
        who.PERSON_REFERENCE,
        Field("shelter_name", NAME.label, NAME.read, words=NAME.words, tags=NAME.tags, is_required=True),
        Field("region", REGION.label, REGION.read, words=REGION.words, tags=REGION.tags, is_region=True),
        Field(
            "room",
            _("room"),
            read_text,
            words=("room", "room number", "комната", "номер комнаты", "кімната", "номер кімнати"),
            tags=("#loc+room",),
        ),
        Field(
            "since",
            _("from"),
            read_moment,
            words=(
                *(
                    "from",
                    "since",
                    "check-in",
                    "check in",
                    "arrival",
                    "checked in",
                    "date in",
                    "с",
                    "заселение",
                ),
                *("дата заселения", "заезд", "дата прибытия", "прибыл", "з", "заселення", "дата заселення"),
            ),
            tags=("#date+start", "#date+from", "#date+in"),
        ),
        Field(
            "until",
            _("until"),
            read_moment,
            words=(
                *("until", "to", "check-out", "check out", "departure", "checked out", "date out"),
                *("по", "выселение"),
                *("дата выселения", "выезд", "дата убытия", "убыл", "до", "виселення", "дата виселення"),
            ),
            tags=("#date+end", "#date+to", "#date+out"),
        ),
    )
    sentences = {
        **who.SENTENCES,
        **sites.SENTENCES,
        **life.SENTENCES,
        **departures.SENTENCES,
        "unknown_room": _("This shelter has no room of this name. Correct the name, or leave it blank."),
        "out_before_in": _("This is before the check-in. Check the time."),
        "already_checked_in": _(
            "This person has a stay at that time already. Check them out there first, or correct the times."
        ),
        "overlaps": _(
            "Another row has this person somewhere at the same time. Correct the times of one of them."
        ),
        "shelter_not_open": _("Nobody can sleep here now: the shelter is not open. Choose one that is open."),
        "over_capacity": _(
            "There is no place left for this person. Take the row only if they do sleep there; it says so in the register."
        ),
        "shelter_full": _(
            "The shelter has become full since this list was checked. Look for places elsewhere."
        ),
        "room_full": _("This room is full. Choose another room, or none."),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """The serial behind each number, and how the shelter is searched for."""
        slots = self.slots

        def prepare(row: Row) -> None:
            who.prepare(row, slots)
            sites.prepare(row, slots, "shelter_name")
            since, until = row.value[slots["since"]], row.value[slots["until"]]
            if not since and not until and row.severity < Severity.ERROR:
                row.refuse("since", "required")
            if since and until and life.moment_of(until) < life.moment_of(since):
                row.refuse("until", "out_before_in")

        return prepare

    def check(self, checking: Checking) -> None:
        """Who and where; what cannot be; then the beds. Some fifty statements."""
        asking = Asking(checking.batch, self)
        departures.resolve_households(asking)
        who.resolve(asking)
        asking.refuse(
            "person_needed",
            "number",
            f"{asking.slot('person')} = '' AND ({asking.slot('household')} = '' OR {asking.slot('since')} <> '')",
        )
        sites.resolve(asking, region=asking.slot("region"))
        asking.refuse("unknown_shelter", "shelter_name", f"{asking.slot('shelter')} = ''")
        site, room = f"nullif({asking.slot('shelter')}, '')::uuid", asking.slot("room")
        asking.fill(
            "room_id",
            "room.id::text",
            "shelters_room room",
            f"room.shelter_id = {site} AND lower(room.name) = lower(nullif({room}, ''))",
        )
        asking.refuse("unknown_room", "room", f"{room} <> '' AND {asking.slot('room_id')} = ''")
        for moment in ("since", "until"):
            life.refuse_the_future(asking, moment)
        life.refuse_before_birth(asking, "since")
        beds.judge(asking)
        beds.refuse_closed(asking)
        beds.refuse_overlaps(asking)
        departures.refuse_repeats(asking)
        beds.count(asking)
        asking.warn("over_capacity", "shelter_name", f"{asking.slot('is_over')} <> ''")

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """Lock the shelters, then the people, as a check-in does, and count again: nobody else gives these beds away now."""
        asking = Asking(span.batch, self, span)
        asking.rows(
            f"SELECT id FROM shelters_shelter WHERE id IN (SELECT nullif({asking.slot('shelter')}, '')::uuid"
            f" FROM intake_stagedrow s WHERE {asking.rows_asked}) ORDER BY id FOR NO KEY UPDATE"
        )
        who.lock(asking)
        who.renew(asking)
        departures.lock(asking)
        beds.judge(asking)
        beds.refuse_closed(asking)
        beds.count(asking)
        asking.refuse(
            "shelter_full",
            "shelter_name",
            f"{asking.slot('is_over')} <> '' AND NOT EXISTS (SELECT FROM intake_finding seen"
            " WHERE seen.batch_id = s.batch_id AND seen.row = s.number AND seen.code = 'over_capacity')",
        )
        return []

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """How many stays begin, and how many end. One statement."""
        ends = f"nullif({checking.slot('ends')}, '')"
        begin, end = checking.rows(
            f"SELECT count(*) FILTER (WHERE {ends} IS NULL), coalesce(sum(cardinality(string_to_array({ends}, ','))), 0)"
            " FROM intake_stagedrow s WHERE s.batch_id = %(batch)s AND s.severity <= %(worst)s AND s.known_as IS NULL"
            " AND NOT s.is_left_out",
            {"worst": int(worst)},
        )[0]
        return {"stays": begin, "stays_ended": end}

    def write(self, chunk: Chunk) -> dict[str, int]:
        """End the stays of those who left, then write the others by COPY, each with one trace."""
        written = departures.write(chunk, self.slots)
        rows = [self._stay(row, chunk) for row in chunk.rows if not row.value[self.slots["ends"]]]
        if not rows:
            return written
        copy(Stay, departures.COLUMNS, rows)
        over = sum(bool(row[-1]) for row in rows)
        detail = {"stays": len(rows), "over": over, "batch": str(chunk.batch.pk), "last": str(rows[-1][0])}
        record("check_in_bulk", Stay(pk=rows[0][0]), by=chunk.by, detail=detail)
        return {"stays": len(rows), **written}

    def take_back(self, undoing: TakingBack, *, partly: bool) -> list[str]:
        """Void the stays that the list brought, and open those again that it ended, as long as nobody went on with them."""
        undoing.gather(self.record, self.parent)
        departures.keep_edited(undoing, self.slots)
        kept = self.named(undoing.ids("SELECT DISTINCT record_id FROM intake_kept ORDER BY 1"))
        if kept and not partly:
            return kept
        undoing.void_records(self.record, "record_id")
        undoing.voided["stays_ended"] += departures.open_again(undoing, self.slots)
        return kept

    def lying(self, batch: Batch) -> Counter[str]:
        """With the stays that the list ended. Two queries."""
        ended = departures.ended_by(batch, self.slots)
        return super().lying(batch) + self.by_region(Stay, Q(pk__in=ended))

    def named(self, ids: list[UUID]) -> list[str]:
        """The registration numbers of those whose stays they are. One query."""
        stays = Stay.objects.filter(pk__in=ids).select_related("person").order_by("pk")
        return [stay.person.number for stay in stays]

    def _stay(self, row: ChunkRow, chunk: Chunk) -> tuple[Any, ...]:
        told = {name: row.value[place] for name, place in self.slots.items()}
        ended_at = life.moment_of(told["until"]) if told["until"] else None
        end = (ended_at, chunk.at, chunk.by.pk) if ended_at else (None, None, None)
        reason = _now("Taken from a list by somebody who looked at the row.") if told["is_over"] else ""
        return (
            *(row.record_id, life.moment_of(told["since"]), chunk.at, chunk.by.pk, None, None, ""),
            *(UUID(told["person"]), UUID(told["shelter"]), int(told["room_id"]) if told["room_id"] else None),
            *(*end, reason),
        )
