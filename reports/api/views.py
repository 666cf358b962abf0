"""Editions and their files over the API."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError as Refusal
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedViewSet
from core.api.filters import CodeFilter, DayFilter, refuse_unknown
from core.api.rendering import AsItIs
from core.api.serializers import Row
from regions.api.fields import RegionFilter
from regions.models import Operation
from reports.actions.acknowledgements import acknowledge
from reports.actions.editions import make_edition, publish, withdraw
from reports.actions.histories import compared
from reports.actions.reviewing import approve, edit_highlights, send_back, submit
from reports.api.acknowledgements import AcknowledgeInput, shown_flags
from reports.api.figures import shown_figure
from reports.api.serializers import (
    ComparisonOutput,
    EditionDetailOutput,
    EditionInput,
    EditionOutput,
    HighlightsInput,
    PublishInput,
    SendBackInput,
    StepInput,
    WithdrawInput,
)
from reports.delivery.sending import MAIL_FORMAT
from reports.models import Edition, EditionFile
from reports.models.edition import Audience, EditionStatus
from reports.rendering.registry import FORMATS


class Language(TextChoices):
    """The languages of reports."""

    ENGLISH = "en", _lazy("English")
    UKRAINIAN = "uk", _lazy("Ukrainian")
    RUSSIAN = "ru", _lazy("Russian")


_REPORT = {
    "title": "Situation report",
    "region": "RU-KRS",
    "number": 7,
    "local_day": "2024-08-12",
    "key_figures": [],
}
#: What a file can be, by its media type.
_FILES: dict[Any, Any] = {
    (200, each.media_type.partition(";")[0]): OpenApiTypes.BINARY for each in FORMATS.values()
} | {
    (200, "application/json"): OpenApiResponse(
        OpenApiTypes.OBJECT, examples=[OpenApiExample("the head of a report", value=_REPORT)]
    )
}


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
    audience = CodeFilter(Audience, label="Who may read them.")
    language = CodeFilter(Language, label="In which language.")


class EditionViewSet(ScopedViewSet):
    """Situation reports: one for each operation, region and local day, for the audiences that the reader's role opens."""

    resource = "reports.edition"
    model = Edition
    output = EditionOutput
    detail_output = EditionDetailOutput
    inputs = {
        "create": EditionInput,
        "highlights": HighlightsInput,
        "acknowledge": AcknowledgeInput,
        "submit": StepInput,
        "approve": StepInput,
        "send_back": SendBackInput,
        "publish": PublishInput,
        "withdraw": WithdrawInput,
    }
    adding = frozenset({"create", "acknowledge"})
    orderings = ("-as_of", "as_of", "-id", "id")
    filterset_class = EditionFilters
    reach = {"organisation": "", "region": "region"}

    def expand_detail(self, row: Row) -> None:
        """Three queries: the files, without what is in them and without the mail; words; what was said of flags."""
        asked = ("content__highlights", "drafted_highlights", "content__flag_rows", "region")
        words = Edition.objects.values(*asked).get(pk=row["id"])
        row["flags"] = shown_flags(words["region"], words["content__flag_rows"] or ())
        row["highlights"], row["drafted_highlights"] = (
            words["content__highlights"],
            words["drafted_highlights"],
        )
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
    def highlights(self, request: Request, pk: str) -> Response:
        """Put a person's highlights in place of the drafted ones, which stay beside them. Only until it is approved."""
        edition = self.reachable(pk, "change")
        edit_highlights(edition=edition, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Answer for a flag, with a reason: the next reports show it beside the flag, until one of its numbers changes."""
        edition = self.reachable(pk, "change")
        acknowledge(edition=edition, by=self.user, **self.read_input())
        return self.told(pk, 201)

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send a draft to review."""
        edition = self.reachable(pk, "change")
        self.read_input()
        submit(edition=edition, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Say that an edition may go out as it is. Nobody approves what they made or wrote in."""
        edition = self.reachable(pk, "publish")
        self.read_input()
        approve(edition=edition, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Make it a draft again, with a reason for its author."""
        edition = self.reachable(pk, "publish")
        send_back(edition=edition, by=self.user, **self.read_input())
        return self.told(pk)

    @extend_schema(
        responses=ComparisonOutput,
        parameters=[
            OpenApiParameter(
                "with",
                OpenApiTypes.UUID,
                description="Another edition of the same region, readers and language; the one before, without it.",
            )
        ],
    )
    @action(detail=True)
    def compare(self, request: Request, pk: str) -> Response:
        """Two editions figure by figure, as each was frozen."""
        refuse_unknown(request, frozenset({"with"}))
        new = self.one(pk)
        old = self.one(request.query_params["with"]) if "with" in request.query_params else new.previous
        pairs = compared(old, new) if old is not None else []
        zone = new.operation.tz
        figures = [
            {
                "region_name": pair.region_name,
                "old": shown_figure(pair.old, zone) if pair.old else None,
                "new": shown_figure(pair.new, zone) if pair.new else None,
                "difference": pair.difference,
            }
            for pair in pairs
        ]
        return Response(
            {"old": str(old.pk) if old is not None else None, "new": str(new.pk), "figures": figures}
        )

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let readers have the edition: one that is approved, or a draft where reports go out without review."""
        edition = self.reachable(pk, "publish")
        self.read_input()
        publish(edition=edition, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an edition back, with a reason. What was sent stays sent; mails that wait do not leave."""
        edition = self.reachable(pk, "publish")
        withdraw(edition=edition, by=self.user, **self.read_input())
        return self.told(pk)

    @extend_schema(responses=_FILES)
    @action(
        detail=True,
        url_path="files/(?P<file_format>[^/]+)",
        url_name="file",
        content_negotiation_class=AsItIs,
    )
    def file(self, request: Request, pk: str, file_format: str) -> HttpResponse:
        """One file of an edition: text, json, html, pdf, xlsx, csv or hxl."""
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
