"""Numbers of identity documents as they are compared: one spelling of all, and what stands for it under a key.

People read a number out, copy it from a photograph, or type it in the other alphabet: `АВ 123456`, `AB-123456` and
`серия ав № 123456` are one passport. What stands for a number is the same in every organisation, since doubles are looked for
across them.
"""

import re
import unicodedata
from hashlib import blake2b

from core.encryption import blind_index, former_blind_index

_PURPOSE = "identitydocument.number"
#: Words that stand before a number and are no part of it, once in capitals.
_WORDS = re.compile(r"(?<!\w)(СЕРИЯ|СЕРІЯ|SERIES|НОМЕР|NUMBER)(?!\w)|[№]|N[°º]")
#: Cyrillic letters that look like Latin ones; then what is read for a digit: O for 0, and I, Roman in certificates, for 1.
_ALIKE = str.maketrans("АВЕЁКМНОРСТУХІЇЈЅOI", "ABEEKMH0PCTYX11JS01")
#: So many letters and digits, and digits among them, has the number of a document; what is shorter many people share.
_LEAST, _LEAST_DIGITS = 5, 3
_KEY_BYTES = 8


def one_spelling(number: str) -> str:
    """A document's number, series and number together, in the one spelling under which it is compared.

    Capitals; no spaces, dashes, dots or words such as "series" and "№"; Cyrillic letters that look like Latin ones as these;
    O as 0 and I as 1, which nobody tells apart on a worn page. Letters without a twin, such as Б, stay. Its own spelling
    is itself.
    """
    # Before compatible forms are replaced: № would become two letters that may belong to a series.
    text = unicodedata.normalize("NFKC", _WORDS.sub(" ", number.upper())).upper()
    plain = "".join(map(_plain, filter(str.isalnum, text))).translate(_ALIKE)
    return unicodedata.normalize("NFKC", plain)


def _plain(character: str) -> str:
    """Digits of any script as ours."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def number_index(number: str) -> int | None:
    """What stands for a document's number wherever two are compared; None where there is too little of one."""
    text = _comparable(number)
    return blind_index(text, _PURPOSE) if text else None


def former_number_index(number: str) -> int | None:
    """What stood for it under the key of before; None unless one key goes and another comes (manage.py renew_blind_index)."""
    text = _comparable(number)
    return former_blind_index(text, _PURPOSE) if text else None


def number_indexes(number: str) -> list[int]:
    """All that may stand for the number in the register now; none where there is too little of one."""
    return [index for index in (number_index(number), former_number_index(number)) if index is not None]


def is_comparable(number: str) -> bool:
    """Whether there is enough of a number to tell a document by it."""
    return bool(_comparable(number))


def _comparable(number: str) -> str:
    text = one_spelling(number)
    return text if len(text) >= _LEAST and sum(map(str.isdecimal, text)) >= _LEAST_DIGITS else ""


def document_key(kind: str, country: str, index: int) -> int:
    """What stands for one document among all: its number with the kind and the country, since others number alike."""
    digest = blake2b(f"{kind}:{country}:{index}".encode(), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
