"""Figures over the API: the same objects that the desk, the mail and the report show."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any

from django.core.exceptions import ValidationError as Refusal
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from core.api.faults import bad_parameter, refused_parameters
from core.api.filters import read_moment, refuse_unknown
from core.api.serializers import moment
from core.api.views import Contract
from regions.models import Operation, Region
from reports.api.serializers import FigureOutput, FiguresOutput
from reports.editions.build import with_change
from reports.editions.report import SituationReport
from reports.figures.count import figures_for
from reports.figures.figure import Figure
from reports.figures.moment import operation_for
from reports.models import Edition
from reports.rendering.encode import from_json

PARAMETERS = frozenset({"region", "as_of", "known_at", "operation"})
_FIELDS = tuple(FigureOutput._declared_fields)


class FigureViewSet(Contract, ViewSet):
    """Every figure of a region as of one moment and as known at another."""

    resource = "reports.figure"

    @extend_schema(
        responses=FiguresOutput,
        parameters=[
            OpenApiParameter("region", OpenApiTypes.STR, required=True, description="Any code or name."),
            OpenApiParameter(
                "as_of",
                OpenApiTypes.STR,
                description="A moment with its zone, or a local day of the operation, which means its end."
                " Without it: now, or the end of an operation that is over.",
            ),
            OpenApiParameter(
                "known_at",
                OpenApiTypes.DATETIME,
                description="What was known at this moment; now, without it.",
            ),
            OpenApiParameter(
                "operation",
                OpenApiTypes.STR,
                description="Key of the operation; the one that runs in the region, without it.",
            ),
        ],
    )
    def list(self, request: Request) -> Response:
        """Count the figures of a region, beside what others claim. Nothing adds the two.

        Counted at every request, up to the second: it is the desk that may lag by a minute.
        """
        refuse_unknown(request, PARAMETERS)
        now = timezone.now()
        region = _region(request)
        operation = _operation(request, region, now)
        known_at = _read(request, "known_at", read_moment) or now
        as_of = _as_of(request, operation, now)
        if known_at > now:
            words = _("Nobody knows yet what will be known then. Choose a moment that has passed.")
            raise bad_parameter("known_at", "in_future", words)
        if as_of > known_at:
            words = _("Nobody knew at `known_at` what is so at the later `as_of`. Choose an earlier `as_of`.")
            raise bad_parameter("as_of", "after_known_at", words)
        previous = _previous(operation, region, as_of=as_of, known_at=known_at)
        figures = [
            with_change(figure, previous)
            for figure in figures_for(region, as_of=as_of, known_at=known_at, operation=operation)
        ]
        zone = operation.tz if operation else timezone.get_default_timezone()
        return Response(
            {
                "region": region.key,
                "as_of": _local(as_of, zone),
                "known_at": _local(known_at, zone),
                "figures": [shown_figure(figure, zone) for figure in figures],
            }
        )


def _read(request: Request, name: str, read: Callable[[str], Any]) -> Any:
    """A parameter read by a function that refuses with ValidationError; None where it is not given."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return read(text)
    except Refusal as error:
        raise refused_parameters({name: error.error_list}) from error


def _region(request: Request) -> Region:
    if not request.query_params.get("region", "").strip():
        raise bad_parameter("region", "required", _("Name a region by any of its codes or names."))
    region: Region = _read(request, "region", _known_region)
    return region


def _known_region(text: str) -> Region:
    if "\x00" in text:
        raise Refusal(_("No region has this code or name."), code="unknown_region")
    return Region.objects.find(text)


def _operation(request: Request, region: Region, now: datetime) -> Operation | None:
    """The operation that was named; else the one that ran in the region at the moment asked for, or the last that began."""
    key = request.query_params.get("operation")
    if key is None:
        return _operation_of(region, request.query_params.get("as_of"), now)
    found = None if "\x00" in key else Operation.objects.filter(key=key).first()
    if found is None:
        words = _("No operation has this key. Look it up in the list of operations.")
        raise bad_parameter("operation", "unknown_operation", words)
    return found


def _operation_of(region: Region, as_of: str | None, now: datetime) -> Operation | None:
    """One query. Without a moment, also an operation that is over: its end is what people ask for."""
    day = _day(as_of or "")
    if as_of and day is None:
        try:
            return operation_for(region, read_moment(as_of))
        except Refusal:
            return None  # refused with a sentence when the moment itself is read
    begun = Operation.objects.filter(regions__key__in=region.path.split("/")[:-1], starts_on__lte=now.date())
    youngest = list(begun.order_by("-starts_on", "key").distinct())
    running = [one for one in youngest if day and one.starts_on <= day <= (one.ends_on or day)]
    return next(iter(running or youngest), None)


def _as_of(request: Request, operation: Operation | None, now: datetime) -> datetime:
    text = request.query_params.get("as_of")
    if text is None:
        if operation is not None and operation.ends_on is not None:
            return min(now, operation.day_ends_at(operation.ends_on))
        return now
    if (day := _day(text)) is None:
        found: datetime = _read(request, "as_of", read_moment)
        return found
    if operation is None:
        words = _("A day needs the zone of an operation: name one, or write a time with its zone.")
        raise bad_parameter("as_of", "no_zone", words)
    if not operation.starts_on.year - 100 < day.year < operation.starts_on.year + 100:
        raise bad_parameter("as_of", "out_of_range", _("Choose a day near the operation."))
    # Today goes on: what is so at its end nobody knows yet.
    return (
        min(now, operation.day_ends_at(day))
        if day == operation.local_day(now)
        else operation.day_ends_at(day)
    )


def _previous(
    operation: Operation | None, region: Region, *, as_of: datetime, known_at: datetime
) -> SituationReport | None:
    """The published report of the latest earlier day, as it stood at `known_at`: what changes are taken against."""
    if operation is None:
        return None
    earlier = Edition.objects.of(operation, region).published().before(operation.local_day(as_of))
    edition = earlier.filter(published_at__lte=known_at).first()
    return from_json(edition.content) if edition else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == len("2024-08-12") else None
    except ValueError:
        return None


def _local(value: datetime, zone: tzinfo) -> str:
    return value.astimezone(zone).isoformat()


def shown_figure(figure: Figure, zone: tzinfo) -> dict[str, Any]:
    """The figure as the API shows it, its times on the operation's clock."""
    shown = {name: getattr(figure, name) for name in _FIELDS}
    shown["as_of"] = _local(figure.as_of, zone)
    shown["published_at"] = None if figure.published_at is None else moment(figure.published_at)
    return shown
