"""The situation report in words, in the order in which it is read."""

from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.editions.report import SituationReport
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.cards import has_changes, key_cards
from reports.rendering.content.casualties import casualty_section, claim_section
from reports.rendering.content.districts import where_section
from reports.rendering.content.document import Card, Document, Fact, Headings
from reports.rendering.content.notes import note_sections
from reports.rendering.content.people import people_section
from reports.rendering.content.pictures import trend_sections
from reports.rendering.content.reconciliation import reconciliation_sections
from reports.rendering.content.shelters import shelter_section


@lru_cache(maxsize=2)
def compose(report: SituationReport) -> Document:
    """Puts a report into the words of its own language, whatever language is active. No query, no counting.

    Kept for a moment: every format of an edition is made of the same words.
    """
    with override(report.language):
        cards = key_cards(report)
        return Document(
            language=report.language,
            overline=_("Situation report No. %(number)s") % {"number": words.number(report.number)},
            title=words.clean(report.title),
            subject=_subject(report),
            summary=_summary(cards),
            date=words.day(report.local_day),
            marking=labels.marking(report.audience),
            facts=_facts(report),
            warnings=_warnings(report),
            highlights=tuple(words.clean(sentence) for sentence in report.highlights),
            cards=cards,
            headings=_headings(report),
            sections=(
                *trend_sections(report),
                where_section(report),
                *reconciliation_sections(report),
                casualty_section(report),
                shelter_section(report),
                people_section(report),
                claim_section(report),
                *note_sections(report),
            ),
        )


def _headings(report: SituationReport) -> Headings:
    return Headings(
        highlights=_("Highlights"),
        key_figures=_("Key figures"),
        counted=_("Counted"),
        claimed=_("Claimed"),
        pairs=_("Counted by us, and claimed by others"),
        counted_only=_("Counted by us"),
        claimed_only=_("Claimed by others, not counted by us"),
        nothing_counted=_("not counted by us"),
        nothing_claimed=_("no claim known"),
        cards_note=_cards_note(report),
        page=_("Page %(page)s of %(pages)s"),
    )


def _cards_note(report: SituationReport) -> str:
    rule = _("Counts and claims are never added to each other, nor are claims of different sources.")
    changes = _("+ and − are changes since the previous edition.")
    first = _("There is no earlier edition to compare with.")
    return f"{rule} {changes if has_changes(report) else first}"


def _subject(report: SituationReport) -> str:
    return _("Situation report No. %(number)s: %(region)s, %(day)s") % {
        "number": words.number(report.number),
        "region": words.clean(report.region_name),
        "day": words.day(report.local_day),
    }


def _summary(cards: tuple[Card, ...]) -> str:
    """The first subjects in one line: what a mail list shows beside the subject."""
    lines = []
    for card in cards[:3]:
        readings = [
            *(f"{reading.value} {reading.label}" for reading in card.counted[:1]),
            *(_("%(value)s claimed") % {"value": reading.value} for reading in card.claimed[:1]),
        ]
        lines.append(f"{card.subject}: {', '.join(readings)}")
    return "; ".join(lines)


def _facts(report: SituationReport) -> tuple[Fact, ...]:
    next_due = words.full_moment(report.next_due_at, report.zone) if report.next_due_at else _("none planned")
    return (
        Fact(_("As of"), words.full_moment(report.as_of, report.zone)),
        Fact(_("Period covered"), words.period(report.period_start, report.as_of, report.zone)),
        Fact(_("As known at"), words.moment(report.known_at, report.zone)),
        Fact(_("Next report"), next_due),
        Fact(_("Operation"), words.clean(report.operation_name)),
        Fact(_("Produced by"), words.clean(report.produced_by)),
    )


def _warnings(report: SituationReport) -> tuple[str, ...]:
    late = _(
        "This report was written late. Its figures are those of its own day, as known at the time above."
    )
    unreviewed = _("This report was published automatically: nobody read it before it was sent.")
    said = ((report.is_late, late), (report.is_unreviewed, unreviewed))
    return tuple(sentence for is_so, sentence in said if is_so)
