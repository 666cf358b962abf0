"""What the API shows of movements, and what it takes."""

from rest_framework import serializers

from accounts.api.fields import ReferenceField
from core.api.fields import CodeField, MomentField
from core.api.serializers import FactOutput, InputSerializer, RowSerializer
from displacement.models import Household, Person
from displacement.models.honey import hidden_from
from displacement.models.movement import Cause, Means, MovementKind, PlaceKind
from regions.api.fields import RegionField


class MovementOutput(FactOutput):
    """One step of one person, or of a household that is only counted so far."""

    person = serializers.UUIDField(source="person_id", allow_null=True)
    household = serializers.UUIDField(
        source="household_id", allow_null=True, help_text="Only where its people have no names yet."
    )
    kind = serializers.CharField()
    origin = serializers.CharField(source="origin.key", help_text="Key of the home region.")
    destination = serializers.CharField(
        source="destination.key",
        allow_null=True,
        help_text="Key of the region after the step; null: not known.",
    )
    place = serializers.CharField()
    means = serializers.CharField()
    cause = serializers.CharField()


class MovementInput(InputSerializer):
    """A step of one person or of one counted household."""

    example = {
        "person": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "kind": "arrived",
        "occurred_at": "2024-08-08T18:00:00+03:00",
        "destination": "RU-KRS-KURSK",
        "place": "relatives",
    }

    person = ReferenceField(Person, hangs_on=hidden_from, required=False)
    household = ReferenceField(Household, hangs_on=hidden_from, required=False)
    kind = CodeField(choices=MovementKind.choices)
    occurred_at = MomentField()
    origin = RegionField(required=False, help_text="The home region of the household, where it is left out.")
    destination = RegionField(required=False)
    place = CodeField(choices=PlaceKind.choices, required=False)
    means = CodeField(choices=Means.choices, required=False)
    cause = CodeField(choices=Cause.choices, required=False)


class SpecificNeedOutput(RowSerializer):
    """A kind of need."""

    named_by = "code"

    code = serializers.CharField()
    group = serializers.CharField()
    name_en = serializers.CharField()
    name_ru = serializers.CharField()
    name_uk = serializers.CharField()
