"""Second factors of others: one that was lost is taken away by somebody else, and secrets follow the key that encrypts."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor import place_of_secrets
from audit.actions.record import record
from core.encryption import decrypt, encrypt, is_current
from core.refusals import Refusals, refusal

#: What allauth keeps encrypted of an authenticator app and of recovery codes.
SECRETS = ("secret", "seed")


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


@transaction.atomic
def renew_secrets(*, by: User) -> int:
    """Write anew what was encrypted under a key that encrypts no more; answers how many rows. Raises UnreadableError.

    One row at a time is locked and the whole is one transaction: a recovery code that is used meanwhile stays used.
    """
    renewed = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        place = place_of_secrets(factor.user_id)
        old = {name: factor.data[name] for name in SECRETS if name in factor.data}
        new = {
            name: encrypt(decrypt(kept, place), place) for name, kept in old.items() if not is_current(kept)
        }
        if new:
            factor.data |= new
            factor.save(update_fields=["data"])
            renewed += 1
    record("encryption_renewed", by, by=by, detail={"second_factors": renewed})
    return renewed
