"""Telephone numbers as they are compared: by what stands for them under a key, so that no workspace and no dump shows them."""

import re

from core.encryption import blind_index

_NOT_DIGITS = re.compile("[^0-9]+")
_PURPOSE = "household.phone"


def phone_index(phone: str) -> int | None:
    """What stands for a telephone number wherever two are compared; None where there is none, or too little of one."""
    digits = phone_digits(phone)
    return blind_index(digits, _PURPOSE) if digits else None


def phone_digits(phone: str) -> str:
    """The last nine digits, which are the same however the country code is written; blank for fewer than seven."""
    if not phone:
        return ""
    digits = _NOT_DIGITS.sub("", phone)
    return digits[-9:] if len(digits) >= 7 else ""
