"""What the API shows of figures and editions, and what it takes."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from core.api.fields import MomentField, ShortListField, TextField
from core.api.serializers import InputSerializer, RowSerializer
from regions.api.fields import RegionField
from reports.api.acknowledgements import FlagOutput
from reports.figures.figure import Basis, Kind, Qualifier, Unit
from reports.models.edition import Audience


class FigureOutput(serializers.Serializer[Any]):
    """One number with everything that a reader needs to trust it. Numbers of different bases are never added."""

    indicator = serializers.CharField()
    basis = serializers.ChoiceField(choices=[member.value for member in Basis])
    value = serializers.IntegerField(allow_null=True, help_text="Null: not reported, or a range. Never zero.")
    value_min = serializers.IntegerField(allow_null=True)
    value_max = serializers.IntegerField(allow_null=True)
    qualifier = serializers.ChoiceField(choices=[member.value for member in Qualifier])
    unit = serializers.ChoiceField(choices=[member.value for member in Unit])
    kind = serializers.ChoiceField(choices=[member.value for member in Kind])
    as_of = serializers.DateTimeField(help_text="When it was so; for a claim perhaps long before.")
    source = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    age_days = serializers.IntegerField(
        help_text="Whole local days between its as-of and the moment asked for."
    )
    change = serializers.IntegerField(
        allow_null=True, help_text="Against the previous edition of the region."
    )
    children = serializers.IntegerField(allow_null=True, help_text="Among the value, not beside it.")
    scope = serializers.CharField()
    note = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    claim = serializers.UUIDField(allow_null=True, help_text="The claim that says so.")
    reliability = serializers.CharField()
    credibility = serializers.CharField()
    is_chosen = serializers.BooleanField(help_text="Whether a named person let this claim lead.")
    chosen_because = serializers.CharField(help_text="That person's reason.")


class FiguresOutput(serializers.Serializer[Any]):
    """Every figure of a region as of one moment and as known at another."""

    region = serializers.CharField(help_text="Key of the region.")
    as_of = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    figures = FigureOutput(many=True)


class EditionFileOutput(RowSerializer):
    """A file of an edition, kept byte for byte."""

    format = serializers.CharField()
    media_type = serializers.CharField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    url = serializers.CharField(help_text="Where to get it.")


class EditionOutput(RowSerializer):
    """The report of one operation, region and local day, frozen."""

    id = serializers.UUIDField()
    operation = serializers.CharField(source="operation.key")
    region = serializers.CharField(source="region.key")
    local_day = serializers.DateField()
    number = serializers.IntegerField()
    audience = serializers.CharField()
    language = serializers.CharField()
    as_of = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField()
    made_by = serializers.UUIDField()
    is_late = serializers.BooleanField()
    status = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.UUIDField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.UUIDField(allow_null=True)
    send_back_reason = serializers.CharField(help_text="Why it was last sent back; empty, where it was not.")
    edited_at = serializers.DateTimeField(allow_null=True, help_text="When a person last wrote highlights.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdraw_reason = serializers.CharField()


class EditionDetailOutput(EditionOutput):
    """An edition with the addresses of its files. The report itself is the file `json`."""

    files = EditionFileOutput(many=True)
    highlights = serializers.ListField(
        child=serializers.CharField(), help_text="As they stand in the report."
    )
    drafted_highlights = serializers.ListField(
        child=serializers.CharField(), help_text="As the figures gave them, whatever a person wrote since."
    )
    flags = FlagOutput(many=True, help_text="Of an internal edition; with what was said of each until now.")


class ComparedFigureOutput(serializers.Serializer[Any]):
    """One figure in two editions. Null: that edition does not have it."""

    region_name = serializers.CharField()
    old = FigureOutput(allow_null=True)
    new = FigureOutput(allow_null=True)
    difference = serializers.IntegerField(
        allow_null=True, help_text="New less old, where both are one value."
    )


class ComparisonOutput(serializers.Serializer[Any]):
    """Two editions, figure by figure."""

    old = serializers.UUIDField(allow_null=True, help_text="The edition compared with.")
    new = serializers.UUIDField()
    figures = ComparedFigureOutput(many=True)


class EditionInput(InputSerializer):
    """Which report to make. The one of the day that stands already is answered, where there is one."""

    example = {"operation": "kursk-2024", "region": "RU-KRS", "local_day": "2024-08-12"}

    operation = TextField(max_length=50, help_text="Key of the operation.")
    region = RegionField()
    local_day = serializers.DateField(help_text="A day of the operation that is over.")
    known_at = MomentField(required=False, help_text="When it was due, where it is left out.")
    audience = serializers.ChoiceField(
        required=False, choices=Audience.choices, help_text="Internal, where it is left out."
    )
    language = serializers.ChoiceField(
        required=False, choices=settings.LANGUAGES, help_text="English, where it is left out."
    )


class HighlightsInput(InputSerializer):
    """The highlights that stand in every format from now on."""

    example = {
        "lines": [
            "121 people left Sudzhansky District.",
            "Two shelters in Kursk are full.",
            "Nobody told us anything of three districts.",
        ]
    }

    lines = ShortListField(
        child=TextField(max_length=1000), max_length=20, help_text="Three to six, one sentence or two each."
    )


class StepInput(InputSerializer):
    """Nothing more is needed."""

    example = {}


class SendBackInput(InputSerializer):
    """What has to change."""

    example = {"reason": "A district is missing."}

    reason = TextField(max_length=300, help_text="The author reads this.")


class PublishInput(InputSerializer):
    """Nothing more is needed to publish."""

    example = {}


class WithdrawInput(InputSerializer):
    """Why the edition is taken back."""

    example = {"reason": "The numbers of one district were missing."}

    reason = TextField(max_length=300, help_text="Those who got the report will ask.")


class CorrectedFigureOutput(serializers.Serializer[Any]):
    """One figure of an edition that was wrong."""

    region_name = serializers.CharField()
    old = FigureOutput()
    new = FigureOutput(allow_null=True, help_text="Null: nothing stands in its place.")
    why = serializers.CharField()


class ErratumOutput(RowSerializer):
    """What a published edition got wrong."""

    id = serializers.UUIDField()
    edition = serializers.UUIDField(source="edition_id")
    region = serializers.CharField(source="edition.region.key")
    local_day = serializers.DateField(source="edition.local_day")
    audience = serializers.CharField(source="edition.audience")
    language = serializers.CharField(source="edition.language")
    state = serializers.CharField()
    reason = serializers.CharField(help_text="What happened, in words for those who got the edition.")
    found_at = serializers.DateTimeField()
    proposed_at = serializers.DateTimeField(allow_null=True)
    proposed_by = serializers.UUIDField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.UUIDField(allow_null=True)
    dismissed_at = serializers.DateTimeField(allow_null=True)
    dismiss_reason = serializers.CharField(help_text="Why readers were not told.")


class ErratumDetailOutput(ErratumOutput):
    """An erratum with its figures."""

    corrections = CorrectedFigureOutput(many=True)


class ProposeInput(InputSerializer):
    """What happened."""

    example = {"reason": "The governor took his number back."}

    reason = TextField(
        max_length=500, help_text="Those who got the edition read this first, in its language."
    )


class DismissInput(InputSerializer):
    """Why readers need not be told."""

    example = {"reason": "It was a test edition."}

    reason = TextField(max_length=300, help_text="It is kept.")
