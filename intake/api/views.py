"""Lists over the API: sent as files, looked at, accepted or thrown away, taken back."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError as Refusal
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import organisation_for
from accounts.api.views import ScopedViewSet
from accounts.models import Organisation
from core.api.filters import CodeFilter, refuse_unknown
from core.api.parsers import FileParser, StrictJSONParser
from core.api.rendering import AsItIs
from core.api.serializers import Row
from intake.actions import batches
from intake.api.findings import PAGE_PARAMETERS, page_of_findings
from intake.api.serializers import (
    AcceptInput,
    BatchDetailOutput,
    BatchInput,
    BatchOutput,
    ColumnsInput,
    DiscardInput,
    FindingPageOutput,
    UndoInput,
)
from intake.download import refused_file
from intake.findings import sentence
from intake.models import Batch, Mapping
from intake.models.batch import BatchState
from intake.models.staging import Severity
from intake.seen import CHECKED
from intake.sources.limits import LIMITS
from regions.api.fields import RegionFilter


class ListParser(FileParser):
    """A list, as large as a list may be."""

    most_bytes = LIMITS.file_bytes


class BatchFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How lists are narrowed."""

    region = RegionFilter(field_name="registered_in", label="Taken down in this region or below it.")
    state = CodeFilter(BatchState, label="Where they stand.")


class BatchViewSet(ScopedViewSet):
    """Lists that were sent in. A worker reads and writes them: ask again until `state` is the one that you wait for."""

    resource = "intake.batch"
    model = Batch
    output = BatchOutput
    detail_output = BatchDetailOutput
    inputs = {
        "create": BatchInput,
        "columns": ColumnsInput,
        "accept": AcceptInput,
        "discard": DiscardInput,
        "undo": UndoInput,
    }
    later = frozenset({"create", "columns", "accept"})
    filterset_class = BatchFilters
    reach = {"region": "registered_in"}

    def get_parsers(self) -> list[Any]:
        """A new list comes as a form with a file; everything else as JSON."""
        is_new = getattr(self, "action_map", {}).get("post") == "create"
        return [ListParser(), StrictJSONParser()] if is_new else super().get_parsers()

    def expand_detail(self, row: Row) -> None:
        """What the check found: three queries at most. While the columns wait for a name, the file's head is read too."""
        batch = Batch.objects.get(pk=row["id"])
        row["failure"] = sentence(batch.failure) if batch.failure else ""
        meant = batches.columns(batch).guess if batch.state == BatchState.NEEDS_MAPPING else batch.columns
        row["columns_named"] = [
            {"heading": heading, "field": meant.get(heading, "")} for heading in batch.headings
        ]
        row["summary"] = _told(batches.summary(batch)) if batch.state in CHECKED else None

    @extend_schema(request={"multipart/form-data": BatchInput})
    def create(self, request: Request) -> Response:
        """Send a file. It is kept, and read by a worker: the answer says where to look. The same file twice is refused."""
        told = self.read_input()
        organisation = organisation_for(
            self.user, self.resource, "add", region=told["region"], wanted=told.get("organisation")
        )
        batch = batches.receive(
            organisation=organisation,
            kind=told["kind"],
            file=told["file"],
            name=told["file"].name,
            by=self.user,
            registered_in=told["region"],
            mapping=_mapping(told.get("mapping", ""), told["kind"], organisation),
        )
        return self.placed(batch.pk, status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"])
    def columns(self, request: Request, pk: str) -> Response:
        """Say what the columns mean, where the headings do not say it, and have the rows checked."""
        batch = self.reachable(pk, "change")
        told = self.read_input()
        batches.map_columns(
            batch=batch,
            columns=told["columns"],
            options={"day_first": told["day_first"]},
            save_as=told.get("save_as", ""),
            replacing=told.get("replacing"),
            by=self.user,
        )
        return self.placed(batch.pk, status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Have the rows written into the register: those without a warning, or those with one too."""
        batch = self.reachable(pk, "change")
        told = self.read_input()
        batches.accept(
            batch=batch,
            by=self.user,
            with_warnings=told["with_warnings"],
            leaving_out=told.get("leaving_out", ()),
        )
        return self.placed(batch.pk, status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Throw a list away that was not accepted."""
        batch = self.reachable(pk, "void")
        self.read_input()
        batches.discard(batch=batch, by=self.user)
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back all that a list wrote. Where somebody changed some of it since, that is listed and nothing happens."""
        batch = self.reachable(pk, "void")
        batches.undo(batch=batch, by=self.user, **self.read_input())
        return self.told(pk)

    @extend_schema(parameters=PAGE_PARAMETERS, responses={200: FindingPageOutput})
    @action(detail=True, methods=["get"])
    def findings(self, request: Request, pk: str) -> Response:
        """What was found about the rows, in their order. A finding names row, column and code and never holds the value."""
        return page_of_findings(self.one(pk), request)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], content_negotiation_class=AsItIs)
    def refused(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The rows that were not taken as CSV, with row number and sentences, to be mended and sent again by who sent them."""
        refuse_unknown(request, frozenset())
        return refused_file(self.one(pk), self.user)


def _mapping(name: str, kind: str, organisation: Organisation) -> Mapping | None:
    if not name:
        return None
    found = Mapping.objects.in_use().filter(organisation=organisation, kind=kind, name=name).first()
    if found is None:
        words = _("Your organisation has no mapping of this name for this kind of list.")
        raise Refusal({"mapping": Refusal(words, code="unknown_mapping")})
    return found


def _told(found: batches.Summary) -> Row:
    """The summary as the API writes it."""
    return {
        **{name: getattr(found, name) for name in ("rows", "fine", "warned", "refused", "left_out", "known")},
        "fine_only": dict(found.fine_only),
        "with_warnings": dict(found.with_warnings),
        "findings": [
            {
                "code": each.code,
                "severity": "error" if each.severity == Severity.ERROR else "warning",
                "detail": sentence(each.code),
                "rows": each.rows,
            }
            for each in found.codes
        ],
    }
