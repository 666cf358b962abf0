"""What must hold before an edition is made, published or taken back, in sentences for the person who asked."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.service import service_user
from regions.models import Operation, Region
from reports.models import Edition
from reports.models.edition import EditionStatus
from reports.models.workflow import TRANSITIONS, EditionAct, Transition, Who, transition

RESOURCE = "reports.edition"


def check_region(operation: Operation, region: Region) -> None:
    """The operation reports on the region. One query."""
    if not operation.regions.filter(pk=region.pk).exists():
        message = _("This operation does not report on this region. Add the region to the operation first.")
        raise ValidationError({"region": ValidationError(message, code="region_not_reported")})


def check_day(operation: Operation, local_day: date, now: datetime) -> None:
    """The day is one of the operation's and over."""
    if local_day < operation.starts_on or (operation.ends_on is not None and local_day > operation.ends_on):
        message = _("The operation does not run on this day. Choose a day between its start and its end.")
        raise ValidationError({"local_day": ValidationError(message, code="outside_operation")})
    if operation.day_ends_at(local_day) >= now:
        message = _(
            "This day is not over yet. Its report can be made after midnight of the operation's clock."
        )
        raise ValidationError({"local_day": ValidationError(message, code="day_not_over")})


def check_known_at(operation: Operation, local_day: date, known_at: datetime, now: datetime) -> None:
    """What was known at a moment can be asked from the end of the day until now."""
    if known_at < operation.day_ends_at(local_day):
        message = _("A report cannot be as known before the end of its day. Choose a later moment.")
        raise ValidationError({"known_at": ValidationError(message, code="known_before_end")})
    if known_at > now:
        message = _("Nobody knows yet what will be known then. Choose a moment that has passed.")
        raise ValidationError({"known_at": ValidationError(message, code="known_in_future")})


def check_act(edition: Edition, act: EditionAct, by: User) -> Transition:
    """The row of the table that lets the actor do this to the edition as it stands. Up to three queries.

    Raises ValidationError where its state does not allow it, PermissionDenied for who may not.
    """
    if edition.status == EditionStatus.WITHDRAWN:
        message = _("This edition has been withdrawn. Make a new one of the same day.")
        raise ValidationError(message, code="withdrawn")
    row = transition(edition.status, act)
    if row is None:
        raise ValidationError(_refused_in(edition, act), code="wrong_state")
    check_may(by, row.permission, edition.operation, edition.region)
    if row.who == Who.AUTOMATIC and not edition.operation.is_automatic_in(edition.region):
        raise ValidationError(_refused_in(edition, act), code="wrong_state")
    if row.who == Who.ANOTHER and by.pk in (edition.made_by, *edition.editors):
        raise PermissionDenied(
            _("Whoever wrote in a report cannot approve it. Ask another publisher to look at it.")
        )
    return row


def check_may(by: User, action: str, operation: Operation, region: Region) -> None:
    """The policy lets the actor do it in this region; the service itself makes every report, and publishes where the
    operation wants no review. Raises PermissionDenied. Up to two queries."""
    if by.pk == service_user().pk:
        if action in ("add", "change") or operation.is_automatic_in(region):
            return
        raise PermissionDenied(
            _("Reports of this operation are reviewed: a publisher must publish this one.")
        )
    if not _reaches(by, action, region):
        raise PermissionDenied(
            _(
                "You may not do this with the reports of this region. Ask an administrator for the publisher's role."
            )
        )


def _refused_in(edition: Edition, act: EditionAct) -> str:
    """What the state of the edition is, and what can be done with it instead."""
    opened = [
        row.act.label for row in TRANSITIONS if row.state == edition.status and row.who != Who.AUTOMATIC
    ]
    words = _("This edition is %(state)s, so this cannot be done: %(act)s. What can be done now: %(open)s.")
    return words % {
        "state": edition.get_status_display(),
        "act": act.label,
        "open": ", ".join(str(label) for label in opened),
    }


def _reaches(by: User, action: str, region: Region) -> bool:
    return by.is_active and any(
        scope.reach(RESOURCE, action) and region.path.startswith(scope.region_path) for scope in by.scopes()
    )


def moment_seen(changed_at: datetime | None) -> str:
    """How a page says when what it shows was last changed; empty where nobody changed it."""
    return changed_at.isoformat() if changed_at else ""


def check_seen(seen: str | None, changed_at: datetime | None) -> None:
    """What is approved is what the page showed: `seen` is what it said of the last change, None of one that says nothing.

    Raises ValidationError `changed_since`.
    """
    if seen is not None and seen != moment_seen(changed_at):
        message = _(
            "Somebody changed this since you opened this page. Open the page anew, read it, then decide."
        )
        raise ValidationError(message, code="changed_since")
