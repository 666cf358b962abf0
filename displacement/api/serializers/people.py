"""What the API shows of households and people, and what it takes."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import OrganisationField, ReferenceField
from core.api.fields import (
    CodeField,
    MaskedDateField,
    MomentField,
    RegistrationNumberField,
    SealedTextField,
    ShortListField,
    TextField,
    count_field,
)
from core.api.serializers import FactOutput, InputSerializer, RowSerializer
from displacement.actions.groups import NewGroup
from displacement.actions.people import NewPerson
from displacement.api.serializers.documents import (
    DocumentOutput,
    documents_field,
    new_documents,
)
from displacement.models import Household, Person
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Obtained, Purpose
from displacement.models.honey import hidden_from
from displacement.models.household import RegistrationMethod
from displacement.models.person import BirthPrecision, Relationship
from regions.api.fields import RegionField

MOST_PEOPLE = 200


class PersonOutput(FactOutput):
    """A person in the register. A blank is not known; it never says that something is not so."""

    resource = "displacement.person"

    number = RegistrationNumberField()
    reference = serializers.CharField(help_text="Your organisation's own number of this person.")
    household = serializers.UUIDField(source="household_id")
    organisation = serializers.CharField(source="organisation.short_name")
    relationship = serializers.CharField()
    given_name = serializers.CharField()
    patronymic = serializers.CharField()
    family_name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = MaskedDateField(
        help_text="Whole for a partner's system; in a session of the desk its year, such as 1985-••-••; null: not known."
    )
    birth_precision = serializers.CharField(help_text="What of the birth date is known.")
    version = serializers.IntegerField(help_text="Send it along when you change the record.")


class PersonDetailOutput(PersonOutput):
    """A person with the needs and documents that stand, and what became of the record where it was merged."""

    reads = {"needs": "displacement.personneed.need", "is_merged": "displacement.person.merged_into"}

    is_merged = serializers.BooleanField(
        help_text="Whether this is a second record of somebody; nothing more can be recorded for it."
    )
    merged_into = serializers.UUIDField(
        source="merged_into_id",
        allow_null=True,
        help_text="The record that goes on; null where there is none, or where it is another organisation's.",
    )
    needs = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Codes of specific needs."
    )
    documents = DocumentOutput(many=True, required=False)


class GroupOutput(RowSerializer):
    """So many people of one sex and age band without names."""

    resource = "displacement.householdgroup"

    sex = serializers.CharField()
    age_band = serializers.CharField()
    people = serializers.IntegerField()


class ConsentOutput(RowSerializer):
    """The latest answer for one purpose."""

    resource = "displacement.consent"

    purpose = serializers.CharField()
    is_given = serializers.BooleanField()
    obtained = serializers.CharField(help_text="How; blank where nobody said.")
    occurred_at = serializers.DateTimeField()


class HouseholdOutput(FactOutput):
    """A household in the register."""

    number = RegistrationNumberField()
    reference = serializers.CharField(help_text="Your organisation's own number of this household.")
    organisation = serializers.CharField(source="organisation.short_name")
    registered_in = serializers.CharField(source="registered_in.key", help_text="Key of the region.")
    origin = serializers.CharField(source="origin.key", allow_null=True, help_text="Key of the home region.")
    people_declared = serializers.IntegerField(allow_null=True)
    method = serializers.CharField()
    language = serializers.CharField(required=False)
    version = serializers.IntegerField(help_text="Send it along when you change the record.")


class HouseholdDetailOutput(HouseholdOutput):
    """A household with its people, the groups still counted without names, its answers, and how to reach it."""

    phone = SealedTextField(
        Household,
        "phone",
        required=False,
        help_text="Whole for a partner's system; in a session of the desk its end, such as •••• 47.",
    )
    people = PersonOutput(many=True)
    groups = GroupOutput(many=True, required=False)
    consents = ConsentOutput(many=True, required=False)


class PersonFields(InputSerializer):
    """A person as told at the door: one name is enough."""

    example = {"given_name": "Іван"}

    given_name = TextField(required=False)
    patronymic = TextField(required=False)
    family_name = TextField(required=False)
    sex = CodeField(choices=Sex.choices, required=False)
    birth_date = serializers.DateField(required=False, allow_null=True)
    birth_precision = CodeField(choices=BirthPrecision.choices, required=False)
    relationship = CodeField(choices=Relationship.choices, required=False)
    reference = TextField(
        max_length=80, required=False, help_text="Your own number of this person; no two of yours have one."
    )


class NewPersonInput(PersonFields):
    """A person to register. Where the birth date is not known, `age` in completed years."""

    example = {"given_name": "Іван", "sex": "male", "age": 7}

    age = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=150)
    needs = ShortListField(
        child=TextField(max_length=10), required=False, max_length=30, help_text="Codes of specific needs."
    )
    documents = documents_field()


class PersonInput(NewPersonInput):
    """One more person of a household."""

    example = {
        "household": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "given_name": "Іван",
        "relationship": "child",
    }

    household = ReferenceField(Household, hangs_on=hidden_from)


class PersonChangeInput(PersonFields):
    """A correction: the version that you saw, and the fields that are different."""

    example = {"version": 1, "family_name": "Ковальчук"}

    version = serializers.IntegerField(min_value=1)


class GroupInput(InputSerializer):
    """So many people of one sex and age band, counted at the door."""

    example = {"people": 2, "sex": "female", "age_band": "18-59"}

    people = count_field(least=1)
    sex = CodeField(choices=Sex.choices, required=False)
    age_band = CodeField(choices=AgeBand.choices, required=False)


class ConsentInput(InputSerializer):
    """The answer per purpose. A purpose that was not asked about is left out."""

    example = {"service": True, "authorities": False}

    service = serializers.BooleanField(required=False)
    partners = serializers.BooleanField(required=False)
    authorities = serializers.BooleanField(required=False)
    tracing = serializers.BooleanField(required=False)


class AnswerInput(InputSerializer):
    """What the household answered for one purpose. A withdrawal is an answer that is not given."""

    example = {"purpose": "partners", "is_given": False, "obtained": "telephone"}

    purpose = CodeField(choices=Purpose.choices)
    is_given = serializers.BooleanField()
    obtained = CodeField(choices=Obtained.choices, help_text="How the answer was obtained.")
    occurred_at = MomentField(required=False, help_text="When they said so; now, where it is left out.")


def rows(shape: type[InputSerializer], *, required: bool = True) -> Any:
    """Rows of a body, as many as one request may carry."""
    options: dict[str, Any] = {"many": True, "required": required, "max_length": MOST_PEOPLE}
    return shape(**options)


def _household_reference() -> TextField:
    words = "Your own number of this household; no two of yours have one."
    return TextField(max_length=80, required=False, help_text=words)


class HouseholdInput(InputSerializer):
    """A household to register: named people, counted groups, or both."""

    example = {
        "registered_in": "RU-KRS-KURSK",
        "origin": "Суджанский район",
        "people": [{"given_name": "Олена", "family_name": "Ковальчук", "birth_date": "1980-03-14"}],
        "groups": [{"people": 1, "sex": "male", "age_band": "5-11"}],
        "consents": {"service": True, "authorities": False},
    }

    organisation = OrganisationField()
    registered_in = RegionField()
    origin = RegionField(required=False)
    occurred_at = MomentField(
        required=False, help_text="When they were registered; now, where it is left out."
    )
    people_declared = count_field(required=False, allow_null=True)
    method = CodeField(choices=RegistrationMethod.choices, required=False)
    phone = TextField(max_length=30, required=False)
    language = TextField(max_length=5, required=False)
    reference = _household_reference()
    people = rows(NewPersonInput, required=False)
    groups = rows(GroupInput, required=False)
    consents = ConsentInput(required=False)


class HouseholdChangeInput(InputSerializer):
    """A correction: the version that you saw, and the fields that are different."""

    example = {"version": 1, "people_declared": 4}

    version = serializers.IntegerField(min_value=1)
    origin = RegionField(required=False)
    people_declared = count_field(required=False, allow_null=True)
    phone = TextField(max_length=30, required=False)
    language = TextField(max_length=5, required=False)
    reference = _household_reference()


class NamePeopleInput(InputSerializer):
    """The names of people who were counted. `remaining` are those who still have none."""

    example = {"people": [{"given_name": "Іван", "age": 7}], "remaining": [{"people": 2}]}

    people = rows(NewPersonInput)
    remaining = rows(GroupInput, required=False)
    reason = TextField(max_length=300, required=False, help_text="Why the numbers differ, where they do.")


class SplitInput(InputSerializer):
    """Who leaves a household: persons of it, and so many of those who are only counted."""

    example = {"people": ["01917e2b-5c00-7a3e-9d2f-0242ac120002"], "reason": "They live apart now."}

    people = ShortListField(
        child=ReferenceField(Person), required=False, max_length=MOST_PEOPLE, help_text="Ids of persons."
    )
    groups = rows(GroupInput, required=False)
    into = ReferenceField(
        Household,
        required=False,
        allow_null=True,
        help_text="The household to which they go; left out, they become one of their own.",
    )
    head = ReferenceField(Person, required=False, allow_null=True, help_text="Who of them heads the new one.")
    phone = TextField(
        max_length=30, required=False, help_text="Of the new household; the old one keeps its own."
    )
    reason = TextField(max_length=300, required=False)


class JoinInput(InputSerializer):
    """The household into which everybody goes."""

    example = {
        "into": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "reason": "One family, registered in two halves.",
    }

    into = ReferenceField(Household, hangs_on=hidden_from)
    reason = TextField(max_length=300, required=False)


def new_people(told: list[dict[str, Any]]) -> list[NewPerson]:
    """People from checked input, as the actions take them."""
    return [new_person(person) for person in told]


def new_person(told: dict[str, Any]) -> NewPerson:
    """One person from checked input."""
    parts = {"needs": tuple(told.get("needs", ())), "documents": new_documents(told.get("documents", []))}
    return NewPerson(**{**told, **parts})


def new_groups(told: list[dict[str, Any]]) -> list[NewGroup]:
    """Groups from checked input, as the actions take them."""
    return [NewGroup(**group) for group in told]
