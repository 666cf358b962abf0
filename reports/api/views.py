"""Editions and their files over the API."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError as Refusal
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from accounts.visibility import may
from core.api.filters import CodeFilter, DayFilter, refuse_unknown
from core.api.rendering import AsItIs
from core.api.serializers import Row
from regions.api.fields import RegionFilter
from regions.models import Operation
from reports.actions.editions import make_edition, publish, withdraw
from reports.api.serializers import (
    EditionDetailOutput,
    EditionInput,
    EditionOutput,
    PublishInput,
    WithdrawInput,
)
from reports.delivery.sending import MAIL_FORMAT
from reports.models import Edition, EditionFile
from reports.models.edition import EditionStatus


class EditionFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How editions are narrowed."""

    region = RegionFilter(field_name="region", label="Of this region or one below it.")
    operation = django_filters.CharFilter(
        field_name="operation__key", max_length=50, label="Key of the operation."
    )
    day_from = DayFilter(field_name="local_day", lookup_expr="gte", label="Of this local day or a later one.")
    day_until = DayFilter(
        field_name="local_day", lookup_expr="lte", label="Of this local day or an earlier one."
    )
    status = CodeFilter(EditionStatus, label="Where they stand.")


class EditionViewSet(ScopedViewSet):
    """Situation reports: one for each operation, region and local day."""

    resource = "reports.edition"
    model = Edition
    output = EditionOutput
    detail_output = EditionDetailOutput
    inputs = {"create": EditionInput, "publish": PublishInput, "withdraw": WithdrawInput}
    policy_actions = {"publish": "publish", "withdraw": "publish"}
    orderings = ("-as_of", "as_of", "-id", "id")
    filterset_class = EditionFilters
    reach = {"organisation": "", "region": "region"}

    def visible(self) -> QuerySet[Any, Any]:
        """Published editions and those that were taken back; drafts only for those who make them."""
        if may(self.user, self.resource, "add"):
            return Edition.objects.all()
        return Edition.objects.exclude(status=EditionStatus.DRAFT)

    def expand_detail(self, row: Row) -> None:
        """One query: the files, without what is in them and without the mail."""
        files = EditionFile.objects.filter(edition=row["id"]).exclude(format=MAIL_FORMAT).order_by("format")
        row["files"] = list(files.values("format", "media_type", "file_name", "sha256"))
        for file in row["files"]:
            file["url"] = self.reverse_action("file", args=[row["id"], file["format"]])

    def create(self, request: Request) -> Response:
        """Make the edition of a day that is over, as a draft; it is the same as one made on time."""
        told: dict[str, Any] = self.read_input()
        operation = Operation.objects.filter(key=told.pop("operation")).first()
        if operation is None:
            words = _("No operation has this key. Look it up in the list of operations.")
            raise Refusal({"operation": Refusal(words, code="unknown_operation")})
        return self.created(make_edition(operation=operation, by=self.user, **told))

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let readers have the edition. Nobody publishes what they made themselves, where the operation wants a review."""
        edition = self.reachable(pk, "publish")
        self.read_input()
        publish(edition=edition, by=self.user)
        return Response(self.shown(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an edition back, with a reason. What was sent stays sent; mails that wait do not leave."""
        edition = self.reachable(pk, "publish")
        withdraw(edition=edition, by=self.user, **self.read_input())
        return Response(self.shown(pk))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(
        detail=True,
        url_path="files/(?P<file_format>[^/]+)",
        url_name="file",
        content_negotiation_class=AsItIs,
    )
    def file(self, request: Request, pk: str, file_format: str) -> HttpResponse:
        """One file of an edition: text, json, html, pdf or xlsx."""
        refuse_unknown(request, frozenset())
        if "\x00" in file_format:
            raise Http404
        kept = (
            EditionFile.objects.filter(edition=self.one(pk), format=file_format)
            .exclude(format=MAIL_FORMAT)
            .first()
        )
        if kept is None:
            raise Http404
        answer = HttpResponse(bytes(kept.content), content_type=kept.media_type)
        answer["Content-Disposition"] = f'attachment; filename="{kept.file_name}"'
        answer["ETag"] = f'"{kept.sha256}"'
        # What is opened from this origin runs nothing, whatever a report holds.
        answer["Content-Security-Policy"] = (
            "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        )
        patch_cache_control(answer, private=True)
        return answer
