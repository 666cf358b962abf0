"""The report as PDF: A4, tagged for screen readers (PDF/UA-1), with its own fonts, the same bytes every time."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

from reports.editions.report import SituationReport
from reports.rendering import fonts
from reports.rendering.charts.draw import svg_charts
from reports.rendering.content.breaks import with_breaks
from reports.rendering.content.compose import compose

log = logging.getLogger(__name__)

_PAPER = Path(__file__).resolve().parent / "paper"
KEPT_BY_TYPST = 10
Standard = Literal["ua-1"]


def render_pdf(report: SituationReport) -> bytes:
    """Three to five pages for an oblast; about a second of work, most of it charts. No network, no system fonts.

    Characters that no font has become a replacement mark, because PDF/UA-1 allows no missing glyph. Should a text
    still not pass, the PDF is made without that promise rather than not at all, and the log says so.
    """
    return begin_pdf(report)()


def begin_pdf(report: SituationReport) -> Callable[[], bytes]:
    """All of it but the typesetting, and what does that: it may be called in another thread, since it draws nothing, asks
    nothing of Django and lets go of the interpreter meanwhile."""
    content = {"document": asdict(with_breaks(compose(report))), "charts": svg_charts(report)}
    data = fonts.printable(json.dumps(content, ensure_ascii=False))

    def typeset() -> bytes:
        try:
            return _compile(data, "ua-1")
        except typst.TypstError:
            log.warning("pdf_not_accessible", extra={"region": report.region, "number": report.number})
            return _compile(data, None)
        finally:
            _forget()

    return typeset


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts, read once."""
    folders = [str(file.parent) for file in fonts.FILES[::2]]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _forget() -> None:
    """Let go of what typst keeps of the report: 20 MB each of the last ten, which empty documents push out.

    Measured: a worker stays at 160 MB instead of 380; the eleven empty documents take 25 ms.
    """
    for _turn in range(KEPT_BY_TYPST + 1):
        typst.compile(b"", font_paths=_fonts(), format="pdf")


def _compile(data: str, standard: Standard | None) -> bytes:
    return typst.compile(
        str(_PAPER / "report.typ"),
        root=str(_PAPER),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"report": data},
        pdf_standards=standard,
    )
