"""The one door through which figures leave for readers outside: disclosure control stands in it, or nothing passes."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from reports.disclosure.failed import DisclosureFailed
from reports.disclosure.tables import threshold_of
from reports.editions.report import SituationReport
from reports.editions.wording import untold
from reports.models import Edition
from reports.models.edition import Audience, EditionStatus
from reports.rendering.encode import from_json

logger = logging.getLogger(__name__)

#: By name, since the attack loads SciPy: web processes that only offer to publish must not carry that.
RELEASE, GATE = "reports.editions.releasing.release", "reports.editions.releasing.gate"

_NOT_SHOWN = gettext_lazy(
    "“%(phrase)s” says %(number)s, which this report does not show to its readers, or hides from them there. Write "
    "a number that stands in the report, leave it out, or put a published claim's own words in quotation marks."
)
_NO_CLAIM = gettext_lazy(
    "“%(phrase)s” stands in quotation marks as a claim's own words, and no claim in this report says %(number)s. Quote a claim "
    "that the report holds, or leave the number out."
)


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
    """Attack the edition once more before it is published: others may have left since it was made. Raises as `releasable`.

    What a person wrote in it is looked at again too, as `check_words` does.
    """
    if edition.audience != Audience.INTERNAL:
        with _nothing_leaves(edition):
            import_string(GATE)(from_json(edition.content), earlier=_earlier(edition))
        check_words(edition, edition.content["highlights"], field="lines")


def check_words(
    edition: Edition, lines: Sequence[str], *, field: str, more: frozenset[int] = frozenset()
) -> None:
    """A person's words for readers outside hold no number but those that the edition shows or a published claim says.

    Lines that were drafted from what is shown stay as they are; `more` are numbers that these readers are told beside it. No
    query. Raises ValidationError with the phrase of the first line that says another number.
    """
    if edition.audience == Audience.INTERNAL:
        return
    report = from_json(edition.content)
    for line in lines:
        if line in edition.drafted_highlights:
            continue
        found = untold(report, line, threshold=threshold_of(edition.audience), more=more)
        if found is not None:
            words = _NO_CLAIM if found.is_quoted else _NOT_SHOWN
            code = "not_claimed" if found.is_quoted else "number_not_shown"
            told = words % {"phrase": found.phrase, "number": found.number}
            raise ValidationError({field: ValidationError(told, code=code)})


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
