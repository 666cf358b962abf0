"""The report on paper."""

import logging
import os
import re
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from reports.editions.report import SituationReport
from reports.rendering import fonts, pdf
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

STATUS = Path("/proc/self/statm")
A4 = (595.28, 841.89)


@lru_cache(maxsize=4)
def printed(report: SituationReport) -> PdfReader:
    return PdfReader(BytesIO(pdf.render_pdf(report)))


def words_of(report: SituationReport) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in printed(report).pages))


def test_three_to_five_pages_of_a4() -> None:
    pages = printed(kursk()).pages
    assert 3 <= len(pages) <= 5
    assert {(round(float(p.mediabox.width), 2), round(float(p.mediabox.height), 2)) for p in pages} == {A4}


def test_the_first_page_says_what_is_claimed_beside_what_is_counted() -> None:
    first = printed(kursk()).pages[0].extract_text().replace("\u00a0", " ")
    for words in ("98,412", "about 121,000", "Acting governor", "at least 12", "verified", "3–5"):
        assert words in first
    assert "12 August 2024, 24:00 Moscow time (UTC+3)" in first


def test_every_page_says_who_may_read_it_and_where_it_stands() -> None:
    pages = printed(kursk()).pages
    for place, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert "Internal: contains exact figures, not for publication" in text
        assert f"Page {place} of {len(pages)}" in text


def test_it_is_tagged_for_screen_readers() -> None:
    document = printed(kursk())
    catalog: Any = document.trailer["/Root"]
    assert bool(catalog["/MarkInfo"]["/Marked"])
    assert catalog["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "Situation report No. 7: Kursk Oblast, 12 August 2024"
    xmp = catalog["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    kinds = set(re.findall(r"/S /(\w+)", str(list(structure(catalog["/StructTreeRoot"])))))
    assert kinds >= {"H1", "H2", "Table", "TH", "TD", "L", "Figure"}


def structure(element: Any) -> Any:
    """The kinds of all elements of the structure tree."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for child in element:
            yield from structure(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield f"/S {element['/S']}"
        if "/K" in element:
            yield from structure(element["/K"])


def test_only_our_fonts_are_in_it() -> None:
    names = set()
    for page in printed(kursk()).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            names.add(font.get_object()["/BaseFont"].partition("+")[2])
    assert names
    assert all(name.startswith(("NotoSans", "DejaVuSans")) for name in names)


def test_nothing_known_is_one_page_that_says_so() -> None:
    assert len(printed(sparse()).pages) == 1
    text = words_of(sparse())
    assert text.count("not reported") >= 3
    assert "This report was written late." in text


def test_names_that_mean_harm_are_only_words() -> None:
    text = words_of(ugly())
    assert "=HYPERLINK" in text
    assert "#let x = [1] *bold*" in text
    assert fonts.NO_GLYPH in text


def test_nothing_leaves_the_page() -> None:
    for page in printed(ugly()).pages:
        found: list[float] = []

        def note(text: str, _matrix: Any, matrix: Any, _font: Any, _size: Any, found: Any = found) -> None:
            if text.strip():
                found.append(matrix[4])

        page.extract_text(visitor_text=note)
        assert max(found) < A4[0]


def test_cyrillic_reports_print() -> None:
    report = replace(kursk(), language="uk", title="Курська область: переміщення")
    assert "Курська область" in words_of(report)
    assert "12 серпня 2024" in words_of(report)


def test_what_cannot_be_tagged_is_printed_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a title the accessible form is refused; a report must go out nevertheless, and say nothing of itself."""
    monkeypatch.setattr(fonts, "printable", lambda text: re.sub('"subject": "[^"]*"', '"subject": ""', text))
    with caplog.at_level(logging.WARNING):
        made = pdf.render_pdf(sparse())
    assert made.startswith(b"%PDF")
    assert b"pdfuaid" not in made
    assert [record.message for record in caplog.records] == ["pdf_not_accessible"]
    assert "Kursk" not in caplog.text


@pytest.mark.skipif(not STATUS.exists(), reason="Only Linux tells a process its memory like this.")
def test_a_worker_does_not_grow_with_every_report() -> None:
    """Twelve reports; without letting go of them it would be about 200 MB more."""
    pdf.render_pdf(kursk())
    before = memory()
    for number in range(12):
        pdf.render_pdf(replace(kursk(), number=number, series=(), map_points=()))
    assert memory() - before < 80


def memory() -> int:
    """What this process holds, in MB."""
    return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000
