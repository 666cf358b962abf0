"""Unexplained is a difference of comparable claims, or nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.editions.districts import newest, unexplained
from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit

DAY = datetime(2024, 8, 22, tzinfo=UTC)
TYPES = {"Governor": "governor", "Regional government": "governor", "Newspaper": "media"}


def claim(indicator: str, value: int | None, source: str = "Governor", **more: object) -> Figure:
    """A claim."""
    given = {"qualifier": Qualifier.EXACT, "as_of": DAY, **more}
    return Figure(
        indicator,
        "RU-KRS",
        Basis.CLAIMED,
        Kind.STOCK,
        Unit.INDIVIDUALS,
        value,
        source=source,
        **given,  # type: ignore[arg-type]
    )


def test_the_case_of_22_august() -> None:
    needed = claim("people_to_evacuate", 180_000, qualifier=Qualifier.ABOUT)
    left, remain = (
        claim("evacuated", 133_190, "Regional government"),
        claim("remaining", 19_376, "Regional government"),
    )
    assert unexplained(needed, left, remain, TYPES) == 27_434


@pytest.mark.parametrize(
    ("left", "remain"),
    [
        (claim("evacuated", 133_190), None),
        (None, claim("remaining", 19_376)),
        (claim("evacuated", 133_190, "Newspaper"), claim("remaining", 19_376)),
        (claim("evacuated", 133_190, qualifier=Qualifier.MORE_THAN), claim("remaining", 19_376)),
        (claim("evacuated", None, qualifier=Qualifier.RANGE), claim("remaining", 19_376)),
    ],
)
def test_what_is_not_comparable_explains_nothing(left: Figure | None, remain: Figure | None) -> None:
    assert unexplained(claim("people_to_evacuate", 180_000), left, remain, TYPES) is None


def test_the_newest_claim_and_of_two_the_more_reliable_source() -> None:
    old = claim("evacuated", 1, as_of=DAY - timedelta(days=1), reliability="A")
    poor, good = claim("evacuated", 2, reliability="D"), claim("evacuated", 3, "Newspaper", reliability="B")
    assert newest([old, poor, good], "evacuated") == good
    assert newest([old], "remaining") is None
