"""Registration numbers: short, unambiguous on paper and by telephone, with a character that catches mistakes.

A number is eight characters of an alphabet of 31 (digits 2 to 9 and capital letters without I, L and O), written in two
groups of four. 31 is prime, so a check character over weighted positions catches every single wrong character and every
swap of two characters, however far apart.
"""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BASE = len(ALPHABET)
_PAYLOAD = 7
CAPACITY: int = _BASE**_PAYLOAD
# Multiplying by a unit modulo the capacity spreads consecutive serials: neighbours in a queue hold no look-alike numbers.
_SPREAD = 10_368_889_613
_UNSPREAD: int = pow(_SPREAD, -1, CAPACITY)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class BadRegistrationNumber(ValueError):
    """The text is no registration number: a character is wrong, missing, or swapped."""


def format_number(serial: int) -> str:
    """The number of the serial (0 <= serial < 31**7), such as `7K2M-QX4D`."""
    if not 0 <= serial < CAPACITY:
        raise BadRegistrationNumber
    rest = serial * _SPREAD % CAPACITY
    digits = []
    for _ in range(_PAYLOAD):
        rest, digit = divmod(rest, _BASE)
        digits.append(digit)
    digits.append(_check_digit(digits))
    text = "".join(ALPHABET[digit] for digit in digits)
    return f"{text[:4]}-{text[4:]}"


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
