"""What a partner's list may tell of people, column by column; whatever is missing is not known."""

from displacement.identity.bulk.conditions import DUCKDB, Condition, Ladder, either_blank, ladders

#: Columns of which an identity consists, as they are named on the command line.
PEOPLE = ("given", "patronymic", "family", "sex", "born", "phone", "place")
#: Parts of an address in words, and those in letters and digits of which each counts.
WORDS = ("street", "area", "town", "state")
CODES = ("house", "postcode")
TEXTS = (*WORDS, *CODES)
COLUMNS = ("id", *PEOPLE, *TEXTS)
#: Jaro-Winkler similarity of two parts of an address that are one with a slip, and of two that are alike.
_NEAR, _CLOSE = 0.92, 0.82
#: As alike as swapped names have to be in lists, where most rows tell a birth date or an address besides.
_SWAPPED = 0.82


def compared(names: frozenset[str]) -> tuple[Ladder, ...]:
    """The comparisons for lists of which these columns are known: those of people as everywhere, then the address."""
    known = {"birth" if name == "born" else name for name in names}
    people = tuple(ladder for ladder in ladders(DUCKDB, swapped=_SWAPPED) if ladder.comparison in known)
    return (*people, *(_text(name) for name in TEXTS if name in known))


def _text(name: str) -> Ladder:
    x, y = f"{name}_l", f"{name}_r"
    if name in CODES:
        slips = [Condition("near", f"{DUCKDB.distance}({x}, {y}) = 1")]
    else:
        alike = f"{DUCKDB.similarity}({x}, {y}) >= "
        slips = [Condition("near", f"{alike}{_NEAR}"), Condition("close", f"{alike}{_CLOSE}")]
    return Ladder(
        name, either_blank(name), (Condition("exact", f"{x} = {y}"), *slips, Condition("different", ""))
    )
