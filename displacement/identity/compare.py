"""Whether two descriptions are of one human being: the evidence of all comparisons added up (Fellegi and Sunter, 1969)."""

from collections.abc import Mapping
from math import log2
from typing import NamedTuple

from displacement.identity.identity import Features
from displacement.identity.levels import is_relative, levels_of
from displacement.identity.weights import Weights, clamped, load

#: A name seen by nobody else is not proof: rarity counts as if at least one in so many bore it.
RAREST = 1e-5
#: How many people of the trained register are mixed into the shares of ours, so that a register of fifty says little.
STEADIED_BY = 1_000


class Frequencies(NamedTuple):
    """How common names are in a register of `people`: the share of people by strict key, and of names that are not listed.

    A shared rare name says more than a shared Ivanov.
    """

    people: int
    family: Mapping[str, float]
    given: Mapping[str, float]
    other_family: float
    other_given: float

    def share(self, comparison: str, key: str, usual: float) -> float:
        """The share of people who bear the name, drawn towards the usual one of the training in a small register."""
        listed, other = (
            (self.family, self.other_family) if comparison == "family" else (self.given, self.other_given)
        )
        seen = listed.get(key, other)
        return max(RAREST, (seen * self.people + usual * STEADIED_BY) / (self.people + STEADIED_BY))


class Match(NamedTuple):
    """What comparing two people came to: evidence in bits with the odds before it, and the probability that they are one."""

    bits: float
    probability: float
    levels: Mapping[str, str]
    is_relative: bool


def weight(
    a: Features, b: Features, *, frequencies: Frequencies | None = None, weights: Weights | None = None
) -> Match:
    """Compare two people; no query. Twins, siblings, and parent and child of one name have probability 0, whatever agrees."""
    weights = weights or load()
    levels = levels_of(a, b)
    bits = weights.prior_bits(frequencies.people if frequencies else None)
    for comparison, level in levels.items():
        if level:
            bits += weights.evidence[comparison][level]
    if frequencies:
        for comparison, key in (("family", a.family), ("given", a.given)):
            if levels[comparison] == "exact":
                bits += _rarity(comparison, key, frequencies, weights)
    bits = against_relatives(bits, levels, weights)
    relative = is_relative(a, b, levels)
    return Match(bits, 0.0 if relative else probability(bits), levels, relative)


def against_relatives(bits: float, levels: Mapping[str, str], weights: Weights | None = None) -> float:
    """The evidence against strangers, held down by what speaks for two people of one family.

    Who is not one person is a stranger or a relative: the odds against both add up. A name, a village and a telephone prove
    much among strangers and nothing among brothers, however rare they are.
    """
    weights = weights or load()
    kin = weights.kin_prior
    for comparison, level in levels.items():
        if level:
            kin += weights.kin_evidence[comparison][level]
    return -log2(2.0**-bits + 2.0**-kin)


def _rarity(comparison: str, key: str, frequencies: Frequencies, weights: Weights) -> float:
    """What is added where the agreeing name is rarer than names are on average; negative for a common one."""
    m, u = weights.shares[comparison]["exact"]
    return clamped(log2(m / frequencies.share(comparison, key, u))) - weights.evidence[comparison]["exact"]


def probability(bits: float) -> float:
    """Odds in bits as a probability."""
    if bits > 64:
        return 1.0
    odds = float(2.0**bits)
    return odds / (1 + odds)
