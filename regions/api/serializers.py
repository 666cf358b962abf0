"""What the API shows of regions and operations."""

from rest_framework import serializers

from core.api.serializers import RowSerializer


class RegionCodeOutput(RowSerializer):
    """One official code and how we know it."""

    system = serializers.CharField()
    code = serializers.CharField()
    status = serializers.CharField(help_text="seen, inferred or guessed; a guess is no code.")


class RegionNameOutput(RowSerializer):
    """A name under which the region is found."""

    language = serializers.CharField()
    name = serializers.CharField()


class RegionOutput(RowSerializer):
    """A region of the tree."""

    named_by = "key"

    key = serializers.CharField(help_text="Ours and stable: use it wherever a region is asked for.")
    parent = serializers.CharField(source="parent.key", allow_null=True)  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    path = serializers.CharField(help_text="The keys from the country down.")
    level = serializers.IntegerField()
    kind = serializers.CharField()
    local_level_name = serializers.CharField()
    name_en = serializers.CharField()
    name_ru = serializers.CharField()
    name_uk = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    baseline_population = serializers.IntegerField(allow_null=True)
    baseline_source = serializers.CharField()
    baseline_year = serializers.IntegerField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class RegionDetailOutput(RegionOutput):
    """A region with every code and name."""

    codes = RegionCodeOutput(many=True)
    names = RegionNameOutput(many=True)


class OperationOutput(RowSerializer):
    """A crisis and the rhythm of its reports."""

    named_by = "key"

    key = serializers.CharField()
    name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    zone = serializers.CharField(help_text="The IANA time zone in which its days are counted.")
    report_due = serializers.TimeField(help_text="Local time of the next day at which a report is due.")
    regions = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of the regions reported on."
    )
