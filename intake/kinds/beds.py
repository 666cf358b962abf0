"""Which of a list's stays there is a bed for, set-wise: as a check-in at the desk decides for one."""

from intake.kinds import departures, life
from intake.kinds.asking import Asking
from intake.models.staging import Severity
from shelters.models.shelter import RUNNING, Phase

_RUNNING = ", ".join(f"'{phase}'" for phase in sorted(RUNNING))
#: What each shelter offers now, and how many people sleep there.
_PRESENT = (
    "SELECT site.id, state.phase, CASE WHEN state.phase = '"
    + Phase.FULL
    + "' THEN 0 WHEN state.places_open IS NULL THEN NULL"
    " ELSE greatest(state.places_open - state.places_blocked, 0) - people.stay END AS free"
    " FROM shelters_shelter site LEFT JOIN LATERAL (SELECT * FROM shelters_shelterstate state"
    " WHERE state.shelter_id = site.id AND state.voided_at IS NULL"
    " ORDER BY occurred_at DESC, recorded_at DESC, id DESC LIMIT 1) state ON true"
    " CROSS JOIN LATERAL (SELECT count(*) AS stay FROM shelters_stay stay WHERE stay.shelter_id = site.id"
    " AND stay.voided_at IS NULL AND stay.ended_at IS NULL) people"
)


def judge(asking: Asking) -> None:
    """What the register decides, and may decide otherwise by the time that the rows are written."""
    since, until = (f"nullif({asking.slot(name)}, '')::timestamptz" for name in ("since", "until"))
    person = f"nullif({asking.slot('person')}, '')::uuid"
    site = f"nullif({asking.slot('shelter')}, '')::uuid"
    mine = f"stay.person_id = {person} AND stay.voided_at IS NULL"
    same = f"{mine} AND stay.shelter_id = {site} AND stay.occurred_at = {since}"
    asking.know("stay.id", "shelters_stay stay", f"{same} AND stay.ended_at IS NOT DISTINCT FROM {until}")
    departures.judge(asking)
    asking.refuse(
        "already_checked_in",
        "since",
        f"s.known_as IS NULL AND {asking.slot('ends')} = '' AND {since} IS NOT NULL"
        f" AND EXISTS (SELECT FROM shelters_stay stay WHERE {mine}"
        f" AND tstzrange(stay.occurred_at, stay.ended_at) && tstzrange({since}, {until}))",
    )
    life.refuse_after_death(asking, "since")


def refuse_overlaps(asking: Asking) -> None:
    """Of rows that have one person in two beds, the first stands. One statement."""
    when = [
        f"tstzrange(nullif({asking.slot('since', row)}, '')::timestamptz,"
        f" nullif({asking.slot('until', row)}, '')::timestamptz)"
        for row in ("s", "t")
    ]
    are_new = " AND ".join(
        f"{asking.slot('since', row)} <> '' AND {asking.slot('ends', row)} = ''" for row in ("s", "t")
    )
    asking.refuse(
        "overlaps",
        "since",
        "true",
        source=(
            "JOIN (SELECT s.number AS own, min(t.number) AS number FROM intake_stagedrow s JOIN intake_stagedrow t"
            f" ON t.batch_id = s.batch_id AND {asking.slot('person', 't')} = {asking.slot('person')}"
            f" AND t.number < s.number AND t.severity < {Severity.ERROR:d} AND {are_new} AND {' && '.join(when)}"
            f" WHERE {asking.rows_asked} GROUP BY s.number) first ON first.own = s.number"
        ),
        other="first.number",
    )


def refuse_closed(asking: Asking) -> None:
    """Nobody goes on staying in a house that is not open. One statement."""
    asking.refuse(
        "shelter_not_open",
        "shelter_name",
        f"{_goes_on(asking)} AND coalesce(present.phase, '') NOT IN ({_RUNNING})",
        source=f"JOIN ({_PRESENT}) present ON present.id = nullif({asking.slot('shelter')}, '')::uuid",
    )


def _goes_on(asking: Asking) -> str:
    """The SQL condition for new stays without an end: they need a bed now."""
    return f"s.known_as IS NULL AND {asking.slot('until')} = ''"


def count(asking: Asking) -> None:
    """Refuse rows for full rooms, and mark those for whom no place is left, in the order of the list. Four statements.

    A shelter that never reported how many places it has cannot be said to be full.
    """
    staying = _goes_on(asking)
    asking.refuse(
        "room_full",
        "room",
        f"{staying} AND bed.is_over",
        source=(
            "JOIN (SELECT s.number, row_number() OVER (PARTITION BY room.id ORDER BY s.number) + (SELECT count(*)"
            " FROM shelters_stay stay WHERE stay.room_id = room.id AND stay.voided_at IS NULL AND stay.ended_at IS NULL)"
            " > room.beds AS is_over"
            f" FROM intake_stagedrow s JOIN shelters_room room ON room.id = nullif({asking.slot('room_id')}, '')::bigint"
            f" WHERE {asking.rows_asked} AND {staying}) bed ON bed.number = s.number"
        ),
    )
    asking.fill("is_over", "''", "(SELECT) one", f"{asking.slot('is_over')} <> ''")
    asking.run(
        f"UPDATE intake_stagedrow s SET value[{asking.kind.slots['is_over'] + 1}] = 'yes' FROM (SELECT s.number,"
        f" row_number() OVER (PARTITION BY {asking.slot('shelter')} ORDER BY s.number) > present.free AS is_over"
        f" FROM intake_stagedrow s JOIN ({_PRESENT}) present ON present.id = nullif({asking.slot('shelter')}, '')::uuid"
        f" WHERE {asking.rows_asked} AND {staying}) bed"
        " WHERE s.batch_id = %(batch)s AND s.number = bed.number AND bed.is_over"
    )
