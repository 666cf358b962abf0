"""Rows of a list of stays that say who left: each ends what goes on, set-wise, as a check-out does for one stay.

The slot `ends` holds the ids of the stays that a row ends, with commas between: one for a person, several for a household.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from audit.actions.record import record
from intake.kinds import life
from intake.kinds.asking import Asking, in_reach
from intake.kinds.kind import Chunk, TakingBack
from intake.models import Batch
from intake.tables import copy
from shelters.models import Stay

#: The slots that a row needs for it.
DERIVED = ("ends",)
SENTENCES = {
    "not_here": _(
        "There is no stay in this shelter for this row to end. Check number and shelter, or check them in first."
    ),
    "ended_otherwise": _(
        "This stay has ended already, at another time. If the list is right, void the stay on its page and enter it again."
    ),
    "began_otherwise": _(
        "The stay that goes on here began at another time. Correct the check-in, or leave it blank to end that stay."
    ),
    "ends_twice": _("An earlier row of this list ends this stay already. Leave one of them out."),
    "out_before_stay": _("The stay began after this time. Check the time."),
    "may_not_end": _(
        "A stay is ended by those who run the shelter. Send them this row, or ask for that role."
    ),
}
#: Columns of a stay, as a list writes them.
COLUMNS = (
    *("id", "occurred_at", "recorded_at", "recorded_by", "voided_at", "voided_by", "void_reason"),
    *("person_id", "shelter_id", "room_id", "ended_at", "ended_recorded_at", "ended_by", "override_reason"),
)
#: Stays that this batch ended, as its rows `s` say, each with the number of the row.
_ENDED = (
    "shelters_stay stay JOIN (SELECT s.lead, s.value[{until}] AS until, one.id::uuid AS id FROM intake_stagedrow s"
    " CROSS JOIN LATERAL unnest(string_to_array(s.value[{ends}], ',')) AS one (id)"
    " WHERE s.batch_id = %(batch)s AND s.known_as IS NULL AND NOT s.is_left_out AND s.value[{ends}] <> '') mine"
    " ON mine.id = stay.id AND stay.voided_at IS NULL AND stay.ended_at = mine.until::timestamptz"
    " AND stay.ended_by = %(author)s AND stay.ended_recorded_at >= %(accepted)s"
)


def resolve_households(asking: Asking) -> None:
    """The household whose number a row gives that tells only an end: everybody of it left. One statement."""
    asking.fill(
        "household",
        "h.id::text",
        "displacement_household h",
        f"{asking.slot('serial')} <> '' AND h.serial = nullif({asking.slot('serial')}, '')::bigint"
        f" AND {asking.slot('since')} = '' AND h.organisation_id = %(organisation)s AND h.voided_at IS NULL"
        f" AND {in_reach('h.registered_in_id')}",
    )


def lock(asking: Asking) -> None:
    """Lock what goes on in these shelters of these people, so that nobody ends it at the same moment. Two statements."""
    for theirs in _theirs(asking):
        asking.rows(
            "SELECT stay.id FROM shelters_stay stay WHERE stay.id IN (SELECT stay.id FROM intake_stagedrow s"
            f" JOIN shelters_stay stay ON {theirs} WHERE {asking.rows_asked} AND {asking.slot('until')} <> ''"
            " AND stay.ended_at IS NULL) ORDER BY stay.id FOR NO KEY UPDATE"
        )


def judge(asking: Asking) -> None:
    """Which stays each row ends; what it repeats; what cannot be. Some twelve statements."""
    since, until = (f"nullif({asking.slot(name)}, '')::timestamptz" for name in ("since", "until"))
    ends, place = asking.slot("ends"), asking.kind.slots["ends"] + 1
    told = f"s.known_as IS NULL AND {asking.slot('until')} <> ''"
    alone = f"{told} AND {since} IS NULL"
    asking.fill("ends", "''", "(SELECT) one", f"{ends} <> ''")
    for theirs in _theirs(asking):
        going_on = f"{theirs} AND stay.ended_at IS NULL"
        asking.know(
            "stay.id",
            "shelters_stay stay",
            f"{alone} AND {theirs} AND stay.ended_at = {until} AND NOT EXISTS (SELECT FROM shelters_stay stay"
            f" WHERE {going_on} AND stay.occurred_at < {until})",
        )
        asking.run(
            f"UPDATE intake_stagedrow s SET value[{place}] = found.ids FROM (SELECT s.number,"
            " string_agg(stay.id::text, ',' ORDER BY stay.id) AS ids FROM intake_stagedrow s"
            f" JOIN shelters_stay stay ON {going_on} AND stay.occurred_at = coalesce({since}, stay.occurred_at)"
            f" WHERE {asking.rows_asked} AND {told} GROUP BY s.number) found"
            " WHERE s.batch_id = %(batch)s AND s.number = found.number"
        )
        ended = f"EXISTS (SELECT FROM shelters_stay stay WHERE {theirs} AND stay.ended_at <> {until}"
        asking.refuse("ended_otherwise", "until", f"{alone} AND {ends} = '' AND {ended})")
        asking.refuse(
            "ended_otherwise", "until", f"{told} AND {ends} = '' AND {ended} AND stay.occurred_at = {since})"
        )
        asking.refuse(
            "began_otherwise",
            "since",
            f"{told} AND {ends} = '' AND EXISTS (SELECT FROM shelters_stay stay WHERE {going_on}"
            f" AND tstzrange(stay.occurred_at, NULL) && tstzrange({since}, {until}))",
        )
    asking.refuse("not_here", "shelter_name", f"{alone} AND {ends} = ''")
    _refuse(asking, told, until)


def _refuse(asking: Asking, told: str, until: str) -> None:
    """What a check-out of one stay refuses, and who may not make it."""
    ends, site = asking.slot("ends"), f"nullif({asking.slot('shelter')}, '')::uuid"
    ending = f"{told} AND {ends} <> ''"
    asking.refuse(
        "out_before_stay",
        "until",
        f"{ending} AND EXISTS (SELECT FROM shelters_stay stay"
        f" WHERE stay.id = ANY(string_to_array({ends}, ',')::uuid[]) AND stay.occurred_at > {until})",
    )
    asking.refuse(
        "may_not_end",
        "shelter_name",
        f"{ending} AND NOT EXISTS (SELECT FROM shelters_shelter site WHERE site.id = {site}"
        f" AND site.organisation_id = %(organisation)s AND {in_reach('site.region_id', 'reach_to_change')})",
    )


def refuse_repeats(asking: Asking) -> None:
    """Of rows that end the same stay, the first stands. One statement."""
    each = (
        f"(SELECT s.number, one.id FROM intake_stagedrow s CROSS JOIN LATERAL"
        f" unnest(string_to_array({asking.slot('ends')}, ',')) AS one (id)"
        f" WHERE {asking.rows_asked} AND {asking.slot('ends')} <> '' AND s.known_as IS NULL)"
    )
    asking.refuse(
        "ends_twice",
        "until",
        "true",
        source=(
            f"JOIN (SELECT later.number AS own, min(earlier.number) AS number FROM {each} later JOIN {each} earlier"
            " ON earlier.id = later.id AND earlier.number < later.number GROUP BY 1) first ON first.own = s.number"
        ),
        other="first.number",
    )


def write(chunk: Chunk, slots: dict[str, int]) -> dict[str, int]:
    """End the stays, which frees the beds, with one trace; answers how many. One statement for each time of leaving."""
    ends = {
        UUID(pk): life.moment_of(row.value[slots["until"]])
        for row in chunk.rows
        if row.value[slots["ends"]]
        for pk in row.value[slots["ends"]].split(",")
    }
    if not ends:
        return {}
    moments: dict[datetime, list[UUID]] = {}
    for pk, moment in ends.items():
        moments.setdefault(moment, []).append(pk)
    told = {"ended_recorded_at": chunk.at, "ended_by": chunk.by.pk}
    ended = sum(
        Stay.objects.open().filter(pk__in=ids).update(ended_at=moment, **told)
        for moment, ids in moments.items()
    )
    keys = sorted(ends)
    detail = {"stays": ended, "batch": str(chunk.batch.pk), "last": str(keys[-1])}
    record("check_out_bulk", Stay(pk=keys[0]), by=chunk.by, detail=detail)
    return {"stays_ended": ended}


def keep_edited(undoing: TakingBack, slots: dict[str, int]) -> None:
    """Note what somebody went on with: stays of the list that were ended since, and people who went on after they left.

    Whoever has another stay since, or is recorded as dead since, cannot be taken to sleep here still.
    """
    undoing.run(
        "INSERT INTO intake_kept SELECT u.lead, stay.id FROM intake_undo u JOIN shelters_stay stay ON stay.id = u.record_id"
        " WHERE stay.ended_recorded_at <> stay.recorded_at"
    )
    undoing.run(
        f"INSERT INTO intake_kept SELECT mine.lead, stay.id FROM {_ended(slots)} WHERE EXISTS (SELECT FROM"
        " shelters_stay later WHERE later.person_id = stay.person_id AND later.id <> stay.id AND later.voided_at IS NULL"
        " AND tstzrange(later.occurred_at, later.ended_at) && tstzrange(stay.occurred_at, NULL))"
        " OR EXISTS (SELECT FROM displacement_movement died WHERE died.person_id = stay.person_id AND died.kind = 'died'"
        " AND died.voided_at IS NULL AND died.recorded_at > stay.ended_recorded_at)",
        _author(undoing.batch),
    )


def ended_by(batch: Batch, slots: dict[str, int]) -> list[UUID]:
    """The stays that the list ended, with that end still. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stay.id FROM {_ended(slots)}", {**_author(batch), "batch": batch.pk})
        return [row[0] for row in cursor.fetchall()]


def open_again(undoing: TakingBack, slots: dict[str, int]) -> int:
    """Open again what the list ended, but for what is kept; answers how many.

    The stay with its end is voided and the same stay without one is entered: what was known in between can be counted again.
    """
    undoing.run(
        f"CREATE TEMPORARY TABLE intake_open_again ON COMMIT DROP AS SELECT stay.id FROM {_ended(slots)}"
        " WHERE NOT EXISTS (SELECT FROM intake_kept kept WHERE kept.lead = mine.lead)",
        _author(undoing.batch),
    )
    ids = undoing.ids("SELECT id FROM intake_open_again ORDER BY id")
    if not ids:
        return 0
    undoing.run(
        "UPDATE shelters_stay x SET voided_at = %(at)s, voided_by = %(by)s, void_reason = %(reason)s"
        " WHERE x.id IN (SELECT id FROM intake_open_again)"
    )
    told = undoing.at, undoing.by.pk
    copy(
        Stay,
        COLUMNS,
        (
            (
                *(uuid7(), stay.occurred_at, *told, None, None, ""),
                *(stay.person_id, stay.shelter_id, stay.room_id, None, None, None, stay.override_reason),
            )
            for stay in Stay.objects.filter(pk__in=ids).order_by("pk")
        ),
    )
    detail = {"stays": len(ids), "batch": str(undoing.batch.pk), "last": str(ids[-1])}
    record("open_again_bulk", Stay(pk=ids[0]), by=undoing.by, reason=undoing.reason, detail=detail)
    return len(ids)


def _theirs(asking: Asking) -> Iterator[str]:
    """Two SQL conditions for stays `stay` in the row's shelter: of its person, then of everybody of its household.

    Apart, since a condition with OR has no index that the planner trusts.
    """
    here = f"stay.voided_at IS NULL AND stay.shelter_id = nullif({asking.slot('shelter')}, '')::uuid AND stay.person_id"
    yield f"{here} = nullif({asking.slot('person')}, '')::uuid"
    yield (
        f"{here} IN (SELECT coalesce(p.merged_into_id, p.id) FROM displacement_person p"
        f" WHERE p.voided_at IS NULL AND p.household_id = nullif({asking.slot('household')}, '')::uuid)"
    )


def _ended(slots: dict[str, int]) -> str:
    return _ENDED.format(until=slots["until"] + 1, ends=slots["ends"] + 1)


def _author(batch: Batch) -> dict[str, Any]:
    return {"author": batch.accepted_by, "accepted": batch.accepted_at}
