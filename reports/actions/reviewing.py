"""Between draft and published: editing the highlights, sending to review, sending back, approving."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from reports.actions.checks import check_act, check_seen
from reports.actions.editions import locked_edition
from reports.actions.releasing import check_words
from reports.models import Edition
from reports.models.workflow import EditionAct

FEWEST_LINES, MOST_LINES = 3, 6
#: A line that somebody reads aloud in a meeting. What the figures drafted may be longer and stay as it is.
MOST_CHARACTERS = 240


def edit_highlights(*, edition: Edition, lines: Sequence[str], by: User) -> Edition:
    """Put these lines in place of the highlights, in every format; the drafted ones stay beside them. Six queries.

    Raises ValidationError for too few, too many or too long lines, for numbers that readers outside are not told otherwise,
    or where the edition is approved already, and PermissionDenied for who may not.
    """
    told = [" ".join(line.split()) for line in lines if line.strip()]
    with transaction.atomic():
        locked = locked_edition(edition)
        check_act(locked, EditionAct.EDIT, by)
        _check_lines(told, locked.drafted_highlights)
        check_words(locked, told, field="lines")
        locked.content = {**locked.content, "highlights": told}
        locked.edited_at, locked.edited_by = database_now(), by.pk
        locked.editors = sorted({*locked.editors, by.pk})
        locked.save(update_fields=["content", "edited_at", "edited_by", "editors"])
        record("edit_highlights", locked, by=by, detail={"lines": len(told)})
    return locked


def submit(*, edition: Edition, by: User) -> Edition:
    """Send the draft to review: from now on somebody else may approve it. Five queries."""
    with transaction.atomic():
        locked = locked_edition(edition)
        row = check_act(locked, EditionAct.SUBMIT, by)
        locked.status, locked.submitted_at, locked.submitted_by = row.next, database_now(), by.pk
        locked.save(update_fields=["status", "submitted_at", "submitted_by"])
        record("submit", locked, by=by)
    return locked


def send_back(*, edition: Edition, reason: str, by: User) -> Edition:
    """Make it a draft again, with a reason for its author; an approval no longer holds. Five queries."""
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Say what has to change: the author reads this and nothing else.")}
        )
    with transaction.atomic():
        locked = locked_edition(edition)
        row = check_act(locked, EditionAct.SEND_BACK, by)
        locked.status, locked.sent_back_at, locked.sent_back_by = row.next, database_now(), by.pk
        locked.send_back_reason = reason.strip()
        locked.approved_at = locked.approved_by = None
        changed = ["status", "sent_back_at", "sent_back_by", "send_back_reason", "approved_at", "approved_by"]
        locked.save(update_fields=changed)
        record("send_back", locked, by=by, reason=locked.send_back_reason)
    return locked


def approve(*, edition: Edition, by: User, seen: str | None = None) -> Edition:
    """Say that it may go out as it is. Nobody approves what they made or ever wrote in. Five queries.

    `seen` is what the page said of the last change of the highlights (checks.check_seen).
    """
    with transaction.atomic():
        locked = locked_edition(edition)
        row = check_act(locked, EditionAct.APPROVE, by)
        check_seen(seen, locked.edited_at)
        locked.status, locked.approved_at, locked.approved_by = row.next, database_now(), by.pk
        locked.save(update_fields=["status", "approved_at", "approved_by"])
        record("approve", locked, by=by)
    return locked


def _check_lines(lines: list[str], drafted: list[str]) -> None:
    if not FEWEST_LINES <= len(lines) <= MOST_LINES:
        words = _("Write %(fewest)d to %(most)d highlights, one on each line; these are %(n)d.")
        values = {"fewest": FEWEST_LINES, "most": MOST_LINES, "n": len(lines)}
        raise ValidationError({"lines": ValidationError(words % values, code="number_of_lines")})
    for place, line in enumerate(lines, start=1):
        if len(line) > MOST_CHARACTERS and line not in drafted:
            words = _("Line %(place)d has %(n)d characters; shorten it to %(most)d.")
            values = {"place": place, "n": len(line), "most": MOST_CHARACTERS}
            raise ValidationError({"lines": ValidationError(words % values, code="line_too_long")})
