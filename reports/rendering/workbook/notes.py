"""What stands around the numbers, as a sheet: heading, highlights, unknowns, silences, flags, method."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.rendering.content.document import Document
from reports.rendering.workbook.sheet import Sheet, text

_SECTIONS = ("casualties", "unknowns", "silences", "revisions", "flags", "method")


def note_sheet(document: Document, *, has_hidden: bool = False) -> Sheet:
    """One line per note, under the title of its section; one more where a number of the workbook is hidden."""
    return Sheet(
        _("Notes"), (text(_("Section"), 28), text(_("Note"), 110)), tuple(_notes(document, has_hidden))
    )


def _notes(document: Document, has_hidden: bool) -> Iterator[tuple[str, str]]:
    yield document.overline, document.title
    yield _("Audience"), document.marking
    for fact in document.facts:
        yield fact.label, fact.text
    for warning in document.warnings:
        yield _("Warning"), warning
    for sentence in document.highlights:
        yield document.headings.highlights, sentence
    yield document.headings.key_figures, document.headings.cards_note
    for section in document.sections:
        if section.name in _SECTIONS:
            for sentence in (*section.sentences, *section.items):
                yield section.title, sentence
    if has_hidden:
        yield (
            _("hidden"),
            _(
                "A few people, or a number that would give away a few. It is known, and it is neither zero nor not reported."
            ),
        )
    yield _("Empty cells"), _("Not reported, which is not zero. The last column names what was not reported.")
