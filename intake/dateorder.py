"""Which of day and month comes first in a file whose dates have slashes."""

from itertools import chain, islice

from intake.sources.source import Source
from intake.values import Reading, day_first_of

#: Rows that are looked at: among so many dates, some have a day after the 12th.
_ROWS = 1_000


def with_order(reading: Reading, source: Source) -> Reading:
    """The reading with the order that the first rows of the file show, where nobody declared one; a notice says so.

    Where none of them is certain, or two contradict, it stays unknown and such dates are refused: 01/02 is never guessed.
    """
    if reading.day_first is not None:
        return reading
    head = list(islice(source.rows, _ROWS))
    source.rows = chain(head, source.rows)
    day_first = day_first_of(cell for row in head for cell in row.values if "/" in cell or "-" in cell)
    if day_first is None:
        return reading
    source.notices.append("day_first_found" if day_first else "month_first_found")
    return reading._replace(day_first=day_first)
