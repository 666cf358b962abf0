"""Keys that two records of one human being are likely to share: made when a person is written, looked up in one scan.

A key joins two or three things that are known of a person, so that few people have it. A person gets several, so that a wrong
year, swapped names or a missing patronymic leave some in common; and few, since each is paid at intake. Names enter as they
sound (Daitch-Mokotoff), which forgives most slips and all spellings.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from string import ascii_lowercase

from core.names import loose
from displacement.identity.aliases import beginnings_of
from displacement.identity.daitch_mokotoff import daitch_mokotoff
from displacement.identity.identity import Features, Identity, features_of

#: One letter for every whistling and hissing sound: Daitch and Mokotoff have one code for them, and several for Latin c.
_HISSING = str.maketrans("c", "z")
#: First letters that transliterations take for each other, and the sounds for which strict keys have a letter of their own.
_SPELT_ALIKE = str.maketrans("hSCZ", "gscz")
_HASH_BYTES = 8
#: Years before and after an estimated one in which the same person may stand elsewhere.
YEARS_AROUND = 2
#: Parts of a family name that are looked at; a text of forty words is no name.
_MOST_CODES = 6
#: The slips in a year of birth that are met most.
SLIPS_ASKED_FOR = (-10, -1, 1, 10)
Codes = tuple[str, ...]


def keys_of(identity: Identity, features: Features | None = None) -> list[int]:
    """Signed 64-bit keys, sorted and unique; the same on every machine and version. Whoever shares one is a candidate.

    `features`, where the caller has them, are those of the identity. No query. Of one name and nothing else there is one key.
    """
    of = features or features_of(identity)
    return sorted({*map(_hashed, _kept(of)), *of.documents})


def _kept(of: Features) -> set[str]:
    families, given = _family_codes(of.family_loose), _code(of.given_loose)
    found = _of_names(families, given)
    found |= {f"a{family}{group}" for family in families for group in of.aliases}
    if of.year is not None:
        found |= _of_birth(of, of.year, families, given)
    if of.phone:
        found.add(_of_phone(of.phone))
    return found


def keys_asked_for(of: Features) -> list[int]:
    """Keys by which to ask the register for people with these features: their own, and those of likely slips.

    A whole date is kept with the first letter of the given name, so that few people share it. Who asks names each letter under
    which the person may stand: those of the forms of the name, that of the family name if the two were swapped, none if it is
    missing; and the years for which theirs may be a slip. Stored keys cost each intake; further ones cost only who asks.
    """
    asked = _kept(of)
    if of.year is not None and of.month_day:
        letters = {*beginnings_of(of.given), of.family[:1], ""} if of.given else {*ascii_lowercase, ""}
        years = {of.year, *(of.year + slip for slip in SLIPS_ASKED_FOR if of.given)}
        asked.update(_day(year, of.month_day, letter) for year in years for letter in letters)
    return sorted({*map(_hashed, asked), *of.documents})


def keys_compared(of: Features, kept: Iterable[int]) -> list[int]:
    """The keys of a person where everybody is at hand: those that are kept, and the whole birth date alone."""
    if of.year is None or not of.month_day:
        return list(kept)
    return [*kept, _hashed(f"b{of.year}{of.month_day}")]


def phone_key(index: int) -> int:
    """The key of everybody who is reached under a telephone number."""
    return _hashed(_of_phone(str(index)))


def _of_phone(index: str) -> str:
    return "p" + index


def _of_names(families: Codes, given: Codes) -> set[str]:
    """Both names as an unordered pair, so that names in each other's place still meet; the one name where there is one."""
    if families and given:
        return {f"n{min(pair)}{max(pair)}" for pair in product(families, given)}
    return {f"o{code}" for code in families or given}


def _of_birth(of: Features, year: int, families: Codes, given: Codes) -> set[str]:
    """The year with the family's name, or with given name and father's where that may have changed; and the whole date with
    the first letter of the given name.

    An age is told in round numbers: a year that was estimated from one stands with its neighbours.
    """
    if not of.is_year_exact:
        years = range(year - YEARS_AROUND, year + YEARS_AROUND + 1)
        return {f"y{family}{near}" for family in families for near in years}
    found = {f"y{family}{year}" for family in families}
    if len(of.patronymic) > 1:
        fathers = _code(loose(of.patronymic))
        found |= {f"f{name}{father}{year}" for name in given for father in fathers}
    if of.month_day:
        found.add(_day(year, of.month_day, of.given[:1]))
    return found


def _day(year: int, month_day: str, letter: str) -> str:
    return f"d{year}{month_day}{letter.translate(_SPELT_ALIKE)}"


@lru_cache(maxsize=16_384)
def _family_codes(key: str) -> Codes:
    """Codes of a family name, and of each part of a double one, of which one is often left out."""
    words = key.split(" ")
    if len(words) == 1:
        return _code(key)
    return tuple(sorted({code for word in words for code in _code(word)}))[:_MOST_CODES]


@lru_cache(maxsize=16_384)
def _code(key: str) -> Codes:
    return daitch_mokotoff(key.replace(" ", "").translate(_HISSING))


def _hashed(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
