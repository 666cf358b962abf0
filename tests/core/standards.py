"""Official Latin spellings of Cyrillic names, one function per standard, written from the letter tables of the standards.

They know nothing of core.names: what is tested against them must not be made by it.
"""

from collections.abc import Callable, Mapping

VOWELS = "аеёиоуыэюяєіїў"
_COMMON = dict(zip("абвдезклмнопрстуф", "abvdezklmnoprstuf", strict=True))


def _table(text: str) -> dict[str, str]:
    """The letters that all standards write alike, and then `letter=latin` of this one."""
    return _COMMON | dict(pair.split("=") for pair in text.split())


def _spell(name: str, table: Mapping[str, str], first: Mapping[str, str] | None = None) -> str:
    """Letter by letter; `first` are letters that are written otherwise at the beginning of a word."""
    written, at_start = [], True
    for letter in name.lower():
        known = (first or {}).get(letter) if at_start else None
        written.append(known if known is not None else table.get(letter, letter))
        at_start = letter in " -"
    return "".join(written)


ICAO = _table("г=g ё=e ж=zh и=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia")
GOST_2006 = ICAO | {"ц": "tc", "ъ": ""}
BGN_RUSSIAN = _table("г=g ё=yo ж=zh и=i й=y х=kh ц=ts ч=ch ш=sh щ=shch ъ=” ы=y ь=’ э=e ю=yu я=ya")
ALA_RUSSIAN = _table("г=g ё=ë ж=zh и=i й=ĭ х=kh ц=t͡s ч=ch ш=sh щ=shch ъ=ʺ ы=y ь=ʹ э=ė ю=i͡u я=i͡a")
SCIENTIFIC_RUSSIAN = _table("г=g ё=ë ж=ž и=i й=j х=kh ц=c ч=č ш=š щ=šč ъ=ʺ ы=y ь=ʹ э=è ю=ju я=ja")
KMU_55 = _table("г=h ґ=g є=ie ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia '=")
KMU_55_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
PASSPORT_2007 = _table("г=g ґ=g є=ie ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia '=")
ICAO_UKRAINIAN = _table("г=h ґ=g є=ie ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia '=")
BGN_UKRAINIAN = _table("г=h ґ=g є=ye ж=zh и=y і=i ї=yi й=y х=kh ц=ts ч=ch ш=sh щ=shch ь=’ ю=yu я=ya '=”")
ALA_UKRAINIAN = _table("г=h ґ=g є=i͡e ж=z͡h и=y і=i ї=ï й=ĭ х=kh ц=t͡s ч=ch ш=sh щ=shch ь=ʹ ю=i͡u я=i͡a '=")
ICAO_BELARUSIAN = _table("г=h ё=io ж=zh і=i й=i ў=u х=kh ц=ts ч=ch ш=sh ы=y ь= э=e ю=iu я=ia '=")
BGN_BELARUSIAN = _table("г=h ё=yo ж=zh і=i й=y ў=w х=kh ц=ts ч=ch ш=sh ы=y ь=’ э=e ю=yu я=ya '=”")


def icao(name: str) -> str:
    """ICAO 9303, Russian passports since 2013."""
    return _spell(name, ICAO)


def gost_2006(name: str) -> str:
    """GOST R 52535.1-2006, Russian passports of 2010 to 2013."""
    return _spell(name, GOST_2006)


def bgn_russian(name: str) -> str:
    """BGN/PCGN 1947: е and ё begin with y at the start of a word and after vowels, й, ъ and ь."""
    soft, written = name.lower(), []
    for place, letter in enumerate(soft):
        after = soft[place - 1] if place else " "
        opens = after in VOWELS + "йъь -"
        written.append("ye" if letter == "е" and opens else BGN_RUSSIAN.get(letter, letter))
    return "".join(written)


def ala_russian(name: str) -> str:
    """ALA-LC 1997, with ligatures, as libraries write."""
    return _spell(name, ALA_RUSSIAN)


def ala_russian_plain(name: str) -> str:
    """ALA-LC without its marks, as catalogues on the web show it."""
    return ala_russian(name).translate(str.maketrans("ëĭė", "eie", "͡ʹʺ"))


def scientific_russian(name: str) -> str:
    """Scientific transliteration, with kh."""
    return _spell(name, SCIENTIFIC_RUSSIAN)


def kmu_55(name: str) -> str:
    """Resolution 55 of the Cabinet of Ministers of Ukraine, 2010: зг is zgh, and є, ї, й, ю, я differ at the start."""
    return _spell(name.lower().replace("зг", "зgh"), KMU_55, KMU_55_FIRST)


def passport_2007(name: str) -> str:
    """Ukrainian passports of 2007 to 2010."""
    return _spell(name, PASSPORT_2007)


def icao_ukrainian(name: str) -> str:
    """ICAO 9303 as machine-readable zones write Ukrainian; зг is zgh, as in the passport above the zone."""
    return _spell(name.lower().replace("зг", "зgh"), ICAO_UKRAINIAN)


def bgn_ukrainian(name: str) -> str:
    """BGN/PCGN 1965; a dot keeps зг from ж."""
    return _spell(name.lower().replace("зг", "з·г"), BGN_UKRAINIAN)


def ala_ukrainian(name: str) -> str:
    """ALA-LC for Ukrainian; a prime keeps зг from ж."""
    return _spell(name.lower().replace("зг", "зʹг"), ALA_UKRAINIAN)


def icao_belarusian(name: str) -> str:
    """ICAO 9303 for Belarusian."""
    return _spell(name, ICAO_BELARUSIAN)


def bgn_belarusian(name: str) -> str:
    """BGN/PCGN 1979 for Belarusian, е as for Russian."""
    return _spell(name.lower().replace("е", "ye"), BGN_BELARUSIAN)


Standard = Callable[[str], str]
STANDARDS: Mapping[str, tuple[Standard, ...]] = {
    "ru": (icao, gost_2006, bgn_russian, ala_russian, ala_russian_plain, scientific_russian),
    "uk": (kmu_55, passport_2007, icao_ukrainian, bgn_ukrainian, ala_ukrainian),
    "be": (icao_belarusian, bgn_belarusian),
}
