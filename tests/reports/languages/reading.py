"""Reports as their readers see them: every text of a rendered format, and the words in Latin letters among them."""

import csv
import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from pypdf import PdfReader

from reports.editions.report import SituationReport
from reports.rendering.mail import mail_parts
from reports.rendering.registry import FORMATS

#: The same in every language: our name, the name of a format and of a clock.
PROPER = frozenset({"Musterpoint", "PDF", "UTC"})
#: Fields that hold no words: keys, codes and ids.
CODES = frozenset(
    {"operation", "region", "audience", "language", "zone", "indicator", "band", "outcome", "code", "claim"}
    | {"reliability", "credibility", "step", "subject", "content"}
)
#: What sources and clerks wrote stands in reports as they wrote it; this stands in its place in tests.
WRITTEN = "Дані"

_LATIN = re.compile(r"[A-Za-z]{2,}")
_READ_ALOUD = ("alt", "aria-label", "content", "title")


def english(text: str) -> list[str]:
    """The words in Latin letters that are no proper names, each with what stands around it."""
    found = [match for match in _LATIN.finditer(text) if match.group() not in PROPER]
    return [text[max(match.start() - 25, 0) : match.end() + 25] for match in found]


def in_cyrillic(report: SituationReport) -> SituationReport:
    """The report with every text of a source, a clerk or a draft replaced: what is English now comes from rendering."""
    replaced: SituationReport = _replaced(report, "")
    return replaced


def _replaced(value: Any, name: str) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return WRITTEN if name not in CODES and _LATIN.search(value) else value
        case tuple():
            return tuple(_replaced(item, name) for item in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{f.name: _replaced(getattr(value, f.name), f.name) for f in fields(value)}
            )
    return value


class _Page(HTMLParser):
    """What a page shows or reads aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag in ("style", "title", "svg"):
            self._inside.append(tag)
        if tag == "meta" and given.get("name") != "description":
            return
        self.texts += [said for name in _READ_ALOUD if (said := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not {"style", "svg"} & set(self._inside):
            self.texts.append(data)


def read_page(html: str) -> tuple[str, str]:
    """The language that a page says it is in, and everything that it says."""
    page = _Page()
    page.feed(html)
    return page.language, "\n".join(page.texts)


def read_pdf(content: bytes) -> tuple[str, str]:
    """The same of a PDF."""
    document = PdfReader(BytesIO(content))
    title = document.metadata.title if document.metadata else ""
    catalog: Any = document.trailer["/Root"]
    return str(catalog["/Lang"]), "\n".join([title or "", *(page.extract_text() for page in document.pages)])


def read_workbook(content: bytes) -> str:
    """Everything in a workbook but the columns that are the same in every language, whose headings are English."""
    texts = []
    for sheet in load_workbook(BytesIO(content)):
        texts.append(sheet.title)
        for column in sheet.iter_cols(values_only=True):
            if not english(str(column[0])):
                texts += [value for value in column if isinstance(value, str)]
    return "\n".join(texts)


def read_table(content: bytes) -> str:
    """The columns of the tidy table that are texts; codes are the same in every language."""
    rows = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
    return "\n".join(row[name] for row in rows for name in ("name", "region_name", "source", "scope", "note"))


def everything_said(report: SituationReport) -> dict[str, str]:
    """What each format for people says, and the mail."""
    made = {name: entry.render(report) for name, entry in FORMATS.items() if name != "json"}
    mail = mail_parts(report)
    return {
        "text": made["text"].decode(),
        "html": read_page(made["html"].decode())[1],
        "pdf": read_pdf(made["pdf"])[1],
        "xlsx": read_workbook(made["xlsx"]),
        "csv": read_table(made["csv"]),
        "subject": mail.subject,
        "mail": read_page(mail.html)[1],
        "mail text": mail.text,
    }
