"""Identity documents that people show: written down, and voided where they were wrong (audit.actions.voiding)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.masking import is_masked
from core.refusals import Refusals
from displacement.actions.birth import latest_day
from displacement.actions.versions import refuse_void
from displacement.identity.documents import number_indexes
from displacement.models import IdentityDocument, Person
from displacement.models.countries import COUNTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document as somebody shows it. `number` is series and number, `country` a code of ISO 3166 or blank."""

    kind: str
    number: str
    country: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@whole_or_refused()
def record(*, person: Person, document: NewDocument, by: Actor) -> IdentityDocument:
    """Write down a document that a person showed now. Eight queries.

    The trace holds no number. Raises ValidationError at the fields, and nothing is saved.
    """
    locked: Person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    refuse_void(locked, field="person")
    now = timezone.now()
    refusals = Refusals()
    row = draft_documents(locked, [document], refusals, occurred_at=now, recorded_at=now, recorded_by=by.pk)[
        0
    ]
    if _is_recorded(row):
        refusals.add(
            "number", _("This document is recorded already. Nothing more to do."), "recorded_already"
        )
    refusals.raise_any()
    row.save(force_insert=True)
    leave_trace("record", row, by=by)
    return row


def draft_documents(
    person: Person, documents: Sequence[NewDocument], refusals: Refusals, *, prefix: str = "", **made: Any
) -> list[IdentityDocument]:
    """Documents ready to be written; what is wrong goes to `refusals`, under `prefix`. No query."""
    rows = []
    for told in documents:
        row = IdentityDocument(
            person=person,
            kind=told.kind,
            number=told.number.strip(),
            country=told.country.strip().upper(),
            issued_on=told.issued_on,
            expires_on=told.expires_on,
            **made,
        )
        row.give_index()
        own = Refusals(prefix)
        own.check_fields(row)
        _check(own, row, made["occurred_at"])
        refusals.take(own)
        rows.append(row)
    return rows


def _check(refusals: Refusals, row: IdentityDocument, at: datetime) -> None:
    if is_masked(row.number):
        refusals.add("number", _("This is a mask and not the value. Write the whole number."), "masked")
    elif row.number and row.number_index is None:
        refusals.add(
            "number",
            _(
                "A document number has at least five letters and digits. Write series and number as they stand there."
            ),
            "number_too_short",
        )
    if row.country and row.country not in COUNTRIES:
        refusals.add(
            "country", _("Give the country as two letters, such as UA or RU, or leave it blank."), "country"
        )
    if row.issued_on and row.issued_on > latest_day(at):
        refusals.add("issued_on", _("This day has not come yet. Check the date of issue."), "in_future")
    if row.issued_on and row.expires_on and row.expires_on < row.issued_on:
        refusals.add(
            "expires_on", _("A document cannot end before it was issued. Check both days."), "ends_before"
        )


def _is_recorded(row: IdentityDocument) -> bool:
    """Whether this document of the person stands already. One query."""
    indexes = number_indexes(row.number)
    if not indexes:
        return False
    same = {"kind": row.kind, "country": row.country, "number_index__in": indexes}
    found: bool = IdentityDocument.objects.current().filter(person_id=row.person_id, **same).exists()
    return found
