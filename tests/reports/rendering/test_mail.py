"""The report as a mail."""

import base64
import re
from dataclasses import replace
from functools import lru_cache

import pytest
from playwright.sync_api import Browser

from reports.editions.report import SituationReport
from reports.rendering.letter import MailParts
from reports.rendering.mail import LARGEST, mail_parts
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

REPORTS = pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["kursk", "sparse", "ugly"])


@lru_cache(maxsize=8)
def made(report: SituationReport) -> MailParts:
    return mail_parts(report)


def as_shown(parts: MailParts) -> str:
    """The HTML as a mail program shows it, the pictures in their places."""
    html = parts.html
    for cid, image in parts.images.items():
        html = html.replace(f"cid:{cid}", f"data:image/png;base64,{base64.b64encode(image).decode()}")
    return html


@REPORTS
def test_it_is_not_clipped(report: SituationReport) -> None:
    assert len(made(report).html.encode()) <= LARGEST < 102_400


def test_tables_are_shortened_before_the_mail_is_clipped() -> None:
    rows = tuple(replace(kursk().regions[0], region=f"X{n}", name=f"District {n}") for n in range(400))
    crowded = made(replace(kursk(), regions=(*rows, kursk().regions[-1]), map_points=(), series=())).html
    assert len(crowded.encode()) <= LARGEST
    assert "more are in the full report." in crowded
    assert "District 0<" in crowded
    assert "District 399<" not in crowded
    assert ">Kursk Oblast<" in crowded
    assert "more are in the full report." not in made(kursk()).html


def test_it_names_claims_with_their_source_beside_what_is_counted() -> None:
    parts = made(kursk())
    for text in (parts.html, parts.text):
        for words in ("about 121,000", "at least 12", "Acting governor", "98,412", "verified", "3–5"):
            assert words in text


@REPORTS
def test_pictures_and_their_references_match(report: SituationReport) -> None:
    parts = made(report)
    assert set(re.findall(r'src="cid:([^"]+)"', parts.html)) == set(parts.images)
    assert all(re.fullmatch(r"[a-z0-9.]+@[a-z.-]+", cid) for cid in parts.images)
    assert len(re.findall(r"<img [^>]*alt=\"[^\"]{20,}\"", parts.html)) == len(parts.images)


@REPORTS
def test_nothing_is_loaded_from_outside(report: SituationReport) -> None:
    html = made(report).html
    assert not re.findall(r"(?:src|href)=\"(?!cid:)", html)
    assert "@import" not in html
    assert "url(" not in html
    assert "<script" not in html
    assert "<link" not in html


@REPORTS
def test_the_subject_is_one_line(report: SituationReport) -> None:
    subject = made(report).subject
    assert subject.isprintable()
    assert subject.startswith("Situation report No. ")
    assert subject.endswith(", 12 August 2024")


def test_styles_are_in_the_elements_and_dark_mode_is_in_the_head() -> None:
    html = made(kursk()).html
    assert html.count("background:#0b5394") + html.count("background: #0b5394") > 3
    assert "prefers-color-scheme" in html


def test_it_says_what_is_attached() -> None:
    parts = made(kursk())
    words = "The full report is a PDF, every figure a workbook: those that were chosen for this address are attached."
    assert words in parts.html
    assert parts.text.endswith(f"{words}\n")


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 800])
@REPORTS
def test_no_reader_must_scroll_sideways(chromium: Browser, report: SituationReport, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.set_content(as_shown(made(report)))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
def test_it_is_dark_where_the_reader_wants_it_dark(chromium: Browser) -> None:
    def ground(scheme: str) -> object:
        page = chromium.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_content(as_shown(made(kursk())))
        colour = page.evaluate("getComputedStyle(document.querySelector('.body')).backgroundColor")
        page.close()
        return colour

    assert ground("dark") == "rgb(18, 24, 31)"
    assert ground("light") == "rgba(0, 0, 0, 0)"
