"""Taking back a fact that was wrong."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.facts import Fact

AnyFact = TypeVar("AnyFact", bound=Fact)


@transaction.atomic
def void(fact: AnyFact, *, by: Actor, reason: str) -> AnyFact:
    """Mark the fact as wrong from now on; what was known before stays as it was. Three queries.

    Raises ValidationError without a reason or where the fact has been voided already.
    """
    if not reason.strip():
        words = _("Say why this record is wrong: others will read it.")
        raise ValidationError({"reason": ValidationError(words, code="reason_needed")})
    locked = type(fact)._base_manager.select_for_update().get(pk=fact.pk)
    if locked.is_void:
        raise ValidationError(
            _("This record has been voided already; reload the page to see by whom and why."), code="already_void"
        )
    locked.voided_at, locked.voided_by, locked.void_reason = timezone.now(), by.pk, reason.strip()
    locked.save(update_fields=["voided_at", "voided_by", "void_reason"])
    record("void", locked, by=by, reason=reason.strip())
    return locked
