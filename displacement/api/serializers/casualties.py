"""What the API shows of incidents and their victims, and what it takes."""

from rest_framework import serializers

from accounts.api.fields import OrganisationField, ReferenceField
from core.api.fields import CodeField, MomentField, TextField, count_field
from core.api.serializers import FactOutput, InputSerializer
from displacement.api.fields import SourceField
from displacement.models import Incident, Person
from displacement.models.casualty import CivilianStatus, Outcome, Rung, VictimAge, VictimSex
from displacement.models.incident import IncidentCause, IncidentPlace, TimePrecision
from regions.api.fields import RegionField


class IncidentOutput(FactOutput):
    """When, where and how people were hurt; `occurred_at` is its beginning."""

    organisation = serializers.CharField(source="organisation.short_name")
    region = serializers.CharField(source="region.key")
    occurred_until = serializers.DateTimeField(allow_null=True)
    precision = serializers.CharField()
    cause = serializers.CharField()
    place = serializers.CharField()
    description = serializers.CharField()


class IncidentInput(InputSerializer):
    """An incident. Whose weapon it was is not recorded."""

    example = {"region": "RU-KRS-SUDZHANSKY", "occurred_at": "2024-08-08T06:10:00+03:00", "cause": "drone"}

    organisation = OrganisationField()
    region = RegionField()
    occurred_at = MomentField()
    occurred_until = MomentField(required=False, allow_null=True)
    precision = CodeField(choices=TimePrecision.choices, required=False)
    cause = CodeField(choices=IncidentCause.choices, required=False)
    place = CodeField(choices=IncidentPlace.choices, required=False)
    description = TextField(max_length=5000, required=False)


class CasualtyOutput(FactOutput):
    """A victim, or a group with a lowest and a highest number, and how far it is established."""

    incident = serializers.UUIDField(source="incident_id")
    region = serializers.CharField(source="incident.region.key")
    outcome = serializers.CharField()
    died_on = serializers.DateField(allow_null=True)
    people_min = serializers.IntegerField()
    people_max = serializers.IntegerField()
    civilian_status = serializers.CharField()
    sex = serializers.CharField()
    age = serializers.CharField()
    rung = serializers.CharField(help_text="How far it is established.")
    verified_at = serializers.DateTimeField(allow_null=True)
    verified_by = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()


class CasualtySourceOutput(FactOutput):
    """What one source told of the victim."""

    resource = "displacement.casualtysource"

    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    origin = serializers.CharField(
        source="origin.name", allow_null=True, help_text="Whose word it repeats: not an independent source."
    )
    supports_who = serializers.BooleanField()
    supports_what = serializers.BooleanField()
    supports_when = serializers.BooleanField()
    supports_where = serializers.BooleanField()
    note = serializers.CharField()


class CasualtyStepOutput(FactOutput):
    """A step of the ladder."""

    resource = "displacement.casualtystep"

    rung = serializers.CharField()
    reason = serializers.CharField()


class CasualtyDetailOutput(CasualtyOutput):
    """The whole file: who it was, its sources and its steps. Who it was waits for the next of kin."""

    beside = ("incident__organisation_id", "next_of_kin_informed_at")

    victim_name = serializers.CharField()
    person = serializers.UUIDField(source="person_id", allow_null=True)
    next_of_kin_informed_at = serializers.DateTimeField(allow_null=True)
    sources = CasualtySourceOutput(many=True)
    steps = CasualtyStepOutput(many=True)


class CasualtyInput(InputSerializer):
    """A victim of an incident, as alleged; sources and steps establish it."""

    example = {
        "incident": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "outcome": "injured",
        "people_min": 2,
        "people_max": 3,
    }

    incident = ReferenceField(Incident)
    outcome = CodeField(choices=Outcome.choices)
    occurred_at = MomentField(required=False, help_text="When the incident began, where it is left out.")
    people_min = count_field(required=False, least=1)
    people_max = count_field(required=False, least=1)
    civilian_status = CodeField(choices=CivilianStatus.choices, required=False)
    sex = CodeField(choices=VictimSex.choices, required=False)
    age = CodeField(choices=VictimAge.choices, required=False)
    died_on = serializers.DateField(required=False, allow_null=True)
    victim_name = TextField(required=False)
    person = ReferenceField(Person, required=False)


class CasualtySourceInput(InputSerializer):
    """What one source told, and when it said so."""

    example = {
        "source": "District hospital",
        "occurred_at": "2024-08-08T12:00:00+03:00",
        "supports_what": True,
        "supports_when": True,
    }

    source = SourceField()  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    origin = SourceField(required=False, help_text="Whose word it repeats.")
    occurred_at = MomentField(help_text="When it said so.")
    supports_who = serializers.BooleanField(required=False)
    supports_what = serializers.BooleanField(required=False)
    supports_when = serializers.BooleanField(required=False)
    supports_where = serializers.BooleanField(required=False)
    note = TextField(max_length=300, required=False)


class CasualtyStepInput(InputSerializer):
    """The next rung. Refuting needs a reason."""

    example = {"rung": "corroborated"}

    rung = CodeField(choices=Rung.choices)
    reason = TextField(max_length=300, required=False)
    at = MomentField(required=False, help_text="Now, where it is left out.")


class NextOfKinInput(InputSerializer):
    """When the next of kin were informed."""

    example = {"at": "2024-08-09T12:00:00+03:00"}

    at = MomentField(required=False, help_text="Now, where it is left out.")
