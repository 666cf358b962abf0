"""How cells are read: what is known about their file, and how a reader says no."""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Reading(NamedTuple):
    """What a reader needs to know beyond the cell.

    `day_first` is the order of day and month where only slashes or hyphens divide them (None: not known, and then 01/02/2003
    is refused); `zone` is the operation's, for times without one; `today` is the day there.
    """

    day_first: bool | None
    zone: ZoneInfo
    today: date


class BadValue(ValueError):
    """A cell that cannot be taken as it stands. `code` is a key of SENTENCES; what stood in the cell is not kept.

    Where `instead` is text, the row can be taken with it in the cell's place, with the sentence as a warning; where it is None,
    the row has to be refused.
    """

    def __init__(self, code: str, *, instead: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.instead = instead
