"""How much each level of a comparison says, as trained and reviewed: weights.json.

m is how often two records of one person reach a level, u how often those of two strangers do, r how often those of two people
of one family. log2(m/u) is what the level adds to the evidence, in bits, that these are no strangers: one bit doubles the odds.
log2(m/r) is what it adds to the evidence that they are no relatives, who share a name, a village and a telephone.
"""

import json
from collections.abc import Mapping
from functools import cache
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

from displacement.identity.levels import COMPARISONS

FILE = Path(__file__).with_name("weights.json")
#: No single level may decide alone, whatever the training saw or did not see.
MOST_BITS, LEAST_BITS = 16.0, -10.0


class BadWeights(ValueError):
    """The file of weights is incomplete: train again."""


class Share(NamedTuple):
    """How often pairs of one person (m) and pairs of two strangers (u) reach a level."""

    m: float
    u: float


class Weights(NamedTuple):
    """All weights, with the odds before anything is compared.

    `prior` is the probability that two records drawn from a register of `people` are one person.
    """

    version: str
    prior: float
    people: int
    shares: Mapping[str, Mapping[str, Share]]
    evidence: Mapping[str, Mapping[str, float]]
    #: Evidence against relatives, and the odds before it in bits: how many duplicates there are for each pair of relatives.
    kin_evidence: Mapping[str, Mapping[str, float]]
    kin_prior: float

    def bits(self, comparison: str, level: str) -> float:
        """What the level adds; 0 for "", which is not known."""
        return self.evidence[comparison][level] if level else 0.0

    def prior_bits(self, people: int | None = None) -> float:
        """The odds, in bits, that two records of a register of so many people are one person, before they are compared.

        Everybody is registered twice about as often in a small register as in a large one, but a large one has more strangers
        who look alike: the odds fall as the register grows.
        """
        prior = self.prior * self.people / max(people or self.people, 2)
        prior = min(prior, 0.5)
        return log2(prior / (1 - prior))


def clamped(bits: float) -> float:
    """Evidence between what we let a single level say against and for."""
    return max(LEAST_BITS, min(MOST_BITS, bits))


def read(text: str) -> Weights:
    """Weights from JSON; raises BadWeights where a comparison, a level, an m or a u is missing or impossible."""
    data = json.loads(text)
    given = {comparison["name"]: comparison["levels"] for comparison in data["comparisons"]}
    shares = {c.name: _shares(c.name, c.levels, given.get(c.name, []), "u") for c in COMPARISONS}
    kin = {c.name: _shares(c.name, c.levels, given.get(c.name, []), "r") for c in COMPARISONS}
    people, prior = int(data["people"]), float(data["prior"])
    return Weights(
        version=str(data["version"]),
        prior=prior,
        people=people,
        shares=shares,
        evidence=_evidence(shares),
        kin_evidence=_evidence(kin),
        kin_prior=log2(prior * people / 2 / float(data["relatives"])),
    )


def _evidence(shares: Mapping[str, Mapping[str, Share]]) -> dict[str, dict[str, float]]:
    return {
        name: {level: clamped(log2(share.m / share.u)) for level, share in levels.items()}
        for name, levels in shares.items()
    }


def _shares(name: str, levels: tuple[str, ...], given: list[dict[str, Any]], others: str) -> dict[str, Share]:
    """Shares of the comparison against strangers ("u") or relatives ("r")."""
    if tuple(level["name"] for level in given) != levels:
        raise BadWeights(f"The weights of {name} name other levels than the code: train them again.")
    shares = {level["name"]: Share(float(level.get("m", 0)), float(level.get(others, 0))) for level in given}
    for level, share in shares.items():
        if not (0 < share.m < 1 and 0 < share.u < 1):
            raise BadWeights(
                f"The weights of {name}, {level} are no shares between 0 and 1: train them again."
            )
    return shares


@cache
def load() -> Weights:
    """The weights that this version ships."""
    return read(FILE.read_text(encoding="utf-8"))
