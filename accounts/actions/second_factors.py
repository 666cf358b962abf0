"""A colleague has lost the second factor: somebody else takes it away, with a reason."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.refusals import Refusals, refusal


@transaction.atomic
def reset(*, user: User, by: User, reason: str) -> User:
    """Remove every second factor of the user and end all their sessions. They set up a new one when they sign in next.

    Whether `by` administers the user, the caller has asked. Raises PermissionDenied for one's own account: who has stolen a
    session must not be able to. Raises ValidationError where no reason is given, or where there is no factor.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise PermissionDenied(
            _("Nobody resets the own second factor. Ask another administrator of your organisation.")
        )
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why, and how you know that it was the person who asked."))
    refusals.raise_any()
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise refusal(
            _("This user has no second factor. They set one up when they sign in."), code="no_factor"
        )
    factors.delete()
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    record("second_factor_reset", user, by=by, reason=why, detail={"factors": kinds})
    user.refresh_from_db()
    return user
