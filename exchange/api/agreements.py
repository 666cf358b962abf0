"""Sharing agreements over the API: those that an organisation gave and those that it received, only to be read."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value
from rest_framework import serializers

from accounts.api.views import ScopedViewSet
from core.api.serializers import Row, RowSerializer
from exchange.models import Agreement, AgreementState
from exchange.sharing import SHARED_KINDS, shareable_fields


class AgreementOutput(RowSerializer):
    """What systems of `receiving` may read of people of `giving`, what for, and how long."""

    example = {
        "id": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
        "state": "in_force",
        "giving": "HH",
        "receiving": "RC",
        "purpose": "Finding relatives of the evacuated.",
        "kinds": ["shared-person"],
        "fields": ["family_name", "given_name"],
        "regions": ["RU-KRS"],
        "valid_from": "2024-08-08T00:00:00Z",
        "valid_until": "2024-11-08T00:00:00Z",
        "signed_at": "2024-08-07T09:00:00Z",
        "accepted_at": "2024-08-07T11:30:00Z",
        "ended_at": None,
        "end_reason": "",
    }

    id = serializers.UUIDField()
    state = serializers.ChoiceField(
        choices=AgreementState.values,
        help_text="`waits`: nobody of the receiving organisation accepted it; `to_come`: accepted, and not begun; `in_force`:"
        " it is read under now; `over`: its time is over; `ended`: by one of the two, before its time.",
    )
    giving = serializers.CharField(source="giving.short_name", help_text="Whose people are shared.")
    receiving = serializers.CharField(source="receiving.short_name", help_text="Whose systems may read them.")
    purpose = serializers.CharField(help_text="What they may be read for, and nothing else.")
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=SHARED_KINDS),
        help_text="What is shared: `shared-person` is read at `/shared-people/`.",
    )
    fields = serializers.ListField(  # type: ignore[assignment]  # declared fields are no attributes of the class
        child=serializers.ChoiceField(choices=shareable_fields()),
        help_text="What of them is shown; id, number, organisation and version are besides.",
    )
    regions = serializers.ListField(
        child=serializers.CharField(),
        help_text="Where they were registered, and all below; none: everywhere.",
    )
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(help_text="From this moment on nothing is read any more.")
    signed_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was ended before its time.")
    end_reason = serializers.CharField()


class AgreementViewSet(ScopedViewSet):
    """Sharing agreements between your organisation and others. People sign, accept and end them at the desk."""

    resource = "exchange.agreement"
    model = Agreement
    output = AgreementOutput

    def visible(self) -> QuerySet[Any, Any]:
        """Those of either side, with how each stands at this moment."""
        return Agreement.objects.visible_to(self.user).with_state()

    def expand(self, rows: list[Row]) -> None:
        """One query: what each names."""
        named = Agreement.objects.filter(pk__in=[row["id"] for row in rows]).annotate(
            places=ArrayAgg(
                "regions__key", filter=Q(regions__isnull=False), order_by="regions__key", default=Value([])
            )
        )
        known = {pk: (fields, places) for pk, fields, places in named.values_list("pk", "fields", "places")}
        for row in rows:
            row["kinds"] = list(SHARED_KINDS)
            row["fields"], row["regions"] = known[row["id"]]
