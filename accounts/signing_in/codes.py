"""Codes of apps and recovery codes: each opens once, whatever it was used for first; the row of the factor says so."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

from accounts.models import User
from accounts.second_factor import place_of_secrets
from core.encryption import decrypt

#: Under which name a factor knows the half minute of the last code that it took: no code of then or before opens anything.
LAST_STEP = "last_step"


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """The factor of this user whose code it is, by which it is used up; None where it is nobody's, or was used already.

    The rows are locked: of two who send one code at once, the later finds it used. Raises UnreadableError.
    """
    factors = Authenticator.objects.select_for_update().filter(
        user=user, type__in=(Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    )
    for factor in factors.order_by("pk"):
        if _use_step(factor, code) if factor.type == Authenticator.Type.TOTP else _use_recovery(factor, code):
            factor.user = user
            return factor
    return None


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The half minute since 1970 whose code this is, of those that count now and are later than `after`; else None."""
    for step in yield_hotp_counters_from_time():
        is_it = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
        if is_it and step > after:
            return int(step)
    return None


def note_step(factor: Authenticator, step: int) -> None:
    """No code of this half minute or before opens anything any more."""
    factor.data[LAST_STEP] = step
    factor.save(update_fields=["data"])


def _use_step(factor: Authenticator, code: str) -> bool:
    secret = decrypt(factor.data["secret"], place_of_secrets(factor.user_id))
    step = step_of(secret, code, after=factor.data.get(LAST_STEP, 0))
    if step is None:
        return False
    note_step(factor, step)
    return True


def _use_recovery(factor: Authenticator, code: str) -> bool:
    return bool(RecoveryCodes(factor).validate_code(code))
