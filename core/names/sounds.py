"""What one sound is written as in several Latin spellings of Russian, Ukrainian and Belarusian names, folded to one.

A folded word has small letters, and capitals for sounds that have no letter of their own: S (sh), C (ch), Z (zh); `c` is ts,
`h` is kh, and shch is S and C. Ukrainian h and Russian g are one.
"""

import re

Replacements = tuple[tuple[str, str], ...]

#: In this order: longer spellings of a sound before those that begin them.
_SOUNDS: Replacements = (
    ("schtsch", "SC"),
    ("shtsh", "SC"),
    ("szcz", "SC"),
    ("shch", "SC"),
    ("shh", "SC"),
    ("sch", "SC"),
    ("sh", "S"),
    ("sz", "S"),
    ("tch", "C"),
    ("ch", "C"),
    ("tc", "c"),
    ("cz", "C"),
    ("zh", "Z"),
    ("ph", "f"),
    ("th", "t"),
    ("kh", "H"),
    ("gh", "g"),
    ("h", "g"),
    ("H", "h"),
    ("x", "h"),
    ("tz", "c"),
    ("ts", "c"),
    ("ct", "kt"),
    ("w", "v"),
    ("q", "k"),
)
#: After y and j have become i: the hard sign of ICAO 9303 (ie before another vowel), then ё, which is mostly printed as е.
_VOWELS: Replacements = (
    ("ieia", "iia"),
    ("ieiu", "iiu"),
    ("ieie", "iie"),
    ("iee", "e"),
    ("iii", "i"),
    ("ii", "i"),
    ("Sio", "Se"),
    ("Cio", "Ce"),
    ("Zio", "Ze"),
    ("So", "Se"),
    ("Co", "Ce"),
    ("Zo", "Ze"),
    ("ie", "e"),
    ("io", "e"),
)
#: -cki and -cky are Polish and Czech for -tsky; any other ck is k.
_CK = re.compile("ck(?![iy]|a$)")
#: In given names Latin c is k but before e, i and y: Victor, Nicolai. In surnames it is ts, as in scientific Kravcov.
_HARD_C = re.compile("c(?![eiyhzk])")
#: x is ks in Alexei, Maxim, Xenia, Felix, Oxana and Roxana, and kh elsewhere, as in scientific Terexov.
_X_IS_KS = re.compile("(?<=ale)x|(?<=ma)x(?=[iy])|^x(?=en)|(?<=eli)x|(?<=^o)x|(?<=^ro)x")
_TWICE = re.compile(r"(.)\1+")
_Y_AND_J = str.maketrans("yj", "ii")
_FRENCH = (("chtch", "SC"), ("tch", "C"), ("ch", "S"), ("ou", "u"), ("gue", "ge"), ("gui", "gi"))
#: French j is zh; after a consonant it stands for softness, and the word is not French: scientific Tjutčev.
_FRENCH_J = re.compile("(?<![bcdfgklmnprstvz])j")
_GERMAN = (("schtsch", "SC"), ("tsch", "C"), ("sch", "S"), ("ch", "kh"))
#: A v that is written w tells of German or Polish, where ch is kh; but not in the endings of Ukrainian and Russian surnames,
#: nor where the w is a Belarusian ў.
_CH_IS_KH = re.compile("ch(?!uk|enk|ak|ik|un$|yk|$)")


def sounds(word: str, *, is_surname: bool = False) -> str:
    """The sounds of one word of lower-case ASCII letters."""
    if "tch" in word or "ou" in word or "tsch" in word or "w" in word:
        word = _english(word)
    if "c" in word:
        word = _CK.sub("k", word)
        if not is_surname:
            word = _HARD_C.sub("k", word)
    if "x" in word:
        word = _X_IS_KS.sub("ks", word)
    for spelling, sound in _SOUNDS:
        if spelling in word:
            word = word.replace(spelling, sound)
    word = word.translate(_Y_AND_J)
    for spelling, sound in _VOWELS:
        if spelling in word:
            word = word.replace(spelling, sound)
    return _TWICE.sub(r"\1", word)


def _english(word: str) -> str:
    """A word of French, German or Polish spelling in that of English, as far as one can tell them apart."""
    if "tsch" in word:
        return _replaced(word, _GERMAN)
    if "w" in word:
        return word if "sch" in word or word.endswith("aw") else _CH_IS_KH.sub("kh", word)
    if "tch" in word or "ou" in word[:-1]:
        return _FRENCH_J.sub("Z", _replaced(word, _FRENCH))
    return word


def _replaced(word: str, replacements: Replacements) -> str:
    for spelling, sound in replacements:
        word = word.replace(spelling, sound)
    return word
