"""Asking for any day's report again: built anew from the register, whether or not an edition was made of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.clock import database_now
from regions.models import Operation, Region
from regions.models.region import AmbiguousRegion, UnknownRegion
from reports.actions.checks import check_day, check_known_at
from reports.actions.editions import compute, number_of, previous_of
from reports.models import Edition
from reports.rendering.registry import FORMATS


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes, and the kept edition's file where an edition speaks of the same day as known at the same moment."""

    content: bytes
    kept: bytes | None

    @property
    def is_as_kept(self) -> bool:
        """Whether nothing speaks against it: no edition to compare with, or the same bytes."""
        return self.kept is None or self.kept == self.content


def ask(
    *,
    operation: Operation,
    region: Region,
    local_day: date,
    known_at: datetime | None,
    format_name: str,
    language: str = "en",
) -> Answer:
    """The report of the region and day in one format and language, counted now as known at the moment. Nothing is saved.

    Without `known_at` it is that of the day's edition, or of the moment when it was due. Raises ValidationError for a day
    that is not over or no day of the operation.
    """
    now = database_now()
    check_day(operation, local_day, now)
    same = Edition.objects.of(operation, region, language=language)
    edition = same.standing().filter(local_day=local_day).first()
    known_at = known_at or (edition.known_at if edition else min(operation.due_at(local_day), now))
    check_known_at(operation, local_day, known_at, now)
    is_same = edition is not None and edition.known_at == known_at
    if edition is None or not is_same:
        previous = (
            edition.previous if edition else previous_of(operation, region, local_day, language=language)
        )
        edition = _imagined(operation, region, local_day, known_at, language, previous)
    with override(edition.language):
        content = FORMATS[format_name].render(compute(edition))
    return Answer(content, _kept(edition, format_name) if is_same else None)


def find_operation(key: str, region: Region, local_day: date) -> Operation:
    """The operation of this key, or the one that runs on the day and reports on the region or one above it.

    Raises ValidationError that lists the candidates where there is none or several. One query, two to list.
    """
    if key:
        found = list(Operation.objects.filter(key=key))
    else:
        above = region.path.rstrip("/").split("/")
        found = list(Operation.objects.running_on(local_day).filter(regions__key__in=above).distinct())
    if len(found) == 1:
        return found[0]
    keys = ", ".join(op.key for op in found or Operation.objects.order_by("key")[:10])
    if found:
        message = _("Several operations report on this region on this day: %(keys)s. Name one by its key.")
    elif keys:
        message = _("No operation fits. Name one by its key: %(keys)s.")
    else:
        message = _("There is no operation yet. Load or create one first.")
    raise ValidationError(message % {"keys": keys}, code="which_operation")


def find_region(text: str) -> Region:
    """The region of this code or name. Raises ValidationError whose sentence names what may have been meant."""
    try:
        return Region.objects.find(text)
    except AmbiguousRegion:
        raise
    except UnknownRegion as error:
        near = Q(pk__in=Region.objects.matching(text.strip()[:3]).values("pk"))
        candidates = Region.objects.filter(near | Q(operations__isnull=False)).distinct().order_by("path")[:8]
        names = ", ".join(f"{region.name} ({region.key})" for region in candidates)
        message = _("No region has this code or name. Perhaps one of these is meant: %(names)s.") % {
            "names": names
        }
        raise UnknownRegion(message if names else error.message, code="unknown_region") from error


def _imagined(
    operation: Operation,
    region: Region,
    local_day: date,
    known_at: datetime,
    language: str,
    previous: Edition | None,
) -> Edition:
    """An edition that is not made: as it would be, had it been made as known at the moment."""
    return Edition(
        operation=operation,
        region=region,
        local_day=local_day,
        language=language,
        number=number_of(operation, local_day),
        as_of=operation.day_ends_at(local_day),
        known_at=known_at,
        previous=previous,
    )


def _kept(edition: Edition, format_name: str) -> bytes | None:
    file = edition.files.filter(format=format_name).first()
    return bytes(file.content) if file else None
