"""The report as PDF: A4, tagged for screen readers (PDF/UA-1), with its own fonts, the same bytes every time."""

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from reports.editions.report import SituationReport
from reports.rendering import fonts
from reports.rendering.charts.draw import svg_charts
from reports.rendering.content.compose import compose

log = logging.getLogger(__name__)

_PAPER = Path(__file__).resolve().parent / "paper"
_LONG_WORD = re.compile(r"[^\s\u00a0]{19,}")
_PIECE = re.compile(r".{12}")
_ZERO_WIDTH_SPACE = "\u200b"
_ACCESSIBLE = "ua-1"


def render_pdf(report: SituationReport) -> bytes:
    """Three to five pages for an oblast; about a second of work, most of it charts. No network, no system fonts.

    Characters that no font has become a replacement mark, because PDF/UA-1 allows no missing glyph. Should a text
    still not pass, the PDF is made without that promise rather than not at all, and the log says so.
    """
    content = {"document": _breakable(asdict(compose(report))), "charts": svg_charts(report)}
    data = fonts.printable(json.dumps(content, ensure_ascii=False))
    try:
        return _compile(data, [_ACCESSIBLE])
    except typst.TypstError:
        log.warning("pdf_not_accessible", extra={"region": report.region, "number": report.number})
        return _compile(data, [])


def _breakable(content: Any) -> Any:
    """The same with places to break in words that are longer than a narrow column."""
    match content:
        case str():
            return _LONG_WORD.sub(
                lambda word: _PIECE.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", word.group()), content
            )
        case dict():
            return {name: _breakable(value) for name, value in content.items()}
        case list() | tuple():
            return [_breakable(value) for value in content]
    return content


def _compile(data: str, standards: list[str]) -> bytes:
    made: bytes = typst.compile(
        str(_PAPER / "report.typ"),
        root=str(_PAPER),
        font_paths=[str(file.parent) for file in fonts.FILES[::2]],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": data},
        pdf_standards=standards,
    )
    return made
