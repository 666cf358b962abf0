"""Who is expected to report what, over the API."""

import django_filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import require_region
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from core.api.fields import CodeField, MomentField, count_field
from core.api.filters import CodeFilter, YesNoFilter
from core.api.serializers import FactOutput, InputSerializer
from displacement.actions.expected_reports import expect
from displacement.api.fields import SourceField
from displacement.models import ExpectedReport
from displacement.models.claim import ClaimIndicator
from regions.api.fields import RegionField, RegionFilter


class ExpectedReportOutput(FactOutput):
    """That a source is expected to tell a number about a region every so many days."""

    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    region = serializers.CharField(source="region.key")
    indicator = serializers.CharField()
    every_days = serializers.IntegerField(help_text="1 is daily.")


class ExpectedReportInput(InputSerializer):
    """Of whom a number is expected, about where, and how often."""

    example = {
        "source": "Acting governor of Kursk oblast",
        "region": "RU-KRS",
        "indicator": "evacuated",
        "every_days": 1,
    }

    source = SourceField()  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    region = RegionField()
    indicator = CodeField(choices=ClaimIndicator.choices)
    every_days = count_field(90, 1, help_text="1 is daily.")
    occurred_at = MomentField(
        required=False, help_text="From when on it is expected; now, where it is left out."
    )


class ExpectedReportFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How expected reports are narrowed."""

    region = RegionFilter(field_name="region", label="About this region or below it.")
    indicator = CodeFilter(ClaimIndicator, label="What they are about.")
    voided = YesNoFilter(
        field_name="voided_at",
        lookup_expr="isnull",
        exclude=True,
        label="Only those that were taken back (true) or that stand (false).",
    )


class ExpectedReportViewSet(Voiding, ScopedViewSet):
    """Who is expected to report what: without it nobody can tell silence from calm. Who no longer is, is taken back."""

    resource = "displacement.expectedreport"
    model = ExpectedReport
    output = ExpectedReportOutput
    inputs = {"create": ExpectedReportInput, "void": VoidInput}
    filterset_class = ExpectedReportFilters
    reach = {"organisation": "", "region": "region"}

    def create(self, request: Request) -> Response:
        """Expect a number of a source from now on; the report names it where it is silent."""
        told = self.read_input()
        require_region(self.user, self.resource, "add", region=told["region"])
        return self.created(expect(by=self.user, **told))
