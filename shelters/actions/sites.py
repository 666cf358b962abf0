"""Opening sites, and what they offer from when on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import Organisation
from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.versions import alter, opened, save_version
from regions.models import Region
from shelters.models import ProtectedPlace, Room, Shelter, ShelterState
from shelters.models.shelter import Phase, SiteType

#: What may be corrected in place; phases and places are dated states, and who manages a site decides who sees its stays.
CHANGEABLE = frozenset(
    {"name", "site_type", "address", "latitude", "longitude", "is_step_free", "has_daily_headcount"}
)
#: What a state tells; a change of state keeps what it does not name.
_OFFERED = (
    "phase",
    "places_announced",
    "places_set_up",
    "places_open",
    "places_blocked",
    "blocked_reason",
    "floor_area_m2",
    "toilets",
    "water_litres_per_day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewState:
    """What a site offers. None is not reported; `id` where the fact has one before it is written, as in lists."""

    phase: str = Phase.OPEN
    places_announced: int | None = None
    places_set_up: int | None = None
    places_open: int | None = None
    places_blocked: int = 0
    blocked_reason: str = ""
    floor_area_m2: int | None = None
    toilets: int | None = None
    water_litres_per_day: int | None = None
    id: UUID | None = None


@whole_or_refused()
def open_site(
    *,
    name: str,
    region: Region,
    organisation: Organisation,
    by: Actor,
    state: NewState,
    occurred_at: datetime | None = None,
    site_type: str = SiteType.OTHER,
    address: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    is_step_free: bool | None = None,
    has_daily_headcount: bool = True,
    id: UUID | None = None,
) -> Shelter:
    """Enter a site with its first state, planned or open. Three queries. Raises ValidationError at the fields."""
    shelter = Shelter(
        id=id or uuid7(),
        name=name.strip(),
        region=region,
        organisation=organisation,
        site_type=site_type,
        address=address.strip(),
        latitude=latitude,
        longitude=longitude,
        is_step_free=is_step_free,
        has_daily_headcount=has_daily_headcount,
    )
    first = _state(shelter, asdict(state), by=by, occurred_at=occurred_at)
    refusals = Refusals()
    refusals.check_fields(shelter)
    _check_point(refusals, shelter)
    _check_state(refusals, first)
    refusals.raise_any()
    shelter.save()
    first.save()
    record("open_site", shelter, by=by, detail={"phase": str(state.phase)})
    return shelter


@whole_or_refused()
def change(*, shelter: Shelter, version: int, by: Actor, **changes: Any) -> Shelter:
    """Correct what does not change from day to day. Three queries. Raises ValidationError, `version_conflict` when stale."""
    rows: QuerySet[Shelter] = Shelter.objects.all()
    locked = opened(rows, shelter.pk, version=version)
    altered = alter(locked, changes, changeable=CHANGEABLE)
    refusals = Refusals()
    refusals.check_fields(locked, names=altered)
    _check_point(refusals, locked)
    refusals.raise_any()
    save_version(locked, altered, by=by)
    return locked


@whole_or_refused()
def change_state(
    *,
    shelter: Shelter,
    by: Actor,
    occurred_at: datetime | None = None,
    id: UUID | None = None,
    **state: Any,
) -> ShelterState:
    """From `occurred_at` on the site offers this; what is not named stays as it was then. Four queries.

    The shelter is locked, so that a check-in at the same second sees the old state or the new one. Raises ValidationError.
    """
    locked = Shelter.objects.select_for_update(of=("self",), no_key=True).get(pk=shelter.pk)
    refusals = Refusals()
    for name in state.keys() - set(_OFFERED):
        refusals.add(name, _("This is not part of a site's state. Leave it out."), "not_changeable")
    moment = occurred_at or timezone.now()
    refusals.check_moment("occurred_at", moment)
    refusals.raise_any()
    before = (
        ShelterState.objects.current()
        .filter(shelter=locked, occurred_at__lte=moment)
        .order_by("-occurred_at", "-recorded_at", "-pk")
        .values(*_OFFERED)
        .first()
    )
    offered = {**(before or asdict(NewState())), **state}
    if not offered["places_blocked"]:
        offered["blocked_reason"] = ""
    following = _state(locked, {**offered, "id": id}, by=by, occurred_at=moment)
    _check_state(refusals, following)
    refusals.raise_any()
    following.save()
    record("change_state", locked, by=by, detail={"phase": str(following.phase), "fields": sorted(state)})
    return following


@whole_or_refused()
def add_protected_places(
    *,
    shelter: Shelter,
    cover: str,
    places: int,
    by: Actor,
    exits: int | None = None,
    minutes_to_reach: int | None = None,
    is_step_free: bool | None = None,
    is_usable_overnight: bool | None = None,
    occurred_at: datetime | None = None,
    id: UUID | None = None,
) -> ProtectedPlace:
    """Write down protected places of one kind of cover, in place of what was known of that kind. Two queries.

    None is not known. Raises ValidationError at the fields.
    """
    now = timezone.now()
    protected = ProtectedPlace(
        id=id or uuid7(),
        shelter=shelter,
        cover=cover,
        places=places,
        exits=exits,
        minutes_to_reach=minutes_to_reach,
        is_step_free=is_step_free,
        is_usable_overnight=is_usable_overnight,
        occurred_at=occurred_at or now,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals = Refusals()
    refusals.check_fields(protected)
    refusals.check_moment("occurred_at", protected.occurred_at, now=now)
    refusals.raise_any()
    protected.save()
    record("add_protected_places", shelter, by=by, detail={"cover": cover, "places": places})
    return protected


@whole_or_refused()
def add_room(*, shelter: Shelter, name: str, by: Actor, beds: int | None = None) -> Room:
    """Add a room, with its beds where they are known: the shelter has another version. Three queries.

    Raises ValidationError at the fields.
    """
    room = Room(shelter=shelter, name=name.strip(), beds=beds)
    refusals = Refusals()
    refusals.check_fields(room)
    refusals.raise_any()
    room.save()
    Shelter.objects.filter(pk=shelter.pk).update(version=F("version") + 1)
    record("add_room", shelter, by=by, detail={"room": room.pk, "beds": beds})
    return room


def _state(
    shelter: Shelter, offered: dict[str, Any], *, by: Actor, occurred_at: datetime | None
) -> ShelterState:
    now = timezone.now()
    told = {**offered, "id": offered.get("id") or uuid7()}
    return ShelterState(
        shelter=shelter, occurred_at=occurred_at or now, recorded_at=now, recorded_by=by.pk, **told
    )


def _check_state(refusals: Refusals, state: ShelterState) -> None:
    refusals.check_fields(state)
    refusals.check_moment("occurred_at", state.occurred_at)
    if state.places_blocked and not state.blocked_reason.strip():
        refusals.add("blocked_reason", _("Say why places are blocked."), "reason_needed")
    if state.places_open is not None and state.places_blocked > state.places_open:
        refusals.add(
            "places_blocked",
            _("More places are blocked than are open. Count blocked places among the open ones."),
            "blocked_above_open",
        )


def _check_point(refusals: Refusals, shelter: Shelter) -> None:
    if (shelter.latitude is None) != (shelter.longitude is None):
        refusals.add("latitude", _("Give latitude and longitude, or neither."), "half_a_point")
    for field, value, most in (("latitude", shelter.latitude, 90), ("longitude", shelter.longitude, 180)):
        # Written so that NaN, which compares as neither, is refused.
        if value is not None and not -most <= value <= most:
            refusals.add(field, _("This lies outside the map. Check the number."), "off_the_map")
