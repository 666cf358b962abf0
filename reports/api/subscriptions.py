"""Subscriptions over the API: who gets the reports, with the same two people as on the desk."""

from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from core.api.fields import CodeField, ShortListField, TextField
from core.api.filters import CodeFilter
from core.api.serializers import InputSerializer, Row, RowSerializer
from regions.api.fields import RegionField, RegionFilter
from regions.models import Region
from reports.actions import subscriptions
from reports.api.serializers import StepInput
from reports.models import Subscription, SubscriptionRegion
from reports.models.edition import Audience
from reports.models.subscription import MailFormats, RegionChange, SubscriptionState


class SubscriptionOutput(RowSerializer):
    """That somebody gets the reports of some regions. Only for roles that decide about it: it holds an address."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    regions = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of the regions of which it is now."
    )
    wanted_regions = serializers.ListField(
        child=serializers.CharField(), help_text="Those that wait for approval; empty where no others do."
    )
    audience = serializers.CharField()
    wanted_audience = serializers.CharField(help_text="Readers that wait for approval; empty where none do.")
    language = serializers.CharField()
    formats = serializers.CharField(help_text="Which files come with the mail.")
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    zone = serializers.CharField(help_text="Of the quiet hours; empty: the operation's.")
    state = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.UUIDField()
    approved_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.UUIDField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    suspended_at = serializers.DateTimeField(allow_null=True)
    wanted_at = serializers.DateTimeField(
        allow_null=True, help_text="When a change was proposed that nobody has approved yet."
    )
    wanted_by = serializers.UUIDField(allow_null=True)


def _regions() -> ShortListField:
    words = "By code or name. Who takes an oblast takes its districts."
    return ShortListField(child=RegionField(), allow_empty=False, max_length=100, help_text=words)


class SubscriptionInput(InputSerializer):
    """An address that is put forward. It gets nothing until another person approves and the address confirms."""

    example = {
        "name": "District coordination",
        "address": "coordination@musterpoint.example",
        "regions": ["RU-KRS", "RU-ORL"],
        "audience": "partners",
        "language": "uk",
    }

    name = TextField(max_length=200)
    address = TextField(max_length=254)
    regions = _regions()
    audience = CodeField(choices=Audience.choices, required=False)
    language = CodeField(choices=settings.LANGUAGES, required=False)
    formats = CodeField(choices=MailFormats.choices, required=False)


class RegionsInput(InputSerializer):
    """All the regions that it is to be of. Those that it has take a proposal back."""

    example = {"regions": ["RU-KRS", "RU-BEL"]}

    regions = _regions()


class ReadersInput(InputSerializer):
    """For whom it is to be."""

    example = {"audience": "public"}

    audience = CodeField(choices=Audience.choices)


class FormatsInput(InputSerializer):
    """Which files come with the mail."""

    example = {"formats": "pdf"}

    formats = CodeField(choices=MailFormats.choices)


class QuietHoursInput(InputSerializer):
    """When mails of editions wait. Both null: never."""

    example = {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Kyiv"}

    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    zone = TextField(
        max_length=60, required=False, help_text="Where the reader is. The operation's, where it is left out."
    )


class LineFilter(RegionFilter):
    """Subscriptions of a region or of one below it, each once."""

    def filter(self, queryset: QuerySet[Any, Any], value: Region | None) -> QuerySet[Any, Any]:
        """The queryset narrowed. One query for the regions."""
        if value is None:
            return queryset
        lines = super().filter(SubscriptionRegion.objects.all(), value)
        return queryset.filter(pk__in=lines.values("subscription"))


class SubscriptionFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How subscriptions are narrowed."""

    region = LineFilter(field_name="region", label="Of this region or one below it.")
    state = CodeFilter(SubscriptionState, label="Where they stand.")
    audience = CodeFilter(Audience, label="For whom they are.")


class SubscriptionViewSet(ScopedViewSet):
    """Who gets the reports, for those who decide about it: of one region that is theirs to see, of all to change."""

    resource = "reports.subscription"
    model = Subscription
    output = SubscriptionOutput
    inputs = {
        "create": SubscriptionInput,
        "approve": StepInput,
        "regions": RegionsInput,
        "readers": ReadersInput,
        "formats": FormatsInput,
        "quiet_hours": QuietHoursInput,
        "ask": StepInput,
        "end": StepInput,
    }
    filterset_class = SubscriptionFilters

    def require(self, record: models.Model, action: str) -> None:
        """Raise PermissionDenied where the user may see it and not do this with it. One query."""
        if not Subscription.objects.in_reach(self.user, action).filter(pk=record.pk).exists():
            raise PermissionDenied

    def expand(self, rows: list[Row]) -> None:
        """One query: the regions, those that stand and those that wait."""
        lines = SubscriptionRegion.objects.filter(subscription__in=[row["id"] for row in rows])
        found: dict[Any, list[tuple[str, str]]] = {row["id"]: [] for row in rows}
        for pk, key, change in lines.order_by("region__path").values_list(
            "subscription", "region__key", "change"
        ):
            found[pk].append((key, change))
        for row in rows:
            mine = found[row["id"]]
            row["regions"] = [key for key, change in mine if change != RegionChange.ADD]
            waiting = [key for key, change in mine if change != RegionChange.DROP]
            row["wanted_regions"] = waiting if any(change for _key, change in mine) else []

    def create(self, request: Request) -> Response:
        """Put an address forward. Another person approves it, then the address is asked by mail."""
        return self.created(subscriptions.propose(by=self.user, **self.read_input()))

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Let take effect what another person proposed: the subscription, its wider readers, or its other regions."""
        row = self.reachable(pk, "approve")
        self.read_input()
        subscriptions.approve(subscription=row, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def regions(self, request: Request, pk: str) -> Response:
        """Propose that it be of these regions and no others. Until another person approves, those it has stand."""
        row = self.reachable(pk, "change")
        subscriptions.change_regions(subscription=row, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def readers(self, request: Request, pk: str) -> Response:
        """Let it be for readers who see less, at once; or propose that it be for readers who see more."""
        row = self.reachable(pk, "change")
        subscriptions.change_readers(subscription=row, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def formats(self, request: Request, pk: str) -> Response:
        """Choose which files come with its mails from now on."""
        row = self.reachable(pk, "change")
        subscriptions.set_formats(subscription=row, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"], url_path="quiet-hours")
    def quiet_hours(self, request: Request, pk: str) -> Response:
        """Let mails of editions wait while the reader sleeps. Errata do not wait."""
        row = self.reachable(pk, "change")
        subscriptions.set_quiet_hours(subscription=row, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Send a new link to an address that has not confirmed, or is to confirm anew."""
        row = self.reachable(pk, "change")
        self.read_input()
        subscriptions.ask_again(subscription=row, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Send nothing more to it, not even what waits. One of its regions is enough to do this."""
        row = self.reachable(pk, "end")
        self.read_input()
        subscriptions.unsubscribe(subscription=row, by=self.user)
        return self.told(pk)
