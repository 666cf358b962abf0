"""Telephone numbers as they are compared: by what stands for them under a key, so that no workspace and no dump shows them."""

import re

from core.encryption import blind_index, former_blind_index

_NOT_DIGITS = re.compile("[^0-9]+")
_PURPOSE = "household.phone"


def phone_index(phone: str) -> int | None:
    """What stands for a telephone number wherever two are compared; None where there is none, or too little of one."""
    digits = phone_digits(phone)
    return blind_index(digits, _PURPOSE) if digits else None


def former_phone_index(phone: str) -> int | None:
    """What stood for it under the key of before; None unless one key goes and another comes (manage.py renew_blind_index)."""
    digits = phone_digits(phone)
    return former_blind_index(digits, _PURPOSE) if digits else None


def phone_indexes(phone: str) -> list[int]:
    """All that may stand for the number in the register now; none where there is too little of one."""
    return [index for index in (phone_index(phone), former_phone_index(phone)) if index is not None]


def phone_digits(phone: str) -> str:
    """The last nine digits, which are the same however the country code is written; blank for fewer than seven."""
    if not phone:
        return ""
    digits = _NOT_DIGITS.sub("", phone)
    return digits[-9:] if len(digits) >= 7 else ""
