"""What the API shows of claims and sources, and what it takes."""

from rest_framework import serializers

from accounts.api.fields import ReferenceField
from core.api.fields import CodeField, MomentField, TextField, count_field
from core.api.serializers import InputSerializer, RowSerializer
from displacement.api.fields import SourceField
from displacement.models import Claim
from displacement.models.claim import (
    ClaimIndicator,
    ClaimKind,
    ClaimQualifier,
    ClaimRelation,
    ClaimUnit,
    Credibility,
    Reliability,
)
from regions.api.fields import RegionField

MOST_PEOPLE = 2_147_483_647


class SourceOutput(RowSerializer):
    """Somebody who tells numbers or tells of victims."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField()
    reliability = serializers.CharField(help_text="A to F, as it has proved before (Admiralty scale).")


class ClaimOutput(RowSerializer):
    """A number that somebody said. It stands beside what is counted and is never added to it."""

    id = serializers.UUIDField()
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    source_type = serializers.CharField(source="source.type")
    region = serializers.CharField(source="region.key")
    indicator = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    qualifier = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    value_min = serializers.IntegerField(allow_null=True)
    value_max = serializers.IntegerField(allow_null=True)
    children = serializers.IntegerField(allow_null=True, help_text="Among the value, not beside it.")
    scope = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="The moment of which it speaks.")
    is_as_of_day = serializers.BooleanField(help_text="Only the day was said.")
    period_start = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    reliability = serializers.CharField()
    credibility = serializers.CharField()
    url = serializers.CharField()
    note = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.UUIDField()
    state = serializers.CharField(
        help_text="Quote it only while it is `standing`: others are `superseded`, `corrected`, `retracted` or `withdrawn`."
    )
    ended_by = serializers.UUIDField(
        allow_null=True,
        help_text="The later claim that did so; null while it stands, and where it was withdrawn.",
    )


class ClaimLinkOutput(RowSerializer):
    """What this claim does to an earlier one."""

    target = serializers.UUIDField(source="target_id")
    relation = serializers.CharField()
    reason = serializers.CharField()


class ClaimLinkedByOutput(RowSerializer):
    """What a later claim does to this one."""

    claim = serializers.UUIDField(source="claim_id")
    relation = serializers.CharField()
    reason = serializers.CharField()


class ClaimDetailOutput(ClaimOutput):
    """A claim with the words used and its links."""

    quote = serializers.CharField()
    links = ClaimLinkOutput(many=True)
    linked_by = ClaimLinkedByOutput(many=True)


class ClaimChoiceInput(InputSerializer):
    """Why this claim leads, and from when on."""

    example = {"reason": "It names the districts that it counts."}

    reason = TextField(max_length=300)
    occurred_at = MomentField(required=False, help_text="From when on it leads; now, where it is left out.")


class ClaimChoiceOutput(RowSerializer):
    """That a claim leads before others about its indicator and region."""

    id = serializers.UUIDField()
    claim = serializers.UUIDField(source="claim_id")
    region = serializers.CharField(source="claim.region.key")
    indicator = serializers.CharField(source="claim.indicator")
    reason = serializers.CharField()
    occurred_at = serializers.DateTimeField(help_text="From when on it leads.")
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.UUIDField()
    voided_at = serializers.DateTimeField(allow_null=True)
    voided_by = serializers.UUIDField(allow_null=True)
    void_reason = serializers.CharField()


class ClaimInput(InputSerializer):
    """A claim, which stays for good. One value; or, with the qualifier `range`, the lowest and the highest."""

    example = {
        "source": "Acting governor of Kursk oblast",
        "region": "RU-KRS",
        "indicator": "evacuated",
        "kind": "cumulative",
        "qualifier": "about",
        "value": 121000,
        "as_of": "2024-08-12T00:00:00+03:00",
        "published_at": "2024-08-12T14:00:00+03:00",
    }

    source = SourceField()  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    region = RegionField()
    indicator = CodeField(choices=ClaimIndicator.choices)
    kind = CodeField(choices=ClaimKind.choices)
    unit = CodeField(choices=ClaimUnit.choices, required=False)
    qualifier = CodeField(choices=ClaimQualifier.choices)
    value = count_field(MOST_PEOPLE, required=False, allow_null=True)
    value_min = count_field(MOST_PEOPLE, required=False, allow_null=True)
    value_max = count_field(MOST_PEOPLE, required=False, allow_null=True)
    children = count_field(MOST_PEOPLE, required=False, allow_null=True)
    scope = TextField(required=False)
    as_of = MomentField(help_text="The moment of which it speaks; local midnight where only a day was said.")
    is_as_of_day = serializers.BooleanField(required=False)
    period_start = MomentField(required=False, allow_null=True)
    published_at = MomentField()
    received_at = MomentField(required=False, help_text="Now, where it is left out.")
    reliability = CodeField(choices=Reliability.choices, required=False)
    credibility = CodeField(choices=Credibility.choices, required=False)
    quote = TextField(max_length=5000, required=False)
    url = serializers.URLField(max_length=500, required=False)
    note = TextField(max_length=300, required=False)


class ClaimLinkInput(InputSerializer):
    """What this claim does to an earlier one of the same indicator and region."""

    example = {
        "target": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "relation": "supersedes",
        "reason": "The next daily number.",
    }

    target = ReferenceField(Claim)
    relation = CodeField(choices=ClaimRelation.choices)
    reason = TextField(max_length=300)
