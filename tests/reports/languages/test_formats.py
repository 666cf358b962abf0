"""The sample report in Ukrainian and Russian: every format renders, and no English of ours is left in it."""

from dataclasses import replace
from functools import lru_cache
from io import BytesIO

import pytest
from django.utils.translation import override
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation
from openpyxl import load_workbook

from reports.editions.corrections import Correction
from reports.editions.report import SituationReport
from reports.figures.indicators import INDICATORS
from reports.figures.mark import Mark
from reports.rendering.charts.lines import draw_displaced, draw_occupancy
from reports.rendering.erratum import erratum_parts
from reports.rendering.mail import LARGEST, mail_parts
from reports.rendering.page import render_page
from reports.rendering.pdf import render_pdf
from reports.rendering.xlsx import LONGEST_NAME, render_xlsx
from tests.reports.languages.catalogues import LANGUAGES
from tests.reports.languages.reading import english, everything_said, in_cyrillic, read_page, read_pdf
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

each_language = pytest.mark.parametrize("language", LANGUAGES)


@lru_cache(maxsize=8)
def told_in(language: str, kind: str = "whole") -> SituationReport:
    """The sample, one of which nothing is known, or one with hidden numbers and every warning."""
    report = {"whole": kursk, "sparse": sparse, "hidden": _hidden}[kind]()
    return in_cyrillic(replace(report, language=language))


def _hidden() -> SituationReport:
    report = kursk()
    first, *others = report.regions
    return replace(
        report,
        audience="public",
        regions=(replace(first, displaced=Mark.SUPPRESSED, change=Mark.SUPPRESSED), *others),
        series=tuple(replace(point, displaced=Mark.SUPPRESSED) for point in report.series[:2])
        + report.series[2:],
        late_registrations=Mark.SUPPRESSED,
        is_late=True,
        is_unreviewed=True,
    )


@each_language
@pytest.mark.parametrize("kind", ["whole", "sparse", "hidden"])
@pytest.mark.filterwarnings("error:Glyph")
def test_no_english_is_left_in_any_format(language: str, kind: str) -> None:
    said = everything_said(told_in(language, kind))
    assert {name: words for name, text in said.items() if (words := english(text))} == {}
    assert all("\ufffd" not in text for text in said.values())


def test_english_would_be_found() -> None:
    said = everything_said(in_cyrillic(kursk()))
    assert all(english(text) for text in said.values())


@each_language
def test_page_mail_and_paper_say_which_language_they_are_in(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    report = told_in(language)
    assert read_page(render_page(report).decode())[0] == language
    assert read_page(mail_parts(report).html)[0] == language
    assert read_pdf(render_pdf(report))[0] == language
    assert caplog.text == "", "the PDF passes as accessible"


@each_language
def test_an_erratum_has_no_english_either(language: str) -> None:
    report = told_in(language)
    old = report.claims[0]
    found = [
        Correction("Область", old, replace(old, value=120_000), "Причина."),
        Correction("Область", old, None, "Причина."),
    ]
    mail = erratum_parts(report, found, "Причина.")
    page_language, page = read_page(mail.html)
    assert page_language == language
    assert [english(text) for text in (mail.subject, mail.text, page)] == [[], [], []]


@each_language
def test_sheets_have_names_that_spreadsheets_take(language: str) -> None:
    names = load_workbook(BytesIO(render_xlsx(told_in(language)))).sheetnames
    assert len({name.lower() for name in names}) == len(names) == 10
    assert [name for name in names if len(name) > LONGEST_NAME or set(name) & set("[]:*?/\\'")] == []


@each_language
def test_the_mail_stays_small(language: str) -> None:
    """Letters of the Cyrillic alphabet take two bytes each."""
    for report in (told_in(language), replace(ugly(), language=language)):
        assert len(mail_parts(report).html.encode()) <= LARGEST


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_labels_of_lines_stay_on_the_picture(language: str) -> None:
    series = tuple(
        replace(
            point, displaced=121_000, occupied_stays=28_500, occupied_headcount=27_900, places_open=30_000
        )
        for point in kursk().series
    )
    with override(language):
        for figure in (draw_displaced(series), draw_occupancy(series)):
            FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
            labels = [text for axes in figure.axes for text in axes.texts if isinstance(text, Annotation)]
            assert labels
            rights = {label.get_text(): label.get_window_extent().x1 for label in labels}
            assert {text for text, right in rights.items() if right > figure.bbox.x1} == set()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "12 August 2024, 24:00 Moscow time (UTC+3)"),
        ("uk", "12 серпня 2024, 24:00 за московським часом (UTC+3)"),
        ("ru", "12 августа 2024, 24:00 по московскому времени (UTC+3)"),
    ],
)
def test_the_cut_off_is_told_in_words(language: str, said: str) -> None:
    assert said in everything_said(told_in(language))["text"]


@each_language
def test_no_two_indicators_go_by_one_name(language: str) -> None:
    with override(language):
        names = [str(entry.label) for entry in INDICATORS.values()]
    assert len(set(names)) == len(names)
