"""People of other organisations, as far as sharing agreements in force let a partner's system read them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from audit.actions.reading import record_reading
from core.api.fields import RegistrationNumberField
from core.api.serializers import Row, RowSerializer
from displacement.models import Person
from exchange.sharing import Share, shareable_fields, shares_with


class SharedPersonOutput(RowSerializer):
    """Somebody of another organisation. What no agreement names is left out; a blank is not known."""

    id = serializers.UUIDField()
    number = RegistrationNumberField()
    organisation = serializers.CharField(source="organisation.short_name", help_text="Who registered them.")
    version = serializers.IntegerField()
    agreements = serializers.ListField(
        child=serializers.UUIDField(), help_text="The agreements under which you read this."
    )
    household = serializers.UUIDField(source="household_id")
    reference = serializers.CharField(help_text="The own number of this person with whoever registered them.")
    relationship = serializers.CharField()
    given_name = serializers.CharField()
    patronymic = serializers.CharField()
    family_name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    birth_precision = serializers.CharField(help_text="What of the birth date is known.")


class SharedPersonViewSet(ScopedViewSet):
    """People of other organisations who agreed to be shared, under agreements that are in force now; only to be read.

    Each answer is a reading in the trail of whoever registered them, which names the agreement.
    """

    resource, tells_of = "exchange.sharedperson", "displacement.person"
    model = Person
    output = SharedPersonOutput

    def visible(self) -> QuerySet[Any, Any]:
        """Others' people, as the agreements say at this moment."""
        return Person.objects.shared(self.shares)

    @property
    def shares(self) -> list[Share]:
        """The agreements that reach who asks, read once for each request."""
        if not hasattr(self, "_shares"):
            self._shares = shares_with(self.user)
            self._opened: dict[Share, list[str]] = {}
        return self._shares

    def expand(self, rows: list[Row]) -> None:
        """Under which agreements each of them is shown: none, where one ended since the rows were read. One query."""
        places = Person.objects.filter(pk__in=[row["id"] for row in rows]).values_list(
            "pk", "household__organisation", "household__registered_in__path"
        )
        known = {pk: (organisation, path) for pk, organisation, path in places}
        for row in rows:
            place = known.get(row["id"])
            under = [share for share in self.shares if place and share.covers(*place)]
            row["agreements"] = [share.agreement for share in under]
            for share in under:
                self._opened.setdefault(share, []).append(str(row["id"]))

    def seen(self, shape: type[RowSerializer], rows: list[Row]) -> list[Row]:
        """Without what none of the row's agreements names."""
        named = {share.agreement: share.fields for share in self.shares}
        for row in rows:
            shown = frozenset().union(*(named[key] for key in row["agreements"]))
            for name in shareable_fields():
                if name not in shown:
                    row.pop(name, None)
        return rows

    def open_fields(self, shape: type[RowSerializer]) -> list[str]:
        """What some agreement names, and what is always there."""
        shown = frozenset().union(*(share.fields for share in self.shares))
        return [name for name in shape._declared_fields if name in shown or name not in shareable_fields()]

    @transaction.atomic
    def list(self, request: Request) -> Response:
        """One page, with its traces."""
        answer = super().list(request)
        self.note_besides("")
        return answer

    def note_besides(self, record: str) -> None:
        """For each agreement, where those who gave it see it."""
        for share, ids in self._opened.items():
            record_reading(
                by=self.user,
                page=f"api shared-person {self.action} under {share.agreement}",
                resource=self.tells_of,
                record=record,
                ids=ids,
                organisation=share.giving,
            )
