"""Registration numbers: short, unambiguous on paper and by telephone, with a character that catches mistakes.

A number is eight characters of an alphabet of 31 (digits 2 to 9 and capital letters without I, L and O), written in two
groups of four. 31 is prime, so a check character over weighted positions catches every single wrong character and every
swap of two characters, however far apart.
"""

from itertools import product

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BASE = len(ALPHABET)
_PAYLOAD = 7
CAPACITY: int = _BASE**_PAYLOAD
# Multiplying by a unit modulo the capacity spreads consecutive serials: neighbours in a queue hold no look-alike numbers.
_SPREAD = 10_368_889_613
_UNSPREAD: int = pow(_SPREAD, -1, CAPACITY)
#: Two digits as they are written, the lower one first, and what they add to the sum of the check character at each place.
_PAIRS = [low + high for high, low in product(ALPHABET, repeat=2)]
_SUMS = [
    [weight * low + (weight + 1) * high for high, low in product(range(_BASE), repeat=2)]
    for weight in (2, 4, 6)
]
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class BadRegistrationNumber(ValueError):
    """The text is no registration number: a character is wrong, missing, or swapped."""


def format_number(serial: int) -> str:
    """The number of the serial (0 <= serial < 31**7), such as `7K2M-QX4D`."""
    if not 0 <= serial < CAPACITY:
        raise BadRegistrationNumber
    # Two digits at a time from tables, since lists show hundreds of numbers.
    rest, first = divmod(serial * _SPREAD % CAPACITY, _BASE**2)
    rest, second = divmod(rest, _BASE**2)
    last, third = divmod(rest, _BASE**2)
    total = _SUMS[0][first] + _SUMS[1][second] + _SUMS[2][third] + (_PAYLOAD + 1) * last
    return f"{_PAIRS[first]}{_PAIRS[second]}-{_PAIRS[third]}{ALPHABET[last]}{ALPHABET[-total % _BASE]}"


def number_in_sql(serial: str) -> str:
    """The SQL of the number of a serial, which is an SQL expression itself: as `format_number`, digit by digit."""
    digits = [f"mod(n.s / {_BASE**place}, {_BASE})" for place in range(_PAYLOAD)]
    total = " + ".join(f"{weight} * {digit}" for weight, digit in enumerate(digits, start=2))
    digits.append(f"mod({_BASE} - mod({total}, {_BASE}), {_BASE})")
    shown = [f"substr('{ALPHABET}', ({digit} + 1)::int, 1)" for digit in digits]
    text = " || ".join([*shown[:4], "'-'", *shown[4:]])
    return f"(SELECT {text} FROM (SELECT mod({serial}::numeric * {_SPREAD}, {CAPACITY})::bigint AS s) n)"


def parse_number(text: str) -> int:
    """The serial of a number as somebody typed it: any case, spaces and hyphens. Raises BadRegistrationNumber."""
    characters = [c for c in text.upper() if c not in " -‐‑–"]
    if len(characters) != _PAYLOAD + 1 or any(c not in _VALUE for c in characters):
        raise BadRegistrationNumber
    digits = [_VALUE[c] for c in characters]
    if _check_digit(digits[:_PAYLOAD]) != digits[_PAYLOAD]:
        raise BadRegistrationNumber
    spread = 0
    for digit in reversed(digits[:_PAYLOAD]):
        spread = spread * _BASE + digit
    return spread * _UNSPREAD % CAPACITY


def _check_digit(digits: list[int]) -> int:
    """Makes the sum of position times digit, the check digit's own weight included, divisible by 31."""
    total = sum(weight * digit for weight, digit in enumerate(digits, start=2))
    return -total % _BASE
