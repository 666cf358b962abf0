"""Claims and their sources over the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import require_region
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from core.api.filters import CodeFilter, MomentFilter, YesNoFilter
from core.api.serializers import Row
from displacement.actions import claim_choices, claims
from displacement.api.serializers.claims import (
    ClaimChoiceInput,
    ClaimChoiceOutput,
    ClaimDetailOutput,
    ClaimInput,
    ClaimLinkedByOutput,
    ClaimLinkInput,
    ClaimLinkOutput,
    ClaimOutput,
    SourceOutput,
)
from displacement.models import Claim, ClaimChoice, ClaimLink, Source
from displacement.models.claim import ClaimIndicator, SourceType
from regions.api.fields import RegionFilter


class SourceFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How sources are narrowed."""

    type = CodeFilter(SourceType, label="Who they are.")


class SourceViewSet(ScopedViewSet):
    """Whoever tells numbers or tells of victims."""

    resource = "displacement.source"
    model = Source
    output = SourceOutput
    orderings = ("name", "-name")
    filterset_class = SourceFilters
    lookup_value_regex = "[0-9]{1,18}"

    def visible(self) -> QuerySet[Any, Any]:
        """All of them: whoever works here weighs claims by them."""
        return Source.objects.all()

    def named(self, pk: Any) -> dict[str, Any]:
        """Sources have whole numbers as ids."""
        return {"pk": int(pk)}


def _standing_filter() -> Any:
    """Claims that may be quoted, or the others."""

    def standing(queryset: Any, _name: str, value: bool) -> Any:
        now = timezone.now()
        return queryset.standing(now) if value else queryset.not_standing(now)

    return YesNoFilter(
        method=standing,
        label="Those that stand (true), or that a later claim ended or were withdrawn (false).",
    )


class ClaimFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How claims are narrowed."""

    region = RegionFilter(field_name="region", label="About this region or below it.")
    indicator = CodeFilter(ClaimIndicator, label="What they are about.")
    as_of_from = MomentFilter(
        field_name="as_of", lookup_expr="gte", label="Speak of this moment or a later one."
    )
    as_of_before = MomentFilter(field_name="as_of", lookup_expr="lt", label="Speak of an earlier moment.")
    received_from = MomentFilter(
        field_name="received_at", lookup_expr="gte", label="Reached us at this moment or later."
    )
    received_before = MomentFilter(field_name="received_at", lookup_expr="lt", label="Reached us earlier.")
    source = django_filters.CharFilter(
        field_name="source__name", lookup_expr="iexact", max_length=200, label="Name of the source."
    )
    standing = _standing_filter()


class ClaimViewSet(ScopedViewSet):
    """The ledger of claims. Nothing in it is changed; a later claim says what it does to an earlier one."""

    resource = "displacement.claim"
    model = Claim
    output = ClaimOutput
    detail_output = ClaimDetailOutput
    adding = frozenset({"create", "links", "choose"})
    inputs = {"create": ClaimInput, "links": ClaimLinkInput, "choose": ClaimChoiceInput}
    orderings = ("-as_of", "as_of", "-id", "id")
    filterset_class = ClaimFilters
    reach = {"organisation": "", "region": "region"}

    def visible(self) -> QuerySet[Any, Any]:
        """All of them: they were said in public."""
        return Claim.objects.with_state(timezone.now())

    def expand_detail(self, row: Row) -> None:
        """Two queries: what it does to others, and others to it."""
        links = ClaimLink.objects.filter(claim=row["id"]).order_by("id")
        row["links"] = list(links.values(*ClaimLinkOutput.columns()))
        linked_by = ClaimLink.objects.filter(target=row["id"]).order_by("id")
        row["linked_by"] = list(linked_by.values(*ClaimLinkedByOutput.columns()))

    def create(self, request: Request) -> Response:
        """Write down what somebody said about a number."""
        told = self.read_input()
        require_region(self.user, self.resource, "add", region=told["region"])
        return self.created(claims.record(by=self.user, **told))

    @action(detail=True, methods=["post"])
    def links(self, request: Request, pk: str) -> Response:
        """Say what this claim does to an earlier one."""
        claim = self.reachable(pk, "add")
        claims.link(claim=claim, by=self.user, **self.read_input())
        return self.told(pk, 201)

    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str) -> Response:
        """Let this claim lead before the others about its indicator and region."""
        claim = self.reachable(pk, "choose")
        claim_choices.choose(claim=claim, by=self.user, **self.read_input())
        return self.told(pk, 201)


class ClaimChoiceFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How choices are narrowed."""

    region = RegionFilter(field_name="claim__region", label="About this region or below it.")
    indicator = CodeFilter(ClaimIndicator, field_name="claim__indicator", label="What they are about.")


class ClaimChoiceViewSet(Voiding, ScopedViewSet):
    """Which claim leads, by whose choice and why. A choice is taken back, never changed."""

    resource = "displacement.claimchoice"
    model = ClaimChoice
    output = ClaimChoiceOutput
    inputs = {"void": VoidInput}
    filterset_class = ClaimChoiceFilters
    reach = {"organisation": "", "region": "claim__region"}

    def visible(self) -> QuerySet[Any, Any]:
        """All of them: they stand in the reports."""
        return ClaimChoice.objects.all()
