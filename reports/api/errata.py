"""Errata over the API: what was wrong, and deciding whether readers are told."""

import django_filters
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from core.api.filters import CodeFilter, DayFilter, IdFilter
from core.api.serializers import Row
from regions.api.fields import RegionFilter
from reports.actions.errata import corrections_of, dismiss, propose, publish_erratum
from reports.api.figures import shown_figure
from reports.api.serializers import (
    DismissInput,
    ErratumDetailOutput,
    ErratumOutput,
    ProposeInput,
    StepInput,
)
from reports.models import Erratum
from reports.models.edition import Audience
from reports.models.erratum import ErratumState


class ErratumFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How errata are narrowed."""

    region = RegionFilter(field_name="edition__region", label="Of this region or one below it.")
    edition = IdFilter(field_name="edition", label="Of this edition.")
    day_from = DayFilter(
        field_name="edition__local_day",
        lookup_expr="gte",
        label="Of editions of this local day or a later one.",
    )
    state = CodeFilter(ErratumState, label="Where they stand.")
    audience = CodeFilter(Audience, field_name="edition__audience", label="Whose edition was wrong.")


class ErratumViewSet(ScopedViewSet):
    """What published editions got wrong: for readers of these editions once it is published, for publishers before that."""

    resource = "reports.erratum"
    model = Erratum
    output = ErratumOutput
    detail_output = ErratumDetailOutput
    inputs = {"propose": ProposeInput, "publish": StepInput, "dismiss": DismissInput}
    orderings = ("-found_at", "found_at", "-id", "id")
    filterset_class = ErratumFilters
    reach = {"organisation": "", "region": "edition__region"}

    def expand_detail(self, row: Row) -> None:
        """One query: its figures, on the operation's clock."""
        erratum = Erratum.objects.select_related("edition__operation").defer("mail", "edition__content")
        found = erratum.get(pk=row["id"])
        zone = found.edition.operation.tz
        row["corrections"] = [
            {
                "region_name": each.region_name,
                "old": shown_figure(each.old, zone),
                "new": shown_figure(each.new, zone) if each.new else None,
                "why": each.why,
            }
            for each in corrections_of(found)
        ]

    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """Write what happened. Another publisher has to approve it."""
        erratum = self.reachable(pk, "change")
        propose(erratum=erratum, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Approve it: everybody who got the edition gets this once, and nobody else. Not its author."""
        erratum = self.reachable(pk, "publish")
        self.read_input()
        publish_erratum(erratum=erratum, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Decide that readers need not be told, with a reason. The same figures are not found again."""
        erratum = self.reachable(pk, "publish")
        dismiss(erratum=erratum, by=self.user, **self.read_input())
        return self.told(pk)
