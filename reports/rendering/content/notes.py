"""What a reader must know before relying on the numbers: gaps, silence, revisions, flags and method."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.report import FlagRow, Revision, Silence, SituationReport
from reports.figures.mark import Mark
from reports.rendering import words
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend


def note_sections(report: SituationReport) -> tuple[Section, ...]:
    """Unknowns, silences, revisions, flags and method; each says so where it has nothing to say."""
    return (
        _listed("unknowns", _("What is not known"), report.unknowns, _("Nothing was noted.")),
        _silences(report),
        _revisions(report),
        _listed("flags", _("Figures to read with care"), _flags(report), _("No figure was flagged.")),
        _listed("method", _("Method and limits"), report.method, _("No method was given.")),
    )


def _listed(name: str, title: str, items: tuple[str, ...], silence: str) -> Section:
    cleaned = tuple(words.clean(item) for item in items)
    sentences = () if cleaned else (silence,)
    return Section(name, title, sentences, cleaned, is_half=True)


def _flags(report: SituationReport) -> tuple[str, ...]:
    """Each flag; behind one that is acknowledged since when and why. An acknowledged flag stays where it is."""
    known = {row.text: row for row in report.flag_rows if row.acknowledged_at is not None}
    return tuple(
        f"{text} {_acknowledged(known[text], report.zone)}" if text in known else text
        for text in report.flags
    )


def _acknowledged(row: FlagRow, zone: str) -> str:
    if row.acknowledged_at is None:
        return ""
    return _("Acknowledged by a named person on %(day)s: %(why)s") % {
        "day": words.short_moment(row.acknowledged_at, zone),
        "why": words.clean(row.acknowledged_because),
    }


def _silences(report: SituationReport) -> Section:
    title = _("Who did not report")
    silent = tuple(_silence(row, report.zone) for row in report.silences)
    sentences = () if silent else (_("Nobody of whom a report was expected is missing."),)
    return Section("silences", title, sentences, silent, is_half=True)


def _silence(row: Silence, zone: str) -> str:
    told = _last_report(row, zone)
    if row.every_days is None:
        return told
    often = ngettext("expected every day", "expected every %(n)s days", row.every_days) % {
        "n": row.every_days
    }
    return f"{told}; {often}"


def _last_report(row: Silence, zone: str) -> str:
    if row.last_report_at is None:
        return _("%(who)s: never reported") % {"who": words.clean(row.name)}
    parts = {"who": words.clean(row.name), "moment": words.moment(row.last_report_at, zone)}
    sentence = _("%(who)s: last report %(moment)s") % parts
    return sentence if not row.age_days else f"{sentence}, {words.age(row.age_days)}"


def _revisions(report: SituationReport) -> Section:
    title = _("Revised since the last edition")
    late = _late(report.late_registrations)
    if not report.revisions:
        return Section("revisions", title, (late, _("No past figure was revised.")), is_half=True)
    columns = (
        Column(_("Day"), is_number=False, is_brief=True, weight=16),
        Column(_("Figure"), is_number=False, is_brief=True, weight=22),
        Column(_("Was"), origin=Origin.COUNTED, is_brief=True, weight=11),
        Column(_("Is now"), origin=Origin.COUNTED, is_brief=True, weight=11),
        Column(_("Why"), is_number=False, weight=40),
    )
    rows = tuple(_revision(row) for row in report.revisions)
    table = Table(title, columns, rows, legend(rows))
    return Section("revisions", title, (late,), (), (table,), is_half=True)


def _late(people: int | Mark) -> str:
    if isinstance(people, Mark):
        return _("A few people were registered late; how many is hidden.")
    if people == 0:
        return _("Nobody was registered late.")
    return ngettext(
        "%(number)s person was registered late, for a day before this report's period.",
        "%(number)s people were registered late, for days before this report's period.",
        people,
    ) % {"number": words.number(people)}


def _revision(row: Revision) -> Row:
    return Row(
        (
            Cell(words.day(row.day)),
            Cell(words.clean(row.label)),
            count_cell(row.before),
            count_cell(row.after),
            Cell(words.clean(row.why)),
        )
    )
