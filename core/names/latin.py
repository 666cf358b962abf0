"""Any name in plain Latin letters: Russian, Ukrainian and Belarusian by one table, other scripts by anyascii."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

#: The sounds behind the letters of three alphabets; where one letter has two (Ukrainian и, г) the folding joins them.
_CYRILLIC = (
    "а a б b в v г g ґ g д d е e ё e є e ж zh з z и i і i ї i й i к k л l м m н n о o п p р r с s т t у u ў u ф f х kh"
    " ц ts ч ch ш sh щ shch ы i э e ю iu я ia ѐ e ѝ i"
)
#: Latin letters whose mark is a sound of its own, as in scientific, Czech, Polish and Lithuanian spelling and in ISO 9.
_MARKED = "š sh č ch ć c ž zh ż zh ź z ŝ shch â ia û iu ł l ß ss ń n ś s ň n ř r ě e ê e"
#: Soft and hard signs, apostrophes of all kinds, and the dot by which BGN/PCGN keeps letters apart.
_SILENT = "ъьʹʺʼ'’‘ʻ`´\"”“″′ˮ·"


def _table() -> dict[int, str]:
    words = f"{_CYRILLIC} {_MARKED}".split()
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    return str.maketrans(pairs | dict.fromkeys(_SILENT, ""))


_TABLE = _table()
#: Ukrainian зг, which BGN/PCGN writes as z·h and ALA-LC as zʹh, so that it is not taken for ж.
_KEPT_APART = re.compile("(?<=[zskc])[·ʹ]h")
_NOT_LETTERS = re.compile("[^a-z]+")


@lru_cache(maxsize=16_384)
def latin(name: str) -> str:
    """The name as lower-case ASCII words, one blank between them; empty for a name without letters."""
    text = unicodedata.normalize("NFC", name).lower()
    if "h" in text:
        text = _KEPT_APART.sub("g", text)
    text = text.translate(_TABLE)
    if not text.isascii():
        text = anyascii(text).lower()
    return _NOT_LETTERS.sub(" ", text).strip()
