"""What households agree to, purpose by purpose. A withdrawal is a new answer; earlier ones stay as they were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.versions import refuse_void
from displacement.models import Consent, Household
from displacement.models.consent import Obtained, Purpose

#: The version of the consent text that registrars read out.
CONSENT_TEXT = "2024-08"


@whole_or_refused()
def answer(
    *,
    household: Household,
    purpose: str,
    is_given: bool,
    by: Actor,
    occurred_at: datetime | None = None,
    obtained: str = "",
) -> Consent:
    """Write down what a household answered for one purpose; from then on it holds. Three queries.

    `obtained` says how, by a code of `Obtained`. Raises ValidationError at the fields, and nothing is saved.
    """
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    refuse_void(locked, field="household")
    now = timezone.now()
    refusals = Refusals()
    refusals.check_moment("occurred_at", occurred_at or now, now=now)
    made = {"occurred_at": occurred_at or now, "recorded_at": now, "recorded_by": by.pk}
    if obtained and obtained not in Obtained.values:
        refusals.add("obtained", _("Say how it was obtained by one of the list."), "unknown_way")
    rows = draft_consents(locked, {purpose: is_given}, refusals, field="purpose", **made)
    refusals.raise_any()
    rows[0].obtained = obtained
    rows[0].save()
    record(
        "answer", locked, by=by, detail={"purpose": str(purpose), "is_given": is_given, "obtained": obtained}
    )
    return rows[0]


def draft_consents(
    household: Household,
    answers: Mapping[str, bool],
    refusals: Refusals,
    *,
    field: str = "consents",
    **made: Any,
) -> list[Consent]:
    """Answers ready to be written. A purpose that was not asked about has no row, and is not a no. No query."""
    if answers.keys() - set(Purpose.values):
        refusals.add(
            field, _("One of the purposes is not in the list. Choose from the list."), "unknown_purpose"
        )
        return []
    return [
        Consent(household=household, purpose=purpose, is_given=given, text_version=CONSENT_TEXT, **made)
        for purpose, given in answers.items()
    ]
