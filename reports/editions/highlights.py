"""Highlights: three to six drafts from the figures, for a person to edit. Counts and claims never share a number."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.districts import leading_first, newest
from reports.editions.phrases import day_of, number, people, said, sentence, span
from reports.editions.report import CasualtyRow, RegionRow, ShelterRow
from reports.figures.count import Count
from reports.figures.figure import Figure
from reports.figures.mark import shown


@dataclass(frozen=True, slots=True)
class Draft:
    """What highlights are drafted from."""

    counted: Count
    rows: tuple[RegionRow, ...]
    shelters: tuple[ShelterRow, ...]
    casualties: tuple[CasualtyRow, ...]
    sites_with_headcount: int  # of the shelters in the table, whether or not one was expected

    @property
    def total(self) -> RegionRow:
        """The row of the whole region."""
        return next(row for row in self.rows if row.is_total)

    @property
    def claims(self) -> list[Figure]:
        """Claims about the whole region."""
        return [c for c in self.counted.claims if c.region == self.counted.subtree.region.key]


def highlights(draft: Draft) -> tuple[str, ...]:
    """Displaced; claims beside them; shelters; casualties; gaps; silence. Only what there is something to say about."""
    found = (
        _displaced(draft),
        _claimed(draft),
        _sheltered(draft),
        _harm(draft),
        _gaps(draft),
        _silence(draft),
    )
    return tuple(text for text in found if text)


def _displaced(draft: Draft) -> str:
    total = draft.total
    values = {"people": people(shown(total.displaced) or 0), "region": total.name}
    text = _("%(people)s from %(region)s are registered as displaced") % values
    parts = [f"{text}{_than_before(shown(total.change))}."]
    districts = [row for row in draft.rows if not row.is_total and not row.is_rest and shown(row.change)]
    if districts:
        most = max(districts, key=lambda row: (abs(shown(row.change) or 0), row.region))
        change = shown(most.change) or 0
        signed = f"{'+' if change > 0 else '−'}{number(abs(change))}"
        parts.append(
            _("The largest change is in %(name)s: %(change)s.") % {"name": most.name, "change": signed}
        )
    return " ".join(parts)


def _than_before(change: int | None) -> str:
    """The change since the last report as the end of a sentence."""
    if change is None:
        return ""
    if change == 0:
        return _(", as many as in the last report")
    words = (
        _(", %(n)s more than in the last report")
        if change > 0
        else _(", %(n)s fewer than in the last report")
    )
    return words % {"n": number(abs(change))}


def _claimed(draft: Draft) -> str:
    """What the newest claim says of people who left, beside what is registered."""
    evacuated, needed = newest(draft.claims, "evacuated"), newest(draft.claims, "people_to_evacuate")
    moment, registered = draft.counted.moment, number(shown(draft.total.displaced) or 0)
    parts = []
    if evacuated is not None:
        text = _(
            "%(source)s said that %(number)s people had left or been evacuated by %(day)s; %(registered)s are registered as "
            "displaced."
        )
        values = {"source": evacuated.source, "number": said(evacuated), "day": day_of(evacuated, moment)}
        parts.append(sentence(text % {**values, "registered": registered}))
    if needed is not None:
        text = _("%(source)s put the number of people to be evacuated at %(number)s as of %(day)s.")
        values = {"source": needed.source, "number": said(needed), "day": day_of(needed, moment)}
        parts.append(sentence(text % values))
    return " ".join(parts)


def _sheltered(draft: Draft) -> str:
    """Shelters of the table: those of the region, and those elsewhere in which its people sleep."""
    total = next((row for row in draft.shelters if row.is_total), None)
    if total is None:
        return ""
    text = ngettext(
        "%(people)s sleep by name in %(sites)s open shelter%(elsewhere)s",
        "%(people)s sleep by name in %(sites)s open shelters%(elsewhere)s",
        total.sites_open,
    )
    sites, away = number(total.sites_open), total.sites_open - len(draft.counted.sites.running)
    outside = _(" (%(n)s of them outside the region)") % {"n": number(away)} if away else ""
    parts = [
        text % {"people": people(shown(total.occupied_stays) or 0), "sites": sites, "elsewhere": outside}
    ]
    headcount = shown(total.occupied_headcount)
    if headcount is not None:
        values = {"people": people(headcount), "sites": number(draft.sites_with_headcount)}
        parts.append(_("; managers of %(sites)s of them counted %(people)s tonight") % values)
    free = _("Free places are not known.")
    places, unprotected = shown(total.free), shown(total.protection_gap)
    if places is not None:
        free = ngettext("%(n)s place is free.", "%(n)s places are free.", places) % {"n": number(places)}
    if unprotected:
        gap = _("%(people)s there have no protected place.") % {"people": people(unprotected)}
        free = f"{free} {gap}"
    return f"{''.join(parts)}. {free}"


def _harm(draft: Draft) -> str:
    """Civilians killed: one sentence for what is verified, one for what is not yet, one for each source's claim."""
    killed = next(row for row in draft.casualties if row.outcome == "killed")
    parts: list[str] = []
    if draft.counted.casualties.has_files:
        verified = span(killed.verified_min, killed.verified_max)
        parts.append(_("Civilians killed: %(number)s verified.") % {"number": verified})
    if killed.corroborating_max:
        pending = span(killed.corroborating_min, killed.corroborating_max)
        parts.append(_("Still being corroborated, and not included: %(number)s.") % {"number": pending})
    for claim in sorted(killed.claims, key=leading_first)[:2]:
        values = {
            "source": claim.source,
            "number": said(claim),
            "day": day_of(claim, draft.counted.moment),
        }
        parts.append(sentence(_("%(source)s claimed %(number)s killed as of %(day)s.") % values))
    return " ".join(parts)


def _gaps(draft: Draft) -> str:
    total = draft.total
    parts = []
    if total.unexplained:
        text = _("Of the people to be evacuated, claims leave %(number)s neither gone nor remaining.")
        parts.append(text % {"number": number(total.unexplained)})
    on_the_way = shown(total.in_transit)
    if on_the_way:
        text = _("Of %(people)s who left no arrival is known.")
        parts.append(text % {"people": people(on_the_way)})
    return " ".join(parts)


def _silence(draft: Draft) -> str:
    total = next((row for row in draft.shelters if row.is_total), None)
    if total is None or total.sites_reporting >= total.sites_expected:
        return ""
    missing = total.sites_expected - total.sites_reporting
    text = ngettext(
        "%(missing)s of %(expected)s shelter did not report tonight; that is not to say that all is well there.",
        "%(missing)s of %(expected)s shelters did not report tonight; that is not to say that all is well there.",
        total.sites_expected,
    )
    return text % {"missing": number(missing), "expected": number(total.sites_expected)}
