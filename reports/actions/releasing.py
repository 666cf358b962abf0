"""The one door through which figures leave for readers outside: disclosure control stands in it, or nothing passes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string

from reports.disclosure.failed import DisclosureFailed
from reports.editions.report import SituationReport
from reports.models import Edition
from reports.models.edition import Audience, EditionStatus
from reports.rendering.encode import from_json

logger = logging.getLogger(__name__)

#: By name, since the attack loads SciPy: web processes that only offer to publish must not carry that.
RELEASE, GATE = "reports.editions.releasing.release", "reports.editions.releasing.gate"


def releasable(report: SituationReport, edition: Edition) -> SituationReport:
    """The report as the edition's audience may read it: for internal readers whole, for others what disclosure control leaves.

    Raises ValidationError (`disclosure_failed`) where a number that it hides could be worked out, or where the control fails in
    whatever way: then nothing leaves. One query for readers outside, and up to some seconds of work.
    """
    if edition.audience == Audience.INTERNAL:
        return report
    with _nothing_leaves(edition):
        earlier = _earlier(edition)
        released: SituationReport = import_string(RELEASE)(report, audience=edition.audience, earlier=earlier)
        import_string(GATE)(released, earlier=earlier)
    return released


def check_released(edition: Edition) -> None:
    """Attack the edition once more before it is published: others may have left since it was made. Raises as `releasable`."""
    if edition.audience != Audience.INTERNAL:
        with _nothing_leaves(edition):
            import_string(GATE)(from_json(edition.content), earlier=_earlier(edition))


@contextmanager
def _nothing_leaves(edition: Edition) -> Iterator[None]:
    """Whatever goes wrong in here is a refusal, whose sentence and log hold codes and keys only."""
    try:
        yield
    except Exception as error:
        failed = error if isinstance(error, DisclosureFailed) else DisclosureFailed(type(error).__name__)
        logger.error("The report %s is not released: %s", edition.pk, ", ".join(failed.codes))
        refused = ValidationError(str(failed), code="disclosure_failed")
        raise ValidationError({"audience": refused}) from error


def _earlier(edition: Edition) -> list[SituationReport]:
    """What readers outside had or are about to have of the operation, whoever they are and of whichever region, oldest first.

    Editions of one day in several languages that were counted as known at one moment say the same numbers: one of them is
    enough. Withdrawn ones count where they had been published: what was sent cannot be unsaid. One query.
    """
    never_left = Q(status=EditionStatus.WITHDRAWN, published_at=None)
    same = ("local_day", "known_at", "region_id", "audience")
    rows = (
        Edition.objects.filter(operation=edition.operation)
        .exclude(audience=Audience.INTERNAL)
        .exclude(never_left)
        .order_by(*same, "pk")
        .distinct(*same)
    )
    return [from_json(content) for content in rows.values_list("content", flat=True)]
