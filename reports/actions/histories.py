"""One figure over the editions that continue each other, and two editions side by side. Only read; nothing is counted anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reports.editions.corrections import Pair, compare, figure_key, figures_in
from reports.figures.figure import Figure
from reports.models import Edition
from reports.models.edition import READABLE
from reports.rendering.encode import from_json


@dataclass(frozen=True, slots=True)
class Said:
    """What one edition said of a figure; None where it did not have it."""

    edition: Edition
    figure: Figure | None


def history(edition: Edition, key: tuple[str, ...]) -> list[Said]:
    """What each published edition of the same readers and language said of the figure, the newest day first. One query.

    The edition itself is there too, whether or not it is published.
    """
    rows = Edition.objects.of(
        edition.operation, edition.region, audience=edition.audience, language=edition.language
    ).select_related("region")
    return [
        Said(row, next((f for f in figures_in(from_json(row.content)) if figure_key(f) == key), None))
        for row in rows.order_by("-local_day", "-made_at")
        if row.status in READABLE or row.pk == edition.pk
    ]


def compared(old: Edition, new: Edition) -> list[Pair]:
    """The two editions figure by figure. No query. Raises ValidationError for editions that do not continue each other."""
    same = [(each.region_id, each.audience, each.language, each.operation_id) for each in (old, new)]
    if same[0] != same[1]:
        words = _("Compare two editions of one region, for the same readers and in the same language.")
        raise ValidationError({"with": ValidationError(words, code="not_comparable")})
    return compare(from_json(old.content), from_json(new.content))


def comparable(edition: Edition) -> Iterator[Edition]:
    """Other editions that it can be compared with, the newest day first, without what they say. One query."""
    same = Edition.objects.of(
        edition.operation, edition.region, audience=edition.audience, language=edition.language
    )
    yield from same.published().exclude(pk=edition.pk).defer("content").order_by("-local_day", "-made_at")
