"""Which claim leads, in sentences: who has chosen it and why, or that nobody has."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.editions.districts import newest
from reports.editions.phrases import joined, said, sentence
from reports.figures.count import Count
from reports.figures.figure import Figure
from reports.figures.indicators import INDICATORS


def choices(counted: Count) -> tuple[str, ...]:
    """One sentence for each claim that a named person let lead, and one for all things of which nobody has chosen.

    Only of claims about the whole region of which there are several: where there is one, there is nothing to choose.
    """
    return tuple(_sentences(counted))


def _sentences(counted: Count) -> Iterator[str]:
    by_indicator: dict[str, list[Figure]] = defaultdict(list)
    for claim in counted.claims:
        if claim.region == counted.subtree.region.key:
            by_indicator[claim.indicator].append(claim)
    open_ = []
    for indicator, claims in by_indicator.items():
        first = newest(claims, indicator)
        if first is None or (len(claims) == 1 and not first.is_chosen):
            continue
        label = str(INDICATORS[indicator].label)
        if not first.is_chosen:
            open_.append(label)
            continue
        text = _("%(what)s: the claim of %(source)s (%(number)s) leads. A named person chose it: %(why)s")
        yield sentence(
            text % {"what": label, "source": first.source, "number": said(first), "why": first.chosen_because}
        )
    if open_:
        yield _(
            "Nobody has chosen which claim leads on these: %(what)s. The claim about the latest moment stands first."
        ) % {"what": joined(sorted(open_))}
