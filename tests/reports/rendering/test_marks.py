"""Hidden, not reported and zero are three marks in every format, and a legend stands only where one occurs."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.editions.report import SituationReport
from reports.figures.figure import Qualifier
from reports.figures.mark import Mark
from reports.rendering import words
from reports.rendering.charts.draw import svg_charts
from reports.rendering.content.compose import compose
from reports.rendering.encode import from_json, to_json
from reports.rendering.mail import mail_parts
from reports.rendering.page import render_page
from reports.rendering.pdf import render_pdf
from reports.rendering.text import render_text
from reports.rendering.xlsx import render_xlsx
from tests.reports.rendering.sample import kursk

LEGEND = "hidden: a few people"
HIDDEN = Mark.SUPPRESSED


def told() -> SituationReport:
    """The sample as partners might get it: here and there a number is hidden."""
    base = kursk()
    rows = (replace(base.regions[0], displaced=HIDDEN, change=HIDDEN, left=0, hosted=None), *base.regions[1:])
    figure = replace(
        base.key_figures[0], value=None, qualifier=Qualifier.SUPPRESSED, change=None, children=HIDDEN
    )
    return replace(
        base,
        audience="partners",
        key_figures=(figure, *base.key_figures[1:]),
        regions=rows,
        sex_age=(replace(base.sex_age[0], other=HIDDEN), *base.sex_age[1:]),
        needs=(replace(base.needs[0], people=HIDDEN), *base.needs[1:]),
        shelters=(replace(base.shelters[0], occupied_stays=HIDDEN), *base.shelters[1:]),
        casualties=(replace(base.casualties[0], of_which_children_verified=HIDDEN), *base.casualties[1:]),
        series=(replace(base.series[0], displaced=HIDDEN), *base.series[1:]),
        map_points=(replace(base.map_points[0], displaced=HIDDEN), *base.map_points[1:]),
        revisions=(replace(base.revisions[0], before=HIDDEN), *base.revisions[1:]),
        late_registrations=HIDDEN,
    )


def test_a_table_tells_three_things_apart() -> None:
    section = next(s for s in compose(told()).sections if s.name == "districts")
    table = section.tables[0]
    cells = {c.label: cell.text for c, cell in zip(table.columns, table.rows[0].cells, strict=True)}
    assert (cells["Displaced"], cells["Change"], cells["Left"], cells["Hosted here"]) == ("×", "×", "0", "–")
    assert sum(LEGEND in note for note in table.notes) == 1


def test_each_table_with_a_hidden_number_says_what_the_mark_means_and_no_other_does() -> None:
    tables = [table for section in compose(told()).sections for table in section.tables]
    for table in tables:
        has_cross = any(cell.text == "×" for row in table.rows for cell in row.cells)
        assert has_cross == any(LEGEND in note for note in table.notes), table.title
    exact = [note for section in compose(kursk()).sections for t in section.tables for note in t.notes]
    assert not any(LEGEND in note for note in exact)


def test_json_keeps_the_mark() -> None:
    data = to_json(told())
    assert from_json(data) == told()
    assert json.loads(data)["regions"][0]["displaced"] == "suppressed"
    assert json.loads(data)["regions"][0]["hosted"] is None


def test_a_card_says_hidden() -> None:
    reading = compose(told()).cards[0].counted[0]
    assert (reading.value, reading.change, reading.is_reported) == ("hidden", "", False)
    assert "of whom children: hidden" in reading.note


def test_text() -> None:
    text = render_text(told()).decode()
    assert LEGEND in text
    assert "registered: hidden" in text
    assert LEGEND not in render_text(kursk()).decode()


def test_page_and_mail() -> None:
    page, mail = render_page(told()).decode(), mail_parts(told()).html
    for html in (page, mail):
        assert LEGEND in html
        assert "×" in html
    assert LEGEND not in render_page(kursk()).decode()


def test_pdf() -> None:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(told()))).pages)
    assert "×" in text
    assert LEGEND in " ".join(text.split())


def test_workbook() -> None:
    book = load_workbook(BytesIO(render_xlsx(told())))
    rows = list(book["Districts"].values)
    place = {name: column for column, name in enumerate(rows[0])}
    row = rows[1]
    assert (row[place["Displaced"]], row[place["Left"]], row[place["Hosted here"]]) == ("hidden", 0, None)
    assert "Displaced" not in str(row[-1])
    assert "Hosted here" in str(row[-1])
    notes = [str(cell) for line in book["Notes"].values for cell in line]
    assert any("A few people" in note for note in notes)
    exact = load_workbook(BytesIO(render_xlsx(kursk())))
    assert not any("A few people" in str(cell) for line in exact["Notes"].values for cell in line)


@pytest.mark.parametrize("name", ["displaced", "map"])
def test_charts_draw_a_cross_where_a_number_is_hidden(name: str) -> None:
    assert svg_charts(told())[name] != svg_charts(kursk())[name]
    pictures = [picture for section in compose(told()).sections for picture in section.pictures]
    assert "Crosses stand" in next(p.alt for p in pictures if p.name == name)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_format_tells_the_three_apart_in_each_language(language: str) -> None:
    report = replace(told(), language=language)
    tables = [table for section in compose(report).sections for table in section.tables]
    legends = {note for table in tables for note in table.notes if note.startswith("×")}
    [legend] = legends
    assert (LEGEND in legend) == (language == "en")
    with override(language):
        hidden, silent = words.number(HIDDEN), words.number(None)
        text, page, mail = render_text(report).decode(), render_page(report).decode(), mail_parts(report).html
        book = load_workbook(BytesIO(render_xlsx(report)))
        paper = " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(render_pdf(report))).pages)
    for made in (text, page, mail, paper):
        assert "×" in made
        assert legend.split()[1] in made
    row = list(book.worksheets[1].values)[1]
    assert {hidden, 0, None} <= set(row)
    assert silent not in row
    assert hidden != silent
    assert json.loads(to_json(report))["regions"][0]["displaced"] == "suppressed"
