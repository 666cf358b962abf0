"""The page of rows: which are shown, where the next ones are, and which were ticked to be left out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from intake.admin.likeness import Likeness
from intake.admin.numbers import ticked, write_numbers
from intake.admin.staged import page_of_rows, shown_rows
from intake.findings import sentence
from intake.models import Batch, StagedRow
from intake.models.staging import Severity

_SHOWN: Mapping[str, Severity | None] = {
    "refused": Severity.ERROR,
    "warnings": Severity.WARNING,
    "fine": Severity.FINE,
    "all": None,
}


#: Says of rows whom of the register they may be.
Likenesses = Callable[[Sequence[StagedRow]], Mapping[int, Likeness]]


class Choice(NamedTuple):
    """Which rows the page could show."""

    label: str
    url: str
    is_here: bool


def rows_context(
    batch: Batch,
    url: str,
    likeness: Likenesses,
    asked: QueryDict,
) -> dict[str, Any]:
    """What the template needs. Three queries, one more for a code, and those of `likeness`."""
    code = asked.get("code", "")[:40].replace("\0", "")
    show = asked.get("show", "all" if code else "refused")
    show = show if show in _SHOWN else "all"
    rows, has_more = page_of_rows(batch, severity=_SHOWN[show], code=code, after=_after(asked))
    out = ticked(asked)
    here = {row.number for row in rows}
    return {
        "rows": shown_rows(batch, rows, out, likeness=likeness(rows)),
        "choices": [
            Choice(label, f"{url}?{urlencode({'show': name})}", not code and name == show)
            for name, label in _labels().items()
        ],
        "code": code,
        "code_sentence": sentence(code) if code else "",
        "show": show,
        "all_url": f"{url}?{urlencode({'show': 'all'})}",
        "rows_url": url,
        "kept_out": write_numbers(out - here),
        "next_after": rows[-1].number if has_more else None,
    }


def _labels() -> dict[str, str]:
    return {
        "refused": _("Refused"),
        "warnings": _("With a warning"),
        "fine": _("Fine"),
        "all": _("All rows"),
    }


def _after(asked: QueryDict) -> int:
    """Behind which row the page starts; `at` names the first one itself."""
    return max(_number(asked.get("after", "")), _number(asked.get("at", "")) - 1, 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
