"""The key under which a search finds a name while it is being typed, in either alphabet."""

from functools import lru_cache

from core.names.latin import latin
from core.names.sounds import sounds

#: As long as the columns that keep keys; one sign of some scripts is several Latin letters.
LONGEST = 200


@lru_cache(maxsize=16_384)
def search_key(name: str) -> str:
    """Fold a name so that its Cyrillic and its Latin spellings meet: Суджа, Sudzha and Sudja give one key.

    Lower-case Latin letters only, endings as they are, so that the key of a name's beginning mostly begins the name's key;
    empty for a name without letters. It is made for finding, not for deciding that two people are one.
    """
    word = latin(name).replace(" ", "").replace("dj", "dzh")
    return sounds(word, is_surname=True).replace("SC", "s").replace("h", "g").lower()[:LONGEST]
