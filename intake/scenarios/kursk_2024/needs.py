"""Specific needs at rates that a registration of rural families meets."""

import random
from typing import NamedTuple

ADULT, OLDER = 18, 60


class Member(NamedTuple):
    """One member of a family before anybody writes down a name."""

    relationship: str
    sex: str
    age: int


class Rate(NamedTuple):
    """How often one need is met among people from one age to another, of one sex or of any ("")."""

    code: str
    rate: float
    least: int = 0
    most: int = 120
    sex: str = ""


RATES: tuple[Rate, ...] = (
    Rate("SM-CI", 0.13, OLDER),
    Rate("SM-CI", 0.03, ADULT, OLDER - 1),
    Rate("ER", 0.07, OLDER),
    Rate("DS-PM", 0.06, OLDER),
    Rate("DS-PM", 0.012, 0, OLDER - 1),
    Rate("DS-PS", 0.022, OLDER),
    Rate("DS-PS", 0.003, 0, OLDER - 1),
    Rate("DS-BD", 0.02, OLDER),
    Rate("DS-DF", 0.02, OLDER),
    Rate("DS-MM", 0.003),
    Rate("SM-CC", 0.003),
    Rate("SM-MI", 0.005, ADULT),
    Rate("LP-ND", 0.012),
    Rate("FU-TR", 0.005),
    Rate("PREG", 0.035, ADULT, 42, "female"),
    Rate("WR", 0.006, ADULT, 120, "female"),
    Rate("CR-SE", 0.012, 6, ADULT - 1),
    Rate("CR-NE", 0.02, 6, ADULT - 1),
)
SINGLE_PARENT = 0.6


class Needs:
    """Draws the needs of one person."""

    def __init__(self, rng: random.Random) -> None:
        self._random = rng.random
        self._by_age_and_sex: dict[tuple[int, str], tuple[float, list[Rate]]] = {}

    def of(self, member: Member, *, is_single_parent: bool) -> tuple[str, ...]:
        """The codes of this person's needs, mostly none; each rate is met on its own."""
        none, rates = self._rates(member.age, member.sex)
        found: tuple[str, ...] = ()
        if self._random() >= none:
            found = tuple(rate.code for rate in rates if self._random() < rate.rate / (1 - none))
        if is_single_parent and member.relationship == "head" and self._random() < SINGLE_PARENT:
            found = (*found, "SP")
        return found

    def _rates(self, age: int, sex: str) -> tuple[float, list[Rate]]:
        """The rates that may apply, and how likely it is that not even one is met; kept for the next of that age."""
        known = self._by_age_and_sex.get((age, sex))
        if known is None:
            rates = [r for r in RATES if r.least <= age <= r.most and r.sex in ("", sex)]
            known = max(0.0, 1 - sum(r.rate for r in rates)), rates
            self._by_age_and_sex[age, sex] = known
        return known
