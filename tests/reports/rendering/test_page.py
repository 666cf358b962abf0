"""The report as a web page, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import override
from playwright.sync_api import Browser, Page, Route

from reports.editions.report import SituationReport
from reports.rendering.page import render_page
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

POLICY = "default-src 'none'; style-src 'self' 'nonce-abc'; img-src 'self' data:; base-uri 'none'"
SERIOUS = {"serious", "critical"}


def opened(
    chromium: Browser, html: bytes, *, width: int = 1000, scheme: str = "light"
) -> tuple[Page, list[str]]:
    """The page as our service would send it, and everything that the browser complained of."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    def answer(route: Route) -> None:
        headers = {"content-security-policy": POLICY, "content-type": "text/html; charset=utf-8"}
        route.fulfill(body=html, headers=headers)

    page.route("**/*", answer)
    page.goto("http://reports.example/")
    return page, complaints


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["kursk", "sparse", "ugly"])
def test_nothing_is_wider_than_the_window_and_nothing_is_blocked(
    chromium: Browser, report: SituationReport, width: int
) -> None:
    page, complaints = opened(chromium, render_page(report, nonce="abc"), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    band = page.evaluate("getComputedStyle(document.querySelector('.band')).backgroundColor")
    assert band == "rgb(11, 83, 148)"
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_without_the_nonce_the_policy_blocks_the_styles(chromium: Browser) -> None:
    page, complaints = opened(chromium, render_page(kursk()))
    assert any("Content Security Policy" in complaint for complaint in complaints)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(chromium: Browser, scheme: str) -> None:
    page = chromium.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(render_page(kursk()).decode())
    violations = Axe().run(page).response["violations"]
    assert [found["id"] for found in violations if found["impact"] in SERIOUS] == []
    page.close()


def test_it_needs_nothing_from_outside() -> None:
    html = render_page(kursk()).decode()
    assert "<script" not in html
    assert " style=" not in html
    assert not re.findall(r"(?:src|href)=\"(?!#)", html)
    assert "url(" not in html.replace("url(#", "")


def test_a_stylesheet_can_take_the_place_of_the_styles() -> None:
    html = render_page(kursk(), stylesheet="/static/reports/page.css").decode()
    assert '<link rel="stylesheet" href="/static/reports/page.css">' in html
    assert "<style" not in html


def test_names_that_mean_harm_are_only_words() -> None:
    html = render_page(ugly()).decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.replace("\u200b", "")


def test_charts_have_their_content_in_words() -> None:
    html = render_page(kursk()).decode()
    assert html.count('role="img"') == 3
    assert "98,412 on 12 August 2024." in html


def test_it_speaks_its_own_language_whatever_is_active() -> None:
    with override("ru"):
        assert render_page(kursk()) == render_page(kursk())
        html = render_page(kursk()).decode()
    assert '<html lang="en">' in html
    assert "12 August 2024, 24:00" in html
