"""The first page: the figures of a day and what this person can do."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import BreakGlass
from config.desk.figures import Figures, headlines, tables, victims
from config.desk.menu import tasks_for
from regions.models import Operation, Region
from reports.figures.cached import figures_for
from reports.models import Edition
from reports.models.edition import EditionStatus
from reports.rendering.words import full_moment


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: an operation, a region, a day, and the two moments that follow."""

    operation: Operation
    region: Region
    regions: list[Region]
    day: date
    as_of: datetime
    known_at: datetime
    edition: Edition | None


def chosen_view(request: HttpRequest, now: datetime) -> View | None:
    """What was asked for, else the region and day that matter most; None where there is no operation yet. Five queries."""
    operations = Operation.objects.order_by("-starts_on")
    today = timezone.localdate(now)
    operation = operations.running_on(today).first() or operations.first()
    if operation is None:
        return None
    regions = _regions_of(operation)
    if not regions:
        return None
    region = next((r for r in regions if r.key == request.GET.get("region")), regions[0])
    newest = Edition.objects.filter(operation=operation).exclude(status=EditionStatus.WITHDRAWN)
    newest = newest.select_related("region").defer("content").order_by("-local_day", "audience", "made_at")
    day = _day(request.GET.get("day", ""), operation, newest.values_list("local_day", flat=True).first(), now)
    as_of = min(operation.day_ends_at(day), now.replace(second=0, microsecond=0))
    edition = newest.filter(region=region, local_day=day).first()
    return View(operation, region, regions, day, as_of, now, edition)


def _regions_of(operation: Operation) -> list[Region]:
    """The regions reported on and their districts, in the order of the tree. Two queries."""
    below = Q(pk__in=[])
    for region in operation.regions.all():
        below |= Q(path__startswith=region.path, level__lte=region.level + 1)
    return list(Region.objects.filter(below).order_by("path"))


def _day(asked: str, operation: Operation, newest: date | None, now: datetime) -> date:
    """The day asked for; of an operation that has ended, its newest edition's; else today."""
    today = operation.local_day(now)
    try:
        return min(max(date.fromisoformat(asked), operation.starts_on), today)
    except ValueError:
        pass
    has_ended = operation.ends_on is not None and operation.ends_on < today
    if has_ended:
        return newest or operation.ends_on or today
    return today


def index_context(request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    """What the index template needs. Figures come cached for a minute; nothing is counted here."""
    context: dict[str, Any] = {"tasks": tasks_for(request), "unsigned": _unsigned(request, site)}
    if not request.user.has_perm("reports.view_figure"):
        return context
    now = timezone.now().replace(second=0, microsecond=0)
    view = chosen_view(request, now)
    if view is None:
        return context
    zone = view.operation.zone
    counted = figures_for(view.region, as_of=view.as_of, known_at=view.known_at, operation=view.operation)
    figures = Figures.of(counted, zone)
    return {
        **context,
        "view": view,
        "title": view.operation.name,
        "as_of_words": full_moment(view.as_of, zone),
        "headlines": headlines(figures),
        "tables": tables(figures),
        "victims": victims(figures),
    }


def _unsigned(request: HttpRequest, site: AdminSite) -> int:
    """How many reports of others' emergency access wait for this person to sign off. One query for who signs off, else none."""
    desk: Any = site.get_model_admin(BreakGlass)
    if not desk.may(request, "review"):
        return 0
    waiting = BreakGlass.objects.unreviewed()
    return int(desk.within_reach(waiting, request, "review").count())
