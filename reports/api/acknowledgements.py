"""Acknowledged flags over the API. They are made on an edition, which has the flags; here they are listed and taken back."""

from collections.abc import Iterable

import django_filters
from rest_framework import serializers

from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from core.api.fields import TextField
from core.api.filters import YesNoFilter
from core.api.serializers import FactOutput, InputSerializer, Row, RowSerializer
from regions.api.fields import RegionFilter
from reports.models import FlagAcknowledgement


class FlagOutput(RowSerializer):
    """A flag of an internal edition."""

    flag = serializers.CharField(help_text="What names it where it is acknowledged.")
    code = serializers.CharField()
    text = serializers.CharField()
    reason = serializers.CharField(
        help_text="Why its numbers stand, where somebody acknowledged them; else empty."
    )


def shown_flags(region_id: int, rows: Iterable[Row]) -> list[Row]:
    """The flags of an edition of the region, as its JSON has them, with what was said of their numbers until now. One query."""
    standing = FlagAcknowledgement.objects.current().filter(region=region_id)
    reasons = {
        f"{code} {subject} {content}": reason
        for code, subject, content, reason in standing.values_list("code", "subject", "content", "reason")
    }
    shown = []
    for row in rows:
        flag = f"{row['code']} {row['subject']} {row['content']}"
        shown.append(
            {"flag": flag, "code": row["code"], "text": row["text"], "reason": reasons.get(flag, "")}
        )
    return shown


class AcknowledgeInput(InputSerializer):
    """For which flag somebody answers, and why."""

    example = {
        "flag": "stale evacuated:7 0f3c9a51d2e87b64",
        "reason": "The ministry counts on Mondays.",
    }

    flag = TextField(max_length=200, help_text="As the edition's `flags` have it.")
    reason = TextField(max_length=300, help_text="Readers of internal reports will see this. No names.")


class FlagAcknowledgementOutput(FactOutput):
    """That somebody answers for one thing that a flag warns of, for as long as its numbers stay what they are."""

    region = serializers.CharField(source="region.key")
    code = serializers.CharField()
    subject = serializers.CharField()
    sentence = serializers.CharField(help_text="What it warned of.")
    reason = serializers.CharField(help_text="Why it stands.")


class FlagAcknowledgementFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How acknowledged flags are narrowed."""

    region = RegionFilter(field_name="region", label="Of this region or below it.")
    voided = YesNoFilter(
        field_name="voided_at",
        lookup_expr="isnull",
        exclude=True,
        label="Only those that were taken back (true) or that stand (false).",
    )


class FlagAcknowledgementViewSet(Voiding, ScopedViewSet):
    """Which flags somebody answers for, and why. One is taken back, never changed."""

    resource = "reports.flagacknowledgement"
    model = FlagAcknowledgement
    output = FlagAcknowledgementOutput
    inputs = {"void": VoidInput}
    filterset_class = FlagAcknowledgementFilters
    reach = {"organisation": "", "region": "region"}
