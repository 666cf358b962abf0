"""What the API shows of shelters, stays and headcounts, and what it takes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.fields import OrganisationField, ReferenceField
from core.api.fields import CodeField, MomentField, TextField, count_field
from core.api.serializers import FactOutput, InputSerializer, RowSerializer
from displacement.models import Household, Person
from regions.api.fields import RegionField
from shelters.models import Shelter
from shelters.models.shelter import CoverType, Phase, SiteType

MOST_PLACES = 2_147_483_647


class StateOutput(RowSerializer):
    """What a shelter offers since `occurred_at`. Null is not reported and never zero."""

    resource = "shelters.shelterstate"

    occurred_at = serializers.DateTimeField()
    phase = serializers.CharField()
    places_announced = serializers.IntegerField(allow_null=True)
    places_set_up = serializers.IntegerField(allow_null=True)
    places_open = serializers.IntegerField(allow_null=True)
    places_blocked = serializers.IntegerField(help_text="Among the open ones, not usable.")
    blocked_reason = serializers.CharField()
    floor_area_m2 = serializers.IntegerField(allow_null=True)
    toilets = serializers.IntegerField(allow_null=True)
    water_litres_per_day = serializers.IntegerField(allow_null=True)


class RoomOutput(RowSerializer):
    """A room of a shelter."""

    resource = "shelters.room"

    id = serializers.IntegerField()
    name = serializers.CharField()
    beds = serializers.IntegerField(allow_null=True)


class ProtectedPlaceOutput(FactOutput):
    """Protected places of one kind. `two_walls` is a last resort and is never shown as safe."""

    resource = "shelters.protectedplace"

    cover = serializers.CharField()
    places = serializers.IntegerField()
    exits = serializers.IntegerField(allow_null=True)
    minutes_to_reach = serializers.IntegerField(allow_null=True)
    is_step_free = serializers.BooleanField(allow_null=True)
    is_usable_overnight = serializers.BooleanField(allow_null=True)


class ShelterOutput(RowSerializer):
    """A collective site with what it offers now. How many places are free is a figure: see /figures/."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    region = serializers.CharField(source="region.key")
    organisation = serializers.CharField(source="organisation.short_name")
    site_type = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    is_step_free = serializers.BooleanField(allow_null=True)
    has_daily_headcount = serializers.BooleanField()
    version = serializers.IntegerField()
    state = StateOutput(allow_null=True)


class ShelterDetailOutput(ShelterOutput):
    """A shelter with its rooms and protected places."""

    rooms = RoomOutput(many=True)
    protected_places = ProtectedPlaceOutput(many=True)


class StateFields(InputSerializer):
    """What a site offers."""

    example = {"phase": "open", "places_open": 40}

    phase = CodeField(choices=Phase.choices, required=False)
    places_announced = count_field(MOST_PLACES, required=False, allow_null=True)
    places_set_up = count_field(MOST_PLACES, required=False, allow_null=True)
    places_open = count_field(MOST_PLACES, required=False, allow_null=True)
    places_blocked = count_field(MOST_PLACES, required=False)
    blocked_reason = TextField(required=False)
    floor_area_m2 = count_field(MOST_PLACES, required=False, allow_null=True)
    toilets = count_field(required=False, allow_null=True)
    water_litres_per_day = count_field(MOST_PLACES, required=False, allow_null=True)


class NewStateInput(StateFields):
    """What a site offers when it is entered."""

    example = {"phase": "open", "places_open": 40}


class StateInput(StateFields):
    """What a site offers from `occurred_at` on; what is left out stays as it was."""

    example = {"places_open": 60}

    occurred_at = MomentField(required=False, help_text="Now, where it is left out.")


class ShelterInput(InputSerializer):
    """A site to enter, with its first state."""

    example = {"name": "School 4", "region": "RU-KRS-KURSK", "state": {"phase": "open", "places_open": 40}}

    organisation = OrganisationField()
    name = TextField()
    region = RegionField()
    site_type = CodeField(choices=SiteType.choices, required=False)
    address = TextField(max_length=300, required=False)
    latitude = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)
    is_step_free = serializers.BooleanField(required=False, allow_null=True)
    has_daily_headcount = serializers.BooleanField(required=False)
    occurred_at = MomentField(
        required=False, help_text="Since when it offers this; now, where it is left out."
    )
    state = NewStateInput()


class ProtectedPlaceInput(InputSerializer):
    """Protected places of one kind, in place of what was known of that kind."""

    example = {"cover": "basement", "places": 20, "exits": 2}

    cover = CodeField(choices=CoverType.choices)
    places = count_field(MOST_PLACES)
    exits = count_field(required=False, allow_null=True)
    minutes_to_reach = count_field(required=False, allow_null=True)
    is_step_free = serializers.BooleanField(required=False, allow_null=True)
    is_usable_overnight = serializers.BooleanField(required=False, allow_null=True)
    occurred_at = MomentField(required=False, help_text="Now, where it is left out.")


class StayOutput(FactOutput):
    """One person in one shelter; `occurred_at` is the check-in."""

    person = serializers.UUIDField(source="person_id")
    shelter = serializers.UUIDField(source="shelter_id")
    room = serializers.IntegerField(
        source="room_id",
        allow_null=True,
        required=False,
        help_text="Left out where a person asks who does not run the shelter; null: none was given.",
    )
    ended_at = serializers.DateTimeField(allow_null=True, help_text="The check-out; null: the stay goes on.")
    override_reason = serializers.CharField(help_text="Why over capacity, where it is.")


class StaysOutput(RowSerializer):
    """The stays that a check-in made."""

    results = StayOutput(many=True)


class CheckInInput(InputSerializer):
    """Who goes into which shelter: one person, or all people of a household or none of them."""

    example = {
        "person": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "shelter": "01917e2b-5c00-7a3e-9d2f-0242ac120003",
    }

    person = ReferenceField(Person, required=False)
    household = ReferenceField(Household, required=False)
    shelter = ReferenceField(Shelter)
    room = serializers.IntegerField(required=False, min_value=1, max_value=MOST_PLACES)
    at = MomentField(required=False, help_text="Now, where it is left out.")
    override_reason = TextField(max_length=300, required=False, help_text="Why over capacity, where it is.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One person or one household."""
        if ("person" in attrs) == ("household" in attrs):
            words = _("Name one person, or one household, and not both.")
            raise serializers.ValidationError({"person": [words]}, code="person_or_household")
        if "household" in attrs and "room" in attrs:
            words = _("A room is given to one person at a time. Leave it out for a household.")
            raise serializers.ValidationError({"room": [words]}, code="room_of_one")
        return attrs


class CheckOutInput(InputSerializer):
    """When somebody left."""

    example = {"at": "2024-08-14T09:00:00+03:00"}

    at = MomentField(required=False, help_text="Now, where it is left out.")


class HeadcountOutput(FactOutput):
    """People in a shelter as counted on site. Null is not reported and never zero."""

    shelter = serializers.UUIDField(source="shelter_id")
    people = serializers.IntegerField()
    children = serializers.IntegerField(allow_null=True, help_text="Among the people, not beside them.")
    places_free = serializers.IntegerField(allow_null=True)


class HeadcountInput(InputSerializer):
    """What was counted on site tonight. Leave out what was not counted."""

    example = {"shelter": "01917e2b-5c00-7a3e-9d2f-0242ac120002", "people": 37, "children": 12}

    shelter = ReferenceField(Shelter)
    people = count_field(MOST_PLACES)
    children = count_field(MOST_PLACES, required=False, allow_null=True)
    places_free = count_field(MOST_PLACES, required=False, allow_null=True)
    occurred_at = MomentField(required=False, help_text="Now, where it is left out.")
