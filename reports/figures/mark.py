"""What stands in place of a number that is known and not shown."""

from enum import StrEnum


class Mark(StrEnum):
    """What stands where a number would. It is not None, which is not reported, and not 0, which is nobody."""

    SUPPRESSED = "suppressed"


Count = int | Mark | None


def shown(count: Count) -> int | None:
    """The number where there is one to see; None where it was not reported and where it is hidden."""
    return None if isinstance(count, Mark) else count
