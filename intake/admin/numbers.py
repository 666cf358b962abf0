"""Row numbers as people write them: `3, 17-20`."""

from collections.abc import Iterable
from itertools import pairwise

from django.http import QueryDict

#: More than this is no choice of rows any more, but another file.
MOST = 100_000


class BadNumbers(ValueError):
    """The text holds something else than row numbers and ranges of them, or too many."""


def read_numbers(text: str) -> set[int]:
    """The rows that the text names. Raises BadNumbers."""
    found: set[int] = set()
    for part in text.replace(";", ",").replace("–", "-").replace(" ", "").split(","):
        if not part:
            continue
        first, dash, last = part.partition("-")
        ends = [first, last] if dash else [first, first]
        if not all(_is_number(end) for end in ends):
            raise BadNumbers
        low, high = int(ends[0]), int(ends[1])
        if low > high or high - low + len(found) >= MOST:
            raise BadNumbers
        found.update(range(low, high + 1))
    return found


def write_numbers(numbers: Iterable[int]) -> str:
    """The rows in order, neighbours joined to ranges."""
    ordered = sorted(set(numbers))
    if not ordered:
        return ""
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ", ".join(str(s) if s == e else f"{s}-{e}" for s, e in zip(starts, ends, strict=True))


def ticked(asked: QueryDict) -> set[int]:
    """The rows that were ticked on a page (`row`) and on those before it (`leaving_out`); what is no number is passed over."""
    rows = {int(number) for number in asked.getlist("row") if _is_number(number)}
    try:
        return rows | read_numbers(asked.get("leaving_out", ""))
    except BadNumbers:
        return rows


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7
