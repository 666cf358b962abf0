"""Shelters, stays and headcounts over the API."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError as Refusal
from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import organisation_for, require_reach
from accounts.api.bulk import Bulk, many_of
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from accounts.visibility import within_reach
from core.api.filters import CodeFilter, IdFilter, TimeRange, YesNoFilter
from core.api.serializers import Row
from core.api.views import Answer
from regions.api.fields import RegionFilter
from shelters.actions import headcounts, sites, stays
from shelters.actions.sites import NewState
from shelters.api.serializers import (
    CheckInInput,
    CheckOutInput,
    HeadcountInput,
    HeadcountOutput,
    ProtectedPlaceInput,
    ProtectedPlaceOutput,
    RoomOutput,
    ShelterDetailOutput,
    ShelterInput,
    ShelterOutput,
    StateInput,
    StateOutput,
    StayOutput,
    StaysOutput,
)
from shelters.models import Headcount, ProtectedPlace, Room, Shelter, ShelterState, Stay
from shelters.models.shelter import SiteType


class ShelterFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How shelters are narrowed."""

    region = RegionFilter(field_name="region", label="In this region or below it.")
    site_type = CodeFilter(SiteType, label="What building or place it is.")


class ShelterViewSet(ScopedViewSet):
    """Collective sites, and what they offer from when on."""

    resource = "shelters.shelter"
    model = Shelter
    output = ShelterOutput
    detail_output = ShelterDetailOutput
    adding = frozenset({"create", "states", "protected_places"})
    inputs = {"create": ShelterInput, "states": StateInput, "protected_places": ProtectedPlaceInput}
    orderings = ("name", "-name", "-id", "id")
    filterset_class = ShelterFilters
    reach = {"region": "region"}

    def expand(self, rows: list[Row]) -> None:
        """One query: the present state of every shelter on the page."""
        states = ShelterState.objects.current().filter(shelter__in=[row["id"] for row in rows])
        latest = states.order_by("shelter", "-occurred_at", "-recorded_at", "-id").distinct("shelter")
        by_shelter = {state["shelter"]: state for state in latest.values("shelter", *StateOutput.columns())}
        for row in rows:
            row["state"] = by_shelter.get(row["id"])

    def expand_detail(self, row: Row) -> None:
        """Two queries: rooms, and protected places by kind of cover as they are now."""
        row["rooms"] = list(Room.objects.filter(shelter=row["id"]).values(*RoomOutput.columns()))
        places = ProtectedPlace.objects.current().filter(shelter=row["id"])
        latest = places.order_by("cover", "-occurred_at", "-id").distinct("cover")
        row["protected_places"] = list(latest.values(*ProtectedPlaceOutput.columns()))

    def create(self, request: Request) -> Response:
        """Enter a site with its first state, planned or open."""
        told: dict[str, Any] = self.read_input()
        organisation = organisation_for(
            self.user, self.resource, "add", region=told["region"], wanted=told.pop("organisation", None)
        )
        state = NewState(**told.pop("state"))
        return self.created(sites.open_site(organisation=organisation, state=state, by=self.user, **told))

    @action(detail=True, methods=["post"])
    def states(self, request: Request, pk: str) -> Response:
        """Say what the site offers from a moment on; what is left out stays as it was."""
        shelter = self.reachable(pk, "change")
        sites.change_state(shelter=shelter, by=self.user, **self.read_input())
        return self.told(pk, 201)

    @action(detail=True, methods=["post"], url_path="protected-places")
    def protected_places(self, request: Request, pk: str) -> Response:
        """Write down protected places of one kind of cover."""
        shelter = self.reachable(pk, "change")
        sites.add_protected_places(shelter=shelter, by=self.user, **self.read_input())
        return self.told(pk, 201)


class StayFilters(TimeRange):
    """How stays are narrowed."""

    region = RegionFilter(field_name="shelter__region", label="In shelters in this region or below it.")
    shelter = IdFilter(field_name="shelter", label="In this shelter.")
    person = IdFilter(field_name="person", label="Of this person.")
    open = YesNoFilter(
        field_name="ended_at", lookup_expr="isnull", label="Those that go on (true) or ended (false)."
    )


class StayViewSet(Bulk, Voiding, ScopedViewSet):
    """Who sleeps where, from when to when. A stay names people and shelters by id only."""

    resource = "shelters.stay"
    model = Stay
    output = StayOutput
    inputs = {
        "create": CheckInInput,
        "bulk": many_of(CheckInInput),
        "check_out": CheckOutInput,
        "void": VoidInput,
    }
    orderings = ("-id", "id", "-occurred_at", "occurred_at")
    filterset_class = StayFilters

    def within(self, action: str) -> Q:
        """Stays in shelters of the user's organisations; others may be seen, and are ended by those who run the site."""
        return within_reach(
            self.user,
            self.resource,
            action,
            organisation="shelter__organisation_id",
            region="shelter__region",
        )

    @extend_schema(responses={201: StaysOutput})
    def create(self, request: Request) -> Response:
        """Check in one person, or a household: all of its people or none."""
        return self._told_of([stay.pk for stay in self._check_in(self.read_input())], 201)

    def add(self, told: dict[str, Any]) -> Stay:
        """Check in one person; the first of a household, whose other people are checked in with them."""
        return self._check_in(told)[0]

    def again(self, outcome: Row, status: int) -> Response:
        """The stays of a check-in as they are now."""
        if "records" in outcome:
            return self._told_of(outcome["records"], status)
        return super().again(outcome, status)

    def _check_in(self, told: dict[str, Any]) -> list[Stay]:
        shelter: Shelter = told["shelter"]
        self.require_target(shelter, region="region")
        if "household" in told:
            return stays.check_in_household(by=self.user, **told)
        if number := told.pop("room", None):
            told["room"] = _room(shelter, number)
        return [stays.check_in(by=self.user, **told)]

    def _told_of(self, keys: list[Any], status: int) -> Answer:
        rows = self.visible().filter(pk__in=keys).order_by("id").values(*StayOutput.columns())
        shown = self.seen(StayOutput, StayOutput.written(rows))
        outcome = {"records": [str(key) for key in keys]}
        return Answer({"results": shown}, outcome=outcome, status=status)

    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: Request, pk: str) -> Response:
        """End a stay."""
        stay = self.reachable(pk, "change")
        stays.check_out(stay=stay, by=self.user, **self.read_input())
        return self.told(pk)


class HeadcountFilters(TimeRange):
    """How headcounts are narrowed."""

    region = RegionFilter(field_name="shelter__region", label="In shelters in this region or below it.")
    shelter = IdFilter(field_name="shelter", label="Of this shelter.")


class HeadcountViewSet(Voiding, ScopedViewSet):
    """What site managers counted, beside what stays say."""

    resource = "shelters.headcount"
    model = Headcount
    output = HeadcountOutput
    inputs = {"create": HeadcountInput, "void": VoidInput}
    orderings = ("-id", "id", "-occurred_at", "occurred_at")
    filterset_class = HeadcountFilters
    reach = {"organisation": "shelter__organisation_id", "region": "shelter__region"}

    def create(self, request: Request) -> Response:
        """Report how many people were counted on site."""
        told = self.read_input()
        require_reach(self.user, told["shelter"], self.resource, "add", region="region")
        return self.created(headcounts.report(by=self.user, **told))


def _room(shelter: Shelter, number: int) -> Room:
    """A room of the shelter. One of another shelter is as unknown as one that is not there."""
    room = Room.objects.filter(shelter=shelter, pk=number).first()
    if room is None:
        words = _("This shelter has no such room. Choose one of its rooms, or none.")
        raise Refusal({"room": Refusal(words, code="other_room")})
    return room
