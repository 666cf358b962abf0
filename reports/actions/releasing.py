"""The one door through which figures leave for readers outside: disclosure control stands in it, or nothing passes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from reports.editions.report import SituationReport
from reports.models import Edition
from reports.models.edition import Audience
from reports.rendering.encode import from_json

#: Takes a report, its audience and the reports that this audience got before, and answers what may leave of it.
Release = Callable[..., SituationReport]


def releasable(report: SituationReport, edition: Edition) -> SituationReport:
    """The report as the edition's audience may read it: for internal readers whole, for others what disclosure control leaves.

    Raises ValidationError where there is no disclosure control: no figure leaves without it. One query for readers outside.
    """
    if edition.audience == Audience.INTERNAL:
        return report
    path: str = settings.REPORT_RELEASE
    if not path:
        words = _(
            "Reports for partners and the public need disclosure control, which is not switched on here. Make the internal one."
        )
        raise ValidationError({"audience": ValidationError(words, code="no_disclosure_control")})
    release: Release = import_string(path)
    return release(report, audience=edition.audience, earlier=_earlier(edition))


def _earlier(edition: Edition) -> list[SituationReport]:
    """Every report that this audience had or is about to have of the operation's region, the oldest first."""
    left = Q(status="withdrawn", published_at=None)
    rows: Any = Edition.objects.filter(
        operation=edition.operation, region=edition.region, audience=edition.audience
    )
    rows = rows.exclude(left).exclude(pk=edition.pk).order_by("local_day", "language", "pk")
    return [from_json(content) for content in rows.values_list("content", flat=True)]
