"""Counting the places of one shelter while nobody else can give them away."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.database_roles import Why, as_service
from core.refusals import Refusals, refusal
from shelters.alternatives import nearest_with_places
from shelters.models import Room, Shelter, ShelterState, Stay
from shelters.models.shelter import RUNNING, Phase


def locked_shelter(shelter: Shelter) -> Shelter:
    """The shelter, locked until the transaction ends: whoever else wants a place in it waits for this one. One query.

    Counting without the lock oversells: every one of several transactions sees the last bed free.
    """
    return (
        Shelter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region")
        .get(pk=shelter.pk)
    )


@as_service(Why.PLACES)
def check_places(shelter: Shelter, *, people: int, room: Room | None, by: User, override_reason: str) -> bool:
    """Whether so many people are over capacity, which only a reason allows. Two queries, four where it refuses.

    Raises ValidationError: `shelter_not_open`, `shelter_full` with where else there are places, `room_full`, `other_room`.
    A shelter that never reported how many places it has cannot be said to be full, and takes people in.
    """
    state = _present_state(shelter)
    if state is None or state.phase not in RUNNING:
        raise refusal(_closed(state), code="shelter_not_open", field="shelter")
    if room is not None:
        _check_room(shelter, room, people)
    if state.phase != Phase.FULL and state.places_open is None:
        return False
    usable = max((state.places_open or 0) - state.places_blocked, 0)
    people_in = Stay.objects.open().filter(shelter=shelter).count()
    free = 0 if state.phase == Phase.FULL else max(usable - people_in, 0)
    if people <= free:
        return False
    if not override_reason.strip():
        raise refusal(_full(shelter, people, free, by), code="shelter_full", field="shelter")
    refusals = Refusals()
    refusals.check_fields(Stay(override_reason=override_reason.strip()), names=["override_reason"])
    refusals.raise_any()
    return True


def _present_state(shelter: Shelter) -> ShelterState | None:
    """What the shelter offers now. One query."""
    states = ShelterState.objects.current().filter(shelter=shelter)
    return states.order_by("-occurred_at", "-recorded_at", "-pk").first()


def _check_room(shelter: Shelter, room: Room, people: int) -> None:
    if room.shelter_id != shelter.pk:
        raise refusal(
            _("This room is in another shelter. Choose a room of this one."), code="other_room", field="room"
        )
    if room.beds is None:
        return
    if Stay.objects.open().filter(room=room).count() + people > room.beds:
        raise refusal(_("This room is full. Choose another room, or none."), code="room_full", field="room")


def _closed(state: ShelterState | None) -> str:
    phase = state.get_phase_display() if state else _("not known")
    return _("Nobody can sleep here now: this shelter is “%(phase)s”. Choose one that is open.") % {
        "phase": phase
    }


def _full(shelter: Shelter, people: int, free: int, by: User) -> str:
    """What is missing here, and where else to go; only shelters that the actor may see are named."""
    if free:
        here = _("This shelter has %(free)s free places for %(people)s people.") % {
            "free": free,
            "people": people,
        }
    else:
        here = _("This shelter is full.")
    others = nearest_with_places(shelter, people=people, visible_to=by)
    if not others:
        return f"{here} " + _("You can see no other shelter with enough places: ask the coordinator.")
    named = "; ".join(
        ngettext("%(name)s (%(count)s free place)", "%(name)s (%(count)s free places)", count)
        % {"name": other.name, "count": count}
        for other, count in others
    )
    return f"{here} " + _("Nearest with enough places: %(shelters)s.") % {"shelters": named}
