"""Erasures over the API: asked for there, and carried out by people at the desk alone."""

import django_filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ReferenceField
from accounts.api.views import ScopedViewSet
from core.api.fields import CodeField
from core.api.filters import CodeFilter
from core.api.serializers import InputSerializer, RowSerializer
from core.refusals import refusal
from displacement.models import Household, Person
from displacement.models.honey import hidden_from
from retention.actions.erasures import ask
from retention.models import Erasure, ErasureState, Ground


class ErasureOutput(RowSerializer):
    """That somebody asked for an erasure, and what became of it."""

    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="`displacement.person` or `displacement.household`.")
    subject = serializers.UUIDField(help_text="The id of the person or household.")
    ground = serializers.CharField()
    state = serializers.CharField(
        help_text="`asked`: waits for a person; `looking`: a worker looks through forms and lists first; `done`; "
        "`withdrawn`: nothing was erased."
    )
    asked_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True, help_text="When it was done.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class ErasureInput(InputSerializer):
    """Who is to be erased, a person or everybody of a household, and why, by a code."""

    example = {"person": "01917e2b-5c00-7a3e-9d2f-0242ac120002", "ground": "asked"}

    person = ReferenceField(Person, required=False, hangs_on=hidden_from)
    household = ReferenceField(Household, required=False, hangs_on=hidden_from)
    ground = CodeField(choices=Ground.choices)


class ErasureFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How erasures are narrowed."""

    state = CodeFilter(ErasureState, label="How far it is.")


class ErasureViewSet(ScopedViewSet):
    """Erasures that were asked for. They are carried out at the desk."""

    resource = "retention.erasure"
    model = Erasure
    output = ErasureOutput
    inputs = {"create": ErasureInput}
    filterset_class = ErasureFilters
    reach = {"region": "region"}

    def create(self, request: Request) -> Response:
        """Ask that somebody be erased. Nothing is changed: a person looks, and another than who asked carries it out."""
        told = self.read_input()
        subjects = [told[name] for name in ("person", "household") if told.get(name) is not None]
        if len(subjects) != 1:
            raise refusal(_("Name one person or one household."), code="one_subject")
        erasure = ask(subject=subjects[0], ground=told["ground"], by=self.user)
        return self.told(erasure.pk, 201)
