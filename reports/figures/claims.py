"""Claims as figures: what stands of what each source said. Nothing here is ever added up."""

from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _

from displacement.models import Claim, ClaimChoice, ClaimLink
from displacement.models.claim import ClaimRelation
from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit
from reports.figures.moment import Moment


def claimed(ids: Iterable[int], moment: Moment) -> list[Figure]:
    """One figure for each indicator, region, source, scope and kind: the latest claim that stands. Two queries.

    Superseded, corrected and retracted claims are left out, and so is who only repeats another's word: an echo is named
    in the note of what it repeats. A claim counts from when we had received and recorded it. That which a named person let
    lead is marked, for as long as its source has said nothing newer.
    """
    known = Claim.objects.known_at(moment.known_at).filter(recorded_at__lte=moment.known_at)
    echoes = ClaimLink.objects.filter(
        relation=ClaimRelation.ECHOES,
        recorded_at__lte=moment.known_at,
        claim__in=known.filter(as_of__lte=moment.as_of),
    )
    standing = (
        known.as_of(moment.as_of)
        .standing(moment.known_at)
        .filter(Q(region_id__in=list(ids)) & ~Q(pk__in=echoes.values("claim_id")))
        .select_related("source", "region")
        .annotate(**_choice(moment))
        .prefetch_related(Prefetch("linked_by", echoes.select_related("claim__source"), to_attr="echoes"))
        .order_by("as_of", "published_at", "received_at", "pk")
    )
    latest = {(c.region.path, c.indicator, c.source.name, c.scope, c.kind): c for c in standing}
    return [_figure(latest[key], moment) for key in sorted(latest)]


def _choice(moment: Moment) -> dict[str, Subquery]:
    """Of each claim the latest choice about its indicator and region: which claim that is, and why."""
    latest = (
        ClaimChoice.objects.as_of(moment.as_of)
        .known_at(moment.known_at)
        .filter(claim__region=OuterRef("region"), claim__indicator=OuterRef("indicator"))
        .order_by("-occurred_at", "-recorded_at", "-pk")
    )
    return {
        "leading": Subquery(latest.values("claim_id")[:1]),
        "because": Subquery(latest.values("reason")[:1]),
    }


def _figure(claim: Claim, moment: Moment) -> Figure:
    """The claim in the words of a figure, with its source and age."""
    is_chosen = claim.leading == claim.pk  # type: ignore[attr-defined]  # annotated above
    return Figure(
        indicator=claim.indicator,
        region=claim.region.key,
        basis=Basis.CLAIMED,
        kind=Kind(claim.kind),
        unit=Unit(claim.unit),
        value=claim.value,
        qualifier=Qualifier(claim.qualifier),
        as_of=claim.as_of,
        source=claim.source.name,
        age_days=moment.age_days(claim.as_of),
        value_min=claim.value_min,
        value_max=claim.value_max,
        children=claim.children,
        scope=claim.scope,
        note=_note(claim),
        published_at=claim.published_at,
        claim=str(claim.pk),
        reliability=claim.reliability or claim.source.reliability,
        credibility=claim.credibility,
        is_chosen=is_chosen,
        chosen_because=claim.because if is_chosen else "",  # type: ignore[attr-defined]  # annotated above
    )


def _note(claim: Claim) -> str:
    """The note of the clerk, and who else repeats the claim."""
    by = sorted({link.claim.source.name for link in claim.echoes})  # type: ignore[attr-defined]  # prefetched above
    repeated = _("repeated by %(sources)s") % {"sources": ", ".join(by)} if by else ""
    return "; ".join(part for part in (claim.note, repeated) if part)
