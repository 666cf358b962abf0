"""An erratum as a mail: which edition, what happened, and each figure with what was said and what is known now."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.editions.corrections import Correction
from reports.editions.report import SituationReport
from reports.figures.figure import Basis
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.letter import MailParts, inlined
from reports.rendering.markup import tidy


def erratum_parts(report: SituationReport, found: Iterable[Correction], reason: str) -> MailParts:
    """Subject, text and HTML in the language of the edition. The same input gives the same bytes. No charts."""
    with override(report.language):
        rows = [_row(each) for each in found]
        edition = _("Situation report No. %(number)s: %(region)s, %(day)s") % {
            "number": words.number(report.number),
            "region": words.clean(report.region_name),
            "day": words.day(report.local_day),
        }
        intro = _("You got this report from us. Figures in it turned out wrong; please use these instead.")
        marking = labels.marking(report.audience)
        context = {
            "language": report.language,
            "title": _("Erratum"),
            "edition": edition,
            "intro": intro,
            "reason": words.clean(reason),
            "rows": rows,
            "headings": (_("Figure"), _("We said"), _("Now"), _("Why")),
            "marking": marking,
        }
        letter = [_("Erratum"), edition, "", intro, "", words.clean(reason), "", *_lines(rows), marking, ""]
        return MailParts(
            subject=_("Erratum: %(edition)s") % {"edition": edition},
            text="\n".join(letter),
            html=tidy(inlined(render_to_string("reports/erratum.html", context))),
            images={},
        )


def _row(each: Correction) -> dict[str, str]:
    return {
        "figure": figure_name(each),
        "old": words.quantity(each.old),
        "new": words.quantity(each.new) if each.new else _("no longer stands"),
        "why": words.clean(each.why),
    }


def figure_name(each: Correction) -> str:
    """What the figure counts, where, and who says so."""
    source = words.clean(each.old.source) if each.old.basis is Basis.CLAIMED else labels.basis(each.old.basis)
    return f"{labels.indicator(each.old.indicator)}, {words.clean(each.region_name)} ({source})"


def _lines(rows: Iterable[dict[str, str]]) -> Iterable[str]:
    for row in rows:
        yield f"{row['figure']}:"
        yield _("  we said: %(old)s") % row
        yield _("  now: %(new)s") % row
        yield f"  {row['why']}"
        yield ""
