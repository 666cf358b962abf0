"""The sentences of a released report: drafted from what it shows, or left out where they could give a hidden number back."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from reports.editions.casualties import counted_sentences
from reports.editions.phrases import day, number, people, said, sentence, span
from reports.editions.report import SituationReport
from reports.editions.wording import untold
from reports.figures.figure import Basis, Figure
from reports.figures.mark import shown

_NUMBER = re.compile(r"\d[\d\u00a0\u202f,. ]*")
_SPACES = re.compile(r"[\s,.]")


def retold(report: SituationReport, threshold: int) -> SituationReport:
    """The report with its words anew. What nobody drafted from published numbers stays only if it holds no number of ours."""
    return replace(
        report,
        highlights=_highlights(report),
        casualty_sentences=_casualties(report),
        unknowns=_harmless(report, report.unknowns),
        flags=_harmless(report, report.flags),
        revisions=tuple(
            replace(row, why=_("people registered late, or records corrected")) for row in report.revisions
        ),
        method=(*_method(report, threshold), method(threshold)),
    )


def _method(report: SituationReport, threshold: int) -> tuple[str, ...]:
    """Without the reasons for which a person let a claim lead, where they hold a number that is not shown here."""
    reasons = {claim.chosen_because for claim in report.claims if claim.chosen_because}
    silent = [reason for reason in reasons if untold(report, reason, threshold=threshold)]
    return tuple(text for text in report.method if not any(reason in text for reason in silent))


def method(threshold: int) -> str:
    """What is hidden and why, for the end of a report."""
    return _(
        "Numbers of fewer than %(threshold)s people are hidden, and so are others by which they could be worked out, today or "
        "from earlier reports. Hidden is neither zero nor not reported. Totals of casualties are shown whatever their size."
    ) % {"threshold": threshold}


def _highlights(report: SituationReport) -> tuple[str, ...]:
    return tuple(
        text for text in (_displaced(report), *_claimed(report), _sheltered(report), _killed(report)) if text
    )


def _displaced(report: SituationReport) -> str:
    total = next((row for row in report.regions if row.is_total), None)
    everybody = shown(total.displaced) if total else None
    if total is None or everybody is None:
        return ""
    values = {"people": people(everybody), "region": report.region_name}
    change = shown(total.change)
    if not change:
        return _("%(people)s from %(region)s are registered as displaced.") % values
    text = (
        _("%(people)s from %(region)s are registered as displaced, %(n)s more than in the last report.")
        if change > 0
        else _("%(people)s from %(region)s are registered as displaced, %(n)s fewer than in the last report.")
    )
    return text % {**values, "n": number(abs(change))}


def _claimed(report: SituationReport) -> list[str]:
    """The newest claims of who left and who is to be evacuated, one sentence each."""
    claims = [c for c in report.claims if c.region == report.region]
    texts = {
        "evacuated": _(
            "%(source)s said that %(number)s people had left or been evacuated by %(day)s; this is a claim."
        ),
        "people_to_evacuate": _(
            "%(source)s put the number of people to be evacuated at %(number)s as of %(day)s."
        ),
    }
    found = []
    for indicator, text in texts.items():
        about = sorted((c for c in claims if c.indicator == indicator), key=lambda c: c.as_of)
        if about:
            found.append(sentence(text % _words(about[-1], report)))
    return found


def _words(claim: Figure, report: SituationReport) -> dict[str, str]:
    at = claim.as_of.astimezone(ZoneInfo(report.zone))
    return {"source": claim.source, "number": said(claim), "day": day(at.date())}


def _sheltered(report: SituationReport) -> str:
    total = next((row for row in report.shelters if row.is_total), None)
    stays = shown(total.occupied_stays) if total else None
    if stays is None:
        return ""
    return _("%(people)s sleep by name in shelters.") % {"people": people(stays)}


def _killed(report: SituationReport) -> str:
    """Totals of casualties are public facts; what is not verified has a sentence of its own."""
    killed = next((row for row in report.casualties if row.outcome == "killed"), None)
    if killed is None or not _has_files(report):
        return ""
    text = _("Civilians killed: %(number)s verified.") % {
        "number": span(killed.verified_min, killed.verified_max)
    }
    if not killed.corroborating_max:
        return text
    pending = _("Still being corroborated, and not included: %(number)s.") % {
        "number": span(killed.corroborating_min, killed.corroborating_max)
    }
    return f"{text} {pending}"


def _has_files(report: SituationReport) -> bool:
    return any(row.verified_max or row.corroborating_max for row in report.casualties)


def _casualties(report: SituationReport) -> tuple[str, ...]:
    """Ours from the rows as they are shown; of the others those that only say what somebody claimed."""
    ours = counted_sentences(list(report.casualties)) if _has_files(report) else ()
    sources = {c.source for row in report.casualties for c in row.claims}
    kept = [t for t in report.casualty_sentences if any(t.lower().startswith(s.lower()) for s in sources)]
    silent = [t for t in report.casualty_sentences if not _NUMBER.search(t)] if not ours else []
    return (*ours, *silent, *(t for t in kept if t not in silent))


def _harmless(report: SituationReport, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Sentences whose every number was claimed by somebody in public; ours are in the tables, or hidden there."""
    claimed = {
        str(value)
        for claim in (*report.claims, *report.key_figures)
        if claim.basis is Basis.CLAIMED
        for value in (claim.value, claim.value_min, claim.value_max)
        if value is not None and value >= 1000
    }
    return tuple(
        text
        for text in sentences
        if all(_SPACES.sub("", found) in claimed for found in _NUMBER.findall(text))
    )
