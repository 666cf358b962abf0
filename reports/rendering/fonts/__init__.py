"""The fonts of the report: Noto Sans, shipped here, and DejaVu Sans, which comes with matplotlib, for what it lacks.

No output depends on what a machine has installed. Only charts and PDF import this, never the web process.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font

_OWN = Path(__file__).resolve().parent
_FALLBACK = Path(get_data_path()) / "fonts" / "ttf"

FILES = (
    _OWN / "NotoSans-Regular.ttf",
    _OWN / "NotoSans-Bold.ttf",
    _FALLBACK / "DejaVuSans.ttf",
    _FALLBACK / "DejaVuSans-Bold.ttf",
)
FAMILIES = ("Noto Sans", "DejaVu Sans")
NO_GLYPH = "\ufffd"

_INVISIBLE = ("Cf", "Mn", "Me")


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The characters that regular and bold can both show, from one family or the other."""
    charmaps = [frozenset(FT2Font(str(file)).get_charmap()) for file in FILES]
    return (charmaps[0] | charmaps[2]) & (charmaps[1] | charmaps[3])


def printable(text: str) -> str:
    """The text with a replacement mark for each character that no font shows; what is invisible is dropped.

    A missing glyph is an error in an accessible PDF, and a name in an unexpected script must not stop a report.
    """
    known = covered()
    if known.issuperset(map(ord, set(text))):
        return text
    return "".join(character if ord(character) in known else _stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    return "" if unicodedata.category(character) in _INVISIBLE else NO_GLYPH
