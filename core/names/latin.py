"""Any name in plain Latin letters: Russian, Ukrainian and Belarusian by one table, other scripts by anyascii."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_CYRILLIC = (
    "а a б b в v г g ґ g д d е e ё e є e ж zh з z и i і i ї i й i к k л l м m н n о o п p р r с s т t у u ў u ф f х kh"
    " ц ts ч ch ш sh щ shch ы i э e ю iu я ia ѐ e ѝ i"
)
#: Latin letters whose mark is a sound of its own, as scientific, Czech, Polish and Lithuanian spellings write it.
_MARKED = "š sh ś s č ch ć c ž zh ż zh ź z ŝ sh â ia û iu ë e ě e è e ï i ĭ i ŷ i ẑ z ł l ń n ß ss"
_SILENT = "ъьʹʺʼ'’`´\"′″ʻ‘"


def _table() -> dict[int, str]:
    words = f"{_CYRILLIC} {_MARKED}".split()
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    return str.maketrans(pairs | dict.fromkeys(_SILENT, ""))


_TABLE = _table()
_NOT_LETTERS = re.compile("[^a-z]+")


@lru_cache(maxsize=65_536)
def latin(name: str) -> str:
    """The name as lower-case ASCII words, one blank between them; empty for a name without letters."""
    text = unicodedata.normalize("NFC", name).lower().translate(_TABLE)
    if not text.isascii():
        text = anyascii(text).lower()
    return _NOT_LETTERS.sub(" ", text).strip()
