"""Shelters: one row for each site and what it offers from a moment on. A second list brings new states, not new shelters."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from intake.kinds import life, sites
from intake.kinds.asking import Asking, in_reach
from intake.kinds.kind import Checking, Chunk, ChunkRow, Kind, Pair, Row, Span, TakingBack
from intake.kinds.shelter_fields import FIELDS
from intake.models import Batch
from intake.values.reading import Reading
from regions.models import Region
from shelters.actions import sites as acts
from shelters.models import ProtectedPlace, Shelter, ShelterState
from shelters.models.shelter import CoverType, Phase

_NUMBERS = (
    *("places_announced", "places_set_up", "places_open", "places_blocked"),
    *("floor_area_m2", "toilets", "water_litres_per_day"),
)
_STATE = ("phase", *_NUMBERS, "blocked_reason")
#: The latest state at the row's moment.
_LATEST = (
    "LEFT JOIN LATERAL (SELECT * FROM shelters_shelterstate state WHERE state.shelter_id = nullif({shelter}, '')::uuid"
    " AND state.voided_at IS NULL AND state.occurred_at <= {at} ORDER BY occurred_at DESC, recorded_at DESC, id DESC LIMIT 1)"
    " latest ON true"
)


class Shelters(Kind):
    """Sites by name and region. What a row leaves blank stays as it was."""

    name = "shelters"
    label = _("Shelters")
    permission = ("shelters.shelter", "add")
    record = ShelterState
    places = ("shelter__region",)
    derived = (*sites.DERIVED, "at")
    fields = FIELDS
    sentences = {
        **sites.SENTENCES,
        **life.SENTENCES,
        "shelter_of_others": _(
            "Another organisation runs the shelter of this name here. Leave the row to it, or correct the name."
        ),
        "other_organisation": _(
            "This shelter is run by another organisation than the one for which you sent the list. Leave the row to it."
        ),
        "half_a_point": _("Give latitude and longitude, or neither."),
        "off_the_map": _("This lies outside the map. Check the number."),
        "reason_needed": _("Say why places are blocked."),
        "blocked_above_open": _(
            "More places are blocked than are open. Count blocked places among the open ones."
        ),
        "cover_word": _(
            "Write basement, room without windows, bomb shelter, shelter nearby or two walls here."
        ),
        "cover_needed": _(
            "Say what kind of cover the protected places have: basement, room without windows ..."
        ),
        "fewer_than_people": _(
            "More people sleep there than this leaves places for. Take it only if the number of places is right."
        ),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """The searched name, the moment where none is told (when the list was sent), and what is wrong with a row alone."""
        slots, sent = self.slots, batch.received_at.isoformat()

        def prepare(row: Row) -> None:
            told = {name: row.value[place] for name, place in slots.items()}
            sites.prepare(row, slots, "name")
            row.value[slots["at"]] = told["as_of"] or sent
            if bool(told["latitude"]) != bool(told["longitude"]):
                row.refuse("latitude", "half_a_point")
            for field, most in (("latitude", 90), ("longitude", 180)):
                if told[field] and abs(Decimal(told[field])) > most:
                    row.refuse(field, "off_the_map")
            if int(told["places_blocked"] or 0) and not told["blocked_reason"]:
                row.refuse("blocked_reason", "reason_needed")
            if int(told["places_blocked"] or 0) > int(told["places_open"] or told["places_blocked"] or 0):
                row.refuse("places_blocked", "blocked_above_open")
            if told["protected_places"] and not told["cover"]:
                row.refuse("cover", "cover_needed")

        return prepare

    def check(self, checking: Checking) -> None:
        """Which rows are sites of the register, whose they are, and what they change. Some twelve statements."""
        asking = Asking(checking.batch, self)
        region, at = asking.slot("region"), f"nullif({asking.slot('at')}, '')::timestamptz"
        known_region = f"nullif({region}, '')::int"
        asking.refuse("unknown_region", "region", f"NOT {in_reach(known_region)}")
        life.refuse_the_future(asking, "as_of")
        sites.resolve(asking, region=region)
        self._refuse_others(asking)
        asking.refuse(
            "said_twice",
            "name",
            "s.number > first.number",
            source=(
                f"JOIN (SELECT s.number AS own, min(s.number) OVER (PARTITION BY {region}, {asking.slot('name_key')}, {at})"
                f" AS number FROM intake_stagedrow s WHERE {asking.rows_asked}) first ON first.own = s.number"
            ),
            other="first.number",
        )
        latest = _LATEST.format(shelter=asking.slot("shelter"), at=at)
        self._know(asking, latest)
        usable = f"{asking.slot('places_open')}::int - coalesce(nullif({asking.slot('places_blocked')}, ''), '0')::int"
        people_in = (
            f"(SELECT count(*) FROM shelters_stay stay WHERE stay.shelter_id = {asking.slot('shelter')}::uuid"
            " AND stay.voided_at IS NULL AND stay.ended_at IS NULL)"
        )
        is_told = f"{asking.slot('shelter')} <> '' AND {asking.slot('places_open')} <> ''"
        asking.warn(
            "fewer_than_people",
            "places_open",
            f"CASE WHEN {is_told} THEN {usable} < {people_in} ELSE false END",
        )

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """Whose the sites are by now."""
        self._refuse_others(Asking(span.batch, self, span))
        return []

    def write(self, chunk: Chunk) -> dict[str, int]:
        """Site by site through the same acts as on the desk: a list of sites is short. Some eight queries a row."""
        written = {"shelters": 0, "states": 0}
        regions = Region.objects.in_bulk([int(row.value[self.slots["region"]]) for row in chunk.rows])
        for row in chunk.rows:
            told = {name: row.value[place] for name, place in self.slots.items()}
            known = self._known(told, regions[int(told["region"])])
            if known is None:
                written["shelters"] += 1
                known = self._open(chunk, row, told, regions[int(told["region"])])
            else:
                self._change(chunk, row, told, known)
            written["states"] += 1
            if told["protected_places"]:
                self._protect(chunk, row, told, known)
        return {name: count for name, count in written.items() if count}

    def take_back(self, undoing: TakingBack, *, partly: bool) -> list[str]:
        """Void the states and protected places. A site that the list entered stays as a name without a state."""
        kept = super().take_back(undoing, partly=partly)
        ids = [protected_id(pk) for pk in undoing.ids("SELECT record_id FROM intake_undo")]
        if ids:
            undoing.void(ProtectedPlace, "x.id IN (" + ", ".join(f"'{pk}'" for pk in ids) + ")")
        return kept

    def _refuse_others(self, asking: Asking) -> None:
        """Refuse sites of other organisations, and rows that name another one as the site's manager. Two statements."""
        asking.refuse(
            "shelter_of_others",
            "name",
            f"EXISTS (SELECT FROM shelters_shelter site WHERE site.id = nullif({asking.slot('shelter')}, '')::uuid"
            " AND site.organisation_id <> %(organisation)s)",
        )
        named = f"lower({asking.slot('organisation')})"
        asking.refuse(
            "other_organisation",
            "organisation",
            f"{named} <> '' AND NOT EXISTS (SELECT FROM accounts_organisation own WHERE own.id = %(organisation)s"
            f" AND {named} IN (lower(own.name), lower(own.short_name)))",
        )

    def _know(self, asking: Asking, latest: str) -> None:
        """Rows that tell nothing new are known: the state of that time says the same already. One statement."""
        same = [f"{asking.slot(name)} IN ('', coalesce(latest.{name}::text, ''))" for name in _STATE]
        same += [
            f"{asking.slot(name)} IN ('', coalesce(site.{name}::text, ''))"
            for name in ("site_type", "address")
        ]
        same += [f"{asking.slot(name)} = ''" for name in ("latitude", "is_step_free", "protected_places")]
        asking.run(
            "UPDATE intake_stagedrow s SET known_as = said.id FROM (SELECT s.number, latest.id FROM intake_stagedrow s"
            f" JOIN shelters_shelter site ON site.id = nullif({asking.slot('shelter')}, '')::uuid {latest}"
            f" WHERE {asking.rows_asked} AND latest.id IS NOT NULL AND {' AND '.join(same)}) said"
            " WHERE s.batch_id = %(batch)s AND s.number = said.number"
        )

    def _known(self, told: dict[str, str], region: Region) -> Shelter | None:
        rows: QuerySet[Shelter] = Shelter.objects.filter(region=region)
        if told["shelter"]:
            return rows.filter(pk=told["shelter"]).first()
        # An earlier row of the list may have entered it.
        return rows.filter(name=told["name"]).first() or rows.filter(name_key=told["name_key"]).first()

    def _open(self, chunk: Chunk, row: ChunkRow, told: dict[str, str], region: Region) -> Shelter:
        """A new site. Where no phase is told, it is open if its open places are, and announced otherwise."""
        phase = told["phase"] or (Phase.OPEN if told["places_open"] else Phase.ANNOUNCED)
        return acts.open_site(
            id=row.parent_id,
            name=told["name"],
            region=region,
            organisation=chunk.batch.organisation,
            by=chunk.by,
            state=acts.NewState(id=row.record_id, **{**_told_state(told), "phase": phase}),
            occurred_at=life.moment_of(told["at"]),
            **_told_site(told),
        )

    def _change(self, chunk: Chunk, row: ChunkRow, told: dict[str, str], shelter: Shelter) -> None:
        acts.change(shelter=shelter, version=shelter.version, by=chunk.by, **_told_site(told))
        moment = life.moment_of(told["at"])
        acts.change_state(
            shelter=shelter, by=chunk.by, occurred_at=moment, id=row.record_id, **_told_state(told)
        )

    def _protect(self, chunk: Chunk, row: ChunkRow, told: dict[str, str], shelter: Shelter) -> None:
        acts.add_protected_places(
            id=protected_id(row.record_id),
            shelter=shelter,
            cover=CoverType(told["cover"]),
            places=int(told["protected_places"]),
            by=chunk.by,
            occurred_at=life.moment_of(told["at"]),
        )


def protected_id(state: UUID) -> UUID:
    """The id of the protected places that a row told of beside the state, so that both are found again."""
    return UUID(int=state.int ^ 1)


def _told_state(told: dict[str, str]) -> dict[str, Any]:
    """What the row tells of the state; blanks are left out, and so stay as they were."""
    state: dict[str, Any] = {name: int(told[name]) for name in _NUMBERS if told[name]}
    return state | {name: told[name] for name in ("phase", "blocked_reason") if told[name]}


def _told_site(told: dict[str, str]) -> dict[str, Any]:
    """What the row tells of the site itself."""
    site: dict[str, Any] = {name: told[name] for name in ("site_type", "address") if told[name]}
    site |= {name: float(told[name]) for name in ("latitude", "longitude") if told[name]}
    return site | ({"is_step_free": told["is_step_free"] == "yes"} if told["is_step_free"] else {})
