"""Acknowledging what a flag warns of."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from reports.actions.checks import check_may
from reports.editions.report import FlagRow
from reports.models import Edition, FlagAcknowledgement
from reports.rendering.encode import from_json


def flags_of(edition: Edition) -> list[FlagRow]:
    """The flags of an internal edition, in their order. No query. An edition made before flags had codes has none."""
    return list(from_json(edition.content).flag_rows)


@whole_or_refused()
def acknowledge(*, edition: Edition, flag: str, reason: str, by: User) -> FlagAcknowledgement:
    """Say why a flag of an edition stands: `flag` is "code subject content" as its row has them, see `key_of`.

    Reports made from now on show the reason beside the flag for as long as its numbers stay what they are; the edition
    itself stays as it is. Raises ValidationError without a reason, for a flag that the edition does not have and for one that
    is acknowledged already, PermissionDenied for who may not. Up to six queries.
    """
    check_may(by, "change", edition.operation, edition.region)
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why the number stands: readers of the report will see this."))
    row = next((each for each in flags_of(edition) if key_of(each) == flag), None)
    if row is None:
        refusals.add("flag", _("This edition has no such flag. Choose one from the list."), "no_such_flag")
    refusals.raise_any()
    assert row is not None
    now = timezone.now()
    made = FlagAcknowledgement.objects.create(
        region=edition.region,
        code=row.code,
        subject=row.subject,
        content=row.content,
        sentence=row.text,
        reason=why,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by.pk,
    )
    record("acknowledge", made, by=by, reason=why, detail={"flag": row.code, "subject": row.subject})
    return made


def key_of(row: FlagRow) -> str:
    """What names a flag of an edition."""
    return f"{row.code} {row.subject} {row.content}"
