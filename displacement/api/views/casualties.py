"""Incidents and casualties over the API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import organisation_for, require_reach
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from accounts.visibility import may
from core.api.filters import CodeFilter, IdFilter, TimeRange
from core.api.serializers import Row
from displacement.actions import casualties, verification
from displacement.api.serializers.casualties import (
    CasualtyDetailOutput,
    CasualtyInput,
    CasualtyOutput,
    CasualtySourceInput,
    CasualtySourceOutput,
    CasualtyStepInput,
    CasualtyStepOutput,
    IncidentInput,
    IncidentOutput,
    NextOfKinInput,
)
from displacement.models import Casualty, CasualtySource, CasualtyStep, Incident
from displacement.models.casualty import Outcome, Rung
from displacement.models.incident import IncidentCause
from regions.api.fields import RegionFilter


class IncidentFilters(TimeRange):
    """How incidents are narrowed."""

    region = RegionFilter(field_name="region", label="In this region or below it.")
    cause = CodeFilter(IncidentCause, label="What hurt people.")


class IncidentViewSet(Voiding, ScopedViewSet):
    """Incidents in which civilians were killed, hurt or went missing."""

    resource = "displacement.incident"
    model = Incident
    output = IncidentOutput
    inputs = {"create": IncidentInput, "void": VoidInput}
    orderings = ("-id", "id", "-occurred_at", "occurred_at")
    filterset_class = IncidentFilters
    reach = {"region": "region"}

    def create(self, request: Request) -> Response:
        """Open the file of an incident."""
        told: dict[str, Any] = self.read_input()
        wanted = told.pop("organisation", None)
        organisation = organisation_for(self.user, self.resource, "add", region=told["region"], wanted=wanted)
        return self.created(casualties.record_incident(organisation=organisation, by=self.user, **told))


class CasualtyFilters(TimeRange):
    """How casualties are narrowed."""

    region = RegionFilter(field_name="incident__region", label="In this region or below it.")
    incident = IdFilter(field_name="incident", label="Victims of this incident.")
    outcome = CodeFilter(Outcome, label="What happened to them.")
    rung = CodeFilter(Rung, label="How far it is established.")


class CasualtyViewSet(Voiding, ScopedViewSet):
    """Victims, and the ladder by which they are established. Names stand in the detail only."""

    resource = "displacement.casualty"
    model = Casualty
    output = CasualtyOutput
    detail_output = CasualtyDetailOutput
    adding = frozenset({"create", "sources", "steps"})
    inputs = {
        "create": CasualtyInput,
        "void": VoidInput,
        "sources": CasualtySourceInput,
        "steps": CasualtyStepInput,
        "inform_next_of_kin": NextOfKinInput,
    }
    # Who may attach a source or take a step is decided below, by the kinds of record that these are.
    orderings = ("-id", "id", "-occurred_at", "occurred_at")
    filterset_class = CasualtyFilters
    reach = {"organisation": "incident__organisation_id", "region": "incident__region"}

    def expand_detail(self, row: Row) -> None:
        """Two queries: sources and steps, voided ones included."""
        told = CasualtySource.objects.filter(casualty=row["id"]).order_by("occurred_at", "id")
        row["sources"] = list(told.values(*CasualtySourceOutput.columns()))
        steps = CasualtyStep.objects.filter(casualty=row["id"]).order_by("recorded_at", "id")
        row["steps"] = list(steps.values(*CasualtyStepOutput.columns()))

    def create(self, request: Request) -> Response:
        """Record a victim, or a group of victims, as alleged."""
        told = self.read_input()
        require_reach(self.user, told["incident"], self.resource, "add", region="region")
        return self.created(casualties.record(by=self.user, **told))

    @action(detail=True, methods=["post"])
    def sources(self, request: Request, pk: str) -> Response:
        """Attach what one source told."""
        casualty = self._open_to(pk, "displacement.casualtysource", "add")
        casualties.attach_source(casualty=casualty, by=self.user, **self.read_input())
        return self.told(pk, 201)

    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str) -> Response:
        """Take the next step of the ladder. Verifying is for verifiers, and never for who recorded the victim."""
        casualty = self._open_to(pk, "displacement.casualtystep", "add")
        told = self.read_input()
        if told["rung"] == Rung.VERIFIED:
            self.require(casualty, "verify")
        verification.step(casualty=casualty, by=self.user, **told)
        return self.told(pk, 201)

    @action(detail=True, methods=["post"], url_path="inform-next-of-kin")
    def inform_next_of_kin(self, request: Request, pk: str) -> Response:
        """Record that the next of kin have been told."""
        casualty = self.reachable(pk, "change")
        casualties.inform_next_of_kin(casualty=casualty, by=self.user, **self.read_input())
        return self.told(pk)

    def _open_to(self, pk: str, resource: str, kind: str) -> Casualty:
        """A visible casualty to which the user may add a record of another kind."""
        if not may(self.user, resource, kind):
            raise PermissionDenied
        casualty: Casualty = self.one(pk)
        require_reach(self.user, casualty, resource, kind, **self.reach)
        return casualty
