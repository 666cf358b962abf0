"""Movements over the API, and the list of specific needs."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.bulk import Bulk, many_of
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from accounts.visibility import reached
from core.api.filters import CodeFilter, IdFilter, TimeRange
from displacement.actions import movements
from displacement.api.serializers.movements import MovementInput, MovementOutput, SpecificNeedOutput
from displacement.models import Movement, SpecificNeed
from displacement.models.movement import MovementKind
from regions.api.fields import RegionFilter


class MovementFilters(TimeRange):
    """How movements are narrowed."""

    region = RegionFilter(field_name="origin", label="Of people at home in this region or below it.")
    destination = RegionFilter(
        field_name="destination", label="Of people who are in this region or below it."
    )
    person = IdFilter(field_name="person", label="Steps of this person.")
    household = IdFilter(field_name="household", label="Steps of this counted household.")
    kind = CodeFilter(MovementKind, label="What happened.")


class MovementViewSet(Bulk, Voiding, ScopedViewSet):
    """Movements: the facts from which displacement is counted."""

    resource = "displacement.movement"
    model = Movement
    output = MovementOutput
    inputs = {"create": MovementInput, "bulk": many_of(MovementInput), "void": VoidInput}
    filterset_class = MovementFilters

    def within(self, action: str) -> Q:
        """Movements of persons, or of counted households, of the user's organisations."""
        return reached(self.user, self.resource, action)

    def create(self, request: Request) -> Response:
        """Record one step of a person or of a counted household."""
        return super().create(request)

    def add(self, told: dict[str, Any]) -> Movement:
        """Record one."""
        if person := told.get("person"):
            self.require_target(person, region="household__registered_in")
        if household := told.get("household"):
            self.require_target(household, region="registered_in")
        return movements.record(by=self.user, **told)


class SpecificNeedViewSet(ScopedViewSet):
    """The kinds of need that a person may have."""

    resource = "displacement.specificneed"
    model = SpecificNeed
    output = SpecificNeedOutput
    orderings = ("code", "-code")
    primary = "code"
    key_name = "code"

    def visible(self) -> QuerySet[Any, Any]:
        """All of them: it is a public list."""
        return SpecificNeed.objects.all()
