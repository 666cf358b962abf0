"""Civilian casualties and claims: what is verified, what is being corroborated and what is claimed stay apart."""

from django.utils.translation import gettext as _

from reports.editions.report import CasualtyRow, SituationReport
from reports.figures.figure import Figure
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.cards import children, claims_of, provenance
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend


def casualty_section(report: SituationReport) -> Section:
    """Each outcome on a line of its own; outcomes are never merged and columns never added."""
    title = _("Civilian casualties")
    if not report.casualties:
        silence = report.casualty_sentences or (_("No casualty figures were reported."),)
        return Section("casualties", title, tuple(words.clean(sentence) for sentence in silence))
    ours = _("Casualty files")
    rows = tuple(_row(row, report.zone) for row in report.casualties)
    table = Table(
        title,
        (
            Column(_("Outcome"), is_number=False, is_brief=True, weight=16),
            Column(_("Verified"), ours, Origin.COUNTED, is_brief=True, weight=10),
            Column(_("of whom children"), ours, Origin.COUNTED, weight=11),
            Column(_("Being corroborated"), ours, Origin.COUNTED, is_brief=True, weight=14),
            Column(_("Claimed by others"), "", Origin.CLAIMED, is_number=False, is_brief=True, weight=45),
        ),
        rows,
        (
            *legend(rows),
            _(
                "What is being corroborated is not included in what is verified. No column is added to another."
            ),
        ),
    )
    sentences = tuple(words.clean(sentence) for sentence in report.casualty_sentences)
    return Section("casualties", title, sentences, (), (table,))


def _row(row: CasualtyRow, zone: str) -> Row:
    claims = "; ".join(f"{words.quantity(claim)} ({provenance(claim, zone)})" for claim in row.claims)
    return Row(
        (
            Cell(words.clean(row.label)),
            Cell(words.span(row.verified_min, row.verified_max)),
            count_cell(row.of_which_children_verified),
            Cell(words.span(row.corroborating_min, row.corroborating_max)),
            Cell(claims) if claims else Cell(_("no claim known"), is_reported=False),
        )
    )


def claim_section(report: SituationReport) -> Section:
    """Every claim in force with its source, its two dates and its grade."""
    title = _("Claims in force")
    claims = claims_of(report)
    if not claims:
        return Section("claims", title, (_("No claim is known."),))
    names = {row.region: words.clean(row.name) for row in report.regions if not row.is_rest}
    table = Table(
        title,
        (
            Column(_("What"), is_number=False, is_brief=True, weight=21),
            Column(_("Claimed"), origin=Origin.CLAIMED, is_brief=True, weight=15),
            Column(_("Details"), is_number=False, weight=30),
            Column(_("Source and as of"), is_number=False, is_brief=True, weight=30),
            Column(_("Published"), is_number=False, weight=13),
            Column(_("Grade"), is_number=False, weight=9),
        ),
        tuple(_claim_row(claim, report, names) for claim in claims),
        (
            _("Claims are quoted, not endorsed. They are never added to counts or to each other."),
            _("Grade: reliability of the source A to F, credibility of the information 1 to 6."),
        ),
    )
    return Section("claims", title, (), (), (table,))


def _claim_row(claim: Figure, report: SituationReport, names: dict[str, str]) -> Row:
    region = "" if claim.region == report.region else names.get(claim.region, words.clean(claim.region))
    about = (
        region,
        words.clean(claim.scope),
        children(claim),
        labels.kind(claim.kind),
        words.clean(claim.note),
    )
    published = words.short_moment(claim.published_at, report.zone) if claim.published_at else "–"
    return Row(
        (
            Cell(labels.indicator(claim.indicator)),
            Cell(words.quantity(claim)),
            Cell("; ".join(part for part in about if part)),
            Cell(provenance(claim, report.zone)),
            Cell(published),
            Cell(f"{claim.reliability}{claim.credibility}" or _("not graded")),
        )
    )
