"""The flags: one short function each, with the sentence for what a reader should doubt.

Sentences name the figure and its source, and say what is odd, not who is wrong.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.figures.figure import Basis, Figure, Kind, Qualifier
from reports.figures.mark import shown
from reports.flags.material import Material, label, number, subject, words
from reports.flags.registry import Doubt, doubt, flag

#: A claim that has not been renewed for so many days is flagged as old.
UNCHANGED_DAYS = 3
#: A claim published so many days after the moment of which it speaks came late: reports in between could not have it.
LATE_DAYS = 3
#: So many times more, or fewer, than before is a jump; counts below `JUMP_FROM` jump without meaning anything.
JUMP, JUMP_FROM = 10, 100
#: 121 and 121,000 share digits; 20 and 2,000 do by chance.
SIGNIFICANT_DIGITS = 3

_POINTS = frozenset({Qualifier.EXACT, Qualifier.ABOUT})


@flag
def falling_cumulative(material: Material) -> Iterator[Doubt]:
    """A number counted since a start that falls: claims of any sources in the order of their moments, and our own counts.

    The newest moment's claims are held against those of the moment before: an old fall warns until a newer number is said.
    """
    for later in material.newest():
        if later.kind is not Kind.CUMULATIVE:
            continue
        older = [c for c in material.claims() if subject(c) == subject(later) and _is_comparable(c, later)]
        before = max((c.as_of for c in older), default=None)
        fallen = [c for c in older if c.as_of == before and (c.value or 0) > (later.value or 0)]
        for earlier in fallen:
            text = _(
                "%(what)s fell from %(before)s (%(earlier)s) to %(value)s (%(source)s) without a correction."
            )
            said = {"before": number(earlier.value or 0), "earlier": earlier.source}
            yield doubt(text % {**words(later), **said}, later, earlier)
    yield from _falling_since(material)


def _falling_since(material: Material) -> Iterator[Doubt]:
    """The same since the last report, of one source and one scope, and of our own counts."""
    before = {f.key: f for f in material.history}
    for figure in material.figures:
        old = before.get(figure.key)
        if old is None or figure.kind is not Kind.CUMULATIVE or old.value is None or figure.value is None:
            continue
        if figure.value < old.value:
            text = _("%(what)s (%(source)s) fell from %(before)s to %(value)s since the last report.")
            yield doubt(text % {**words(figure), "before": number(old.value)}, figure, old)


def _is_comparable(earlier: Figure, later: Figure) -> bool:
    """Whether one is an earlier number of the other; another scope of one source is another number."""
    if earlier.value is None or later.value is None or earlier.as_of >= later.as_of:
        return False
    return earlier.source != later.source or earlier.scope == later.scope


@flag
def more_than_lived_there(material: Material) -> Iterator[Doubt]:
    """Left plus remaining above the population, or left alone above that of the districts to be evacuated."""
    for left in (claim for claim in material.newest() if claim.indicator == "evacuated"):
        limit = material.baselines.get(left.region)
        if left.region == material.region and material.affected_population is not None:
            limit = min(limit or material.affected_population, material.affected_population)
        remaining = _said_together(material, left)
        total = (left.value or 0) + (remaining.value or 0 if remaining else 0)
        if limit is not None and total > limit:
            text = _(
                "%(what)s %(value)s (%(source)s), with who remains, is more than the %(limit)s who lived there."
            )
            said = (left,) if remaining is None else (left, remaining)
            yield doubt(text % {**words(left), "limit": number(limit)}, *said, numbers=(limit,))


@flag
def more_than_to_evacuate(material: Material) -> Iterator[Doubt]:
    """Left plus remaining, said together, above the number that was to be evacuated."""
    for needed in material.claims("people_to_evacuate"):
        for left in material.claims("evacuated"):
            remaining = _said_together(material, left)
            if needed.region != left.region or remaining is None or needed.value is None:
                continue
            total = (left.value or 0) + (remaining.value or 0)
            if total > needed.value:
                text = _(
                    "%(source)s: %(value)s left and %(remaining)s remain, more than the %(needed)s to be evacuated."
                )
                said = {"remaining": number(remaining.value or 0), "needed": number(needed.value)}
                yield doubt(text % {**words(left), **said}, left, remaining, needed)


def _said_together(material: Material, left: Figure) -> Figure | None:
    """Who remains, as said by the same source about the same moment and people."""
    same = (left.region, left.source, left.as_of, left.scope)
    return next(
        (f for f in material.claims("remaining") if (f.region, f.source, f.as_of, f.scope) == same), None
    )


@flag
def over_capacity(material: Material) -> Iterator[Doubt]:
    """More people in shelters than places."""
    n = material.sites_over_capacity
    if n:
        text = ngettext(
            "In %(n)s shelter more people sleep than there are usable places.",
            "In %(n)s shelters more people sleep than there are usable places.",
            n,
        )
        yield doubt(text % {"n": n}, subject="shelters", numbers=(n,))
    places = material.get("places_total", Basis.REGISTERED)
    for basis, text in (
        (Basis.REGISTERED, _("%(people)s people have a stay in shelters that have %(places)s places.")),
        (
            Basis.HEADCOUNT,
            _("Site managers counted %(people)s people in shelters that have %(places)s places."),
        ),
    ):
        people = material.get("sheltered", basis)
        if people is not None and places is not None and people > places:
            told = text % {"people": number(people), "places": number(places)}
            yield doubt(told, subject=f"sheltered {basis}", numbers=(people, places))


@flag
def more_children_than_people(material: Material) -> Iterator[Doubt]:
    """Children are among the total and cannot be more."""
    for figure in material.figures:
        most = figure.value_max if figure.value is None else figure.value
        children = shown(figure.children)
        if children is not None and most is not None and children > most:
            text = _("%(what)s (%(source)s): %(children)s children are more than the total of %(most)s.")
            told = text % {**words(figure), "children": number(children), "most": number(most)}
            yield doubt(told, figure, numbers=(children,))


@flag
def flow_is_no_difference(material: Material) -> Iterator[Doubt]:
    """A flow of 24 hours that is not the difference of its source's cumulative numbers of two days running."""
    known = {f.claim: f for f in (*material.history, *material.figures) if f.basis is Basis.CLAIMED}
    for flow in (f for f in material.claims() if f.kind is Kind.FLOW and f.indicator.endswith("_24h")):
        base = flow.indicator.removesuffix("_24h")
        said = {
            f.as_of: f.value
            for f in known.values()
            if (f.indicator, f.source, f.region, f.kind) == (base, flow.source, flow.region, Kind.CUMULATIVE)
            and f.qualifier in _POINTS
        }
        now, before = said.get(flow.as_of), said.get(flow.as_of - timedelta(days=1))
        if None in (now, before, flow.value) or now - before == flow.value:  # type: ignore[operator]  # None is out
            continue
        text = _(
            "%(what)s is %(value)s (%(source)s), but the source's totals of the two days differ by %(difference)s."
        )
        difference = now - before  # type: ignore[operator]  # None is out
        yield doubt(text % {**words(flow), "difference": number(difference)}, flow, numbers=(difference,))


@flag
def same_digits(material: Material) -> Iterator[Doubt]:
    """The same digits in two indicators, as in 121 and 121,000: one may be a slip for the other.

    Only where both are the newest that was said: once somebody has renewed one of them, the slip is no longer believed.
    """
    told: set[frozenset[str]] = set()
    for one, other in combinations(material.newest(), 2):
        pair = frozenset({one.indicator, other.indicator})
        if len(pair) == 1 or pair in told or one.region != other.region:
            continue
        digits = _digits(one)
        if len(digits) >= SIGNIFICANT_DIGITS and digits == _digits(other):
            told.add(pair)
            text = _(
                "%(one)s (%(first)s) and %(other)s (%(second)s) have the same digits: one may be a slip for the other."
            )
            values = {"one": label(one), "first": number(one.value or 0)}
            second = {"other": label(other), "second": number(other.value or 0)}
            yield doubt(text % {**values, **second}, one, other)


def _digits(figure: Figure) -> str:
    """The significant digits: 121,000 and 121 have 121."""
    return str(figure.value or "").rstrip("0")


@flag
def jump(material: Material) -> Iterator[Doubt]:
    """Ten or more times as many as in the last report, or as few; a thousandfold one is most likely a unit mixed up."""
    before = {f.key: f.value for f in material.history}
    for figure in material.figures:
        old, new = before.get(figure.key), figure.value
        if not old or not new or max(old, new) < JUMP_FROM or figure.kind is Kind.FLOW:
            continue
        if new >= JUMP * old or old >= JUMP * new:
            text = _("%(what)s (%(source)s) went from %(before)s to %(value)s in one report: check the unit.")
            yield doubt(text % {**words(figure), "before": number(old)}, figure, numbers=(old,))


@flag
def unchanged(material: Material) -> Iterator[Doubt]:
    """The newest claims about indicators that nobody has renewed for days, and a register that stands still."""
    newest = {(f.region, f.indicator): f for f in material.claims() if f.kind is not Kind.FLOW}
    old = sorted(
        (f for f in newest.values() if f.age_days >= UNCHANGED_DAYS), key=lambda f: (-f.age_days, label(f))
    )
    if old:
        each = (
            ngettext("%(what)s (%(source)s, %(n)s day)", "%(what)s (%(source)s, %(n)s days)", f.age_days)
            % {**words(f), "n": f.age_days}
            for f in old
        )
        told = _("Nobody has renewed these claims for days: %(claims)s.") % {"claims": "; ".join(each)}
        yield doubt(told, *sorted(old, key=lambda f: f.key), subject="claims")
    last = material.displaced_by_day[-UNCHANGED_DAYS - 1 :]
    if len(last) > UNCHANGED_DAYS and len(set(last)) == 1 and last[0]:
        text = ngettext(
            "The number of displaced has not changed for %(n)s day: does the register still get reports?",
            "The number of displaced has not changed for %(n)s days: does the register still get reports?",
            UNCHANGED_DAYS,
        )
        yield doubt(text % {"n": UNCHANGED_DAYS}, subject="displaced", numbers=(last[-1],))


@flag
def published_late(material: Material) -> Iterator[Doubt]:
    """Claims that speak of days long before they were published, in the first report that could have them."""
    known = {f.claim for f in material.history if f.claim}
    for claim in material.claims():
        late = 0 if claim.published_at is None else (claim.published_at - claim.as_of).days
        if late >= LATE_DAYS and claim.claim not in known:
            text = ngettext(
                "%(what)s %(value)s (%(source)s) was published %(n)s day after the moment that it speaks of: "
                "earlier reports could not have it.",
                "%(what)s %(value)s (%(source)s) was published %(n)s days after the moment that it speaks of: "
                "earlier reports could not have it.",
                late,
            )
            yield doubt(text % {**words(claim), "n": late}, claim)


@flag
def unexplained(material: Material) -> Iterator[Doubt]:
    """Who left and who remains, as claimed, do not add up to who was to be evacuated."""
    n = material.unexplained
    if n is not None and n > 0:
        text = ngettext(
            "Claims leave %(number)s person to be evacuated neither gone nor remaining.",
            "Claims leave %(number)s people to be evacuated neither gone nor remaining.",
            n,
        )
        yield doubt(text % {"number": number(n)}, subject="unexplained", numbers=(n,))


@flag
def parts_exceed_total(material: Material) -> Iterator[Doubt]:
    """What one source said of districts at one moment is together more than what it said of the whole."""
    for whole in material.claims():
        if whole.region != material.region or whole.value is None or whole.qualifier not in _POINTS:
            continue
        same = (whole.indicator, whole.source, whole.as_of, whole.kind, whole.unit)
        parts = [
            f.value or 0
            for f in material.claims(whole.indicator)
            if f.region != material.region and (f.indicator, f.source, f.as_of, f.kind, f.unit) == same
        ]
        if sum(parts) > whole.value:
            text = _(
                "%(what)s (%(source)s): the districts come to %(parts)s, more than the total of %(value)s."
            )
            yield doubt(text % {**words(whole), "parts": number(sum(parts))}, whole, numbers=(sum(parts),))
