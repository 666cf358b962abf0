"""The page on which a checked list is looked at: how many rows, what would be written, what was found."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from intake.actions.batches import Summary
from intake.findings import sentence
from intake.models import Batch
from intake.models.batch import BatchState
from intake.models.staging import Severity
from intake.words import counted, number


@dataclass(frozen=True, slots=True)
class Tile:
    """One number that people look for first."""

    tone: str
    label: str
    number: str
    meaning: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One code with what it says and how many rows have it."""

    sentence: str
    count: str
    severity: str
    consequence: str
    url: str


@dataclass(frozen=True, slots=True)
class Review:
    """All that the page shows of a checked list."""

    tiles: list[Tile]
    writes_heading: str
    writes: list[tuple[str, str]]
    groups: list[Group]
    notices: list[str] = field(default_factory=list)


def review_of(batch: Batch, found: Summary, rows_url: str) -> Review:
    """The page's parts; without ways to the rows where `rows_url` is empty, since they are gone. No query."""
    is_written = batch.state == BatchState.ACCEPTED
    return Review(
        tiles=_tiles(found, rows_url),
        writes_heading=_("What was written")
        if is_written
        else _("What accepting all that is not refused would write"),
        writes=counted(batch.outcome if is_written else found.with_warnings),
        groups=[_group(each.code, each.severity, each.rows, rows_url) for each in found.codes],
        notices=[*(sentence(code) for code in batch.notices), *_still_looking(batch)],
    )


def _still_looking(batch: Batch) -> list[str]:
    """What a reader should wait for."""
    if batch.state != BatchState.READY or batch.kind != "people" or "likely" in batch.counts:
        return []
    return [_("Likely duplicates under other spellings are still being looked for. Look again in a moment.")]


def _tiles(found: Summary, rows_url: str) -> list[Tile]:
    show = _("Show the rows")
    tiles = [
        Tile("good", _("Fine"), number(found.fine), _("of %(rows)s rows") % {"rows": number(found.rows)}),
        Tile(
            "warn",
            _("With a warning"),
            number(found.warned),
            _("taken in only if you say so"),
            f"{rows_url}?{urlencode({'show': 'warnings'})}" if found.warned and rows_url else "",
            show,
        ),
        Tile(
            "bad",
            _("Refused"),
            number(found.refused),
            _("not taken in; mend them and send them again"),
            f"{rows_url}?{urlencode({'show': 'refused'})}" if found.refused and rows_url else "",
            show,
        ),
    ]
    if found.known:
        known = _("in the register; not written again")
        tiles.append(Tile("", _("Known already"), number(found.known), known))
    if found.left_out:
        tiles.append(Tile("", _("Left out"), number(found.left_out), _("by whoever accepted the list")))
    return tiles


def _group(code: str, severity: int, rows: int, rows_url: str) -> Group:
    is_error = severity == Severity.ERROR
    return Group(
        sentence=sentence(code),
        count=number(rows),
        severity="error" if is_error else "warning",
        consequence=_("refused") if is_error else _("warning"),
        url=f"{rows_url}?{urlencode({'code': code})}" if rows_url else "",
    )
