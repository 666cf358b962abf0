"""How much each level says in the lists at hand, learned from the lists alone: from what pairs agree in, without being told
which are one person. Expectation-maximisation (Dempster, Laird and Rubin, 1977) for the model of Fellegi and Sunter."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from displacement.identity.bulk.conditions import RELATIVES, Ladder
from displacement.identity.bulk.model import NEVER, Comparison, Level, Model
from displacement.identity.bulk.workspace import Connection
from displacement.identity.lists.patterns import Floats, Lists, Patterns, of_candidates, of_strangers
from displacement.identity.weights import LEAST_BITS, MOST_BITS, load

#: So many pairs of one person, as the reviewed weights describe them, are mixed in: a list of fifty teaches little.
_STEADIED_BY = 10.0
_ROUNDS, _SETTLED = 200, 1e-9
#: Of parts of an address, which nobody trained: how often two records of one person agree in them exactly.
_USUALLY_EXACT = 0.75
#: Comparisons in which a shared rare value says more than a shared common one.
_ADJUSTED = frozenset({"family", "given", "street", "area", "town"})
#: Two short lists of the same people make every so-manieth pair a match; odds are never better before anything is compared.
_LIKELIEST = 0.3
#: Twins are 3 to 4 of 100 people at most, so that at most so many pairs of one family and one birth date with different
#: given names fall on each person; where there are more, given names are not reliable in these lists. Counted from so many on.
_TWINS, _TELLING = 0.05, 30


class Learned(NamedTuple):
    """What the lists taught; `relatives_apart` says whether a clearly different given name makes two people."""

    model: Model
    relatives_apart: bool


def learn(connection: Connection, lists: Lists, ladders: Sequence[Ladder]) -> Learned:
    """The model of the lists: how often records of one person agree (m) and those of two people (u), and how many match.

    u comes from pairs drawn at random, m from the candidates, each counting as far as it is probably one person: whatever is
    no candidate is taken for two people.
    """
    patterns = of_candidates(connection, lists, ladders)
    apart = _given_names_tell(patterns, lists, ladders)
    strangers = of_strangers(connection, lists, ladders)
    start = [_usual(ladder) for ladder in ladders]
    drawn = [strangers.shares(place, at_random) for place, (_, at_random) in enumerate(start)]
    usual = [of_one for of_one, _ in start]
    known = _Known(_against_relatives(patterns, ladders, apart), _ruled_out(patterns, ladders, apart))
    m, u, prior = _settle(patterns, lists, drawn, usual, known)
    comparisons = tuple(
        _comparison(ladder, m[place], u[place], relatives_apart=apart) for place, ladder in enumerate(ladders)
    )
    return Learned(Model(prior, comparisons, load().kin_prior if apart else None), apart)


class _Known(NamedTuple):
    """What is known of each pattern before the lists are seen: natural logarithms of the odds against relatives, and which
    patterns are relatives for sure."""

    against_relatives: Floats
    ruled_out: NDArray[np.bool_]


def _usual(ladder: Ladder) -> tuple[Floats, Floats]:
    """Shares of each level among pairs of one person and of two people, before the lists are seen."""
    known = load().shares.get(ladder.comparison)
    if known is None:
        count = len(ladder.conditions)
        usual = [_USUALLY_EXACT, *[(1 - _USUALLY_EXACT) / (count - 1)] * (count - 1)]
        return np.array(usual), np.full(count, 1 / count)
    shares = [known.get(condition.level) or known["different"] for condition in ladder.conditions]
    m, u = np.array([share.m for share in shares]), np.array([share.u for share in shares])
    return m / m.sum(), u / u.sum()


def _settle(
    patterns: Patterns, lists: Lists, drawn: list[Floats], usual: list[Floats], known: _Known
) -> tuple[list[Floats], list[Floats], float]:
    """Guess who is one person, see how often those agree, guess again, until nothing changes: m, u and the odds before."""
    m, u, prior = usual, drawn, min(lists.left, lists.right or lists.left) / 4 / lists.pairs
    for _ in range(_ROUNDS):
        evidence = np.full(len(patterns.counts), np.log(prior / (1 - prior)))
        for place, (of_one, of_two) in enumerate(zip(m, u, strict=True)):
            ratios = np.clip(np.log2(of_one / of_two), LEAST_BITS, MOST_BITS) * np.log(2)
            evidence += np.append(ratios, 0.0)[patterns.levels[:, place]]
        evidence = -np.logaddexp(-evidence, -known.against_relatives)
        matches = patterns.counts / (1 + np.exp(-np.clip(evidence, -500, 500)))
        matches[known.ruled_out] = 0.0
        m = [patterns.shares(place, share * _STEADIED_BY, matches) for place, share in enumerate(usual)]
        before, prior = prior, min(_LIKELIEST, max(matches.sum(), 1.0) / lists.pairs)
        u = [_without(share, of_one, prior) for share, of_one in zip(drawn, m, strict=True)]
        if abs(prior - before) < _SETTLED * before:
            break
    return m, u, prior


def _without(drawn: Floats, of_one: Floats, prior: float) -> Floats:
    """Shares among two people's pairs: those of pairs at random, less the few of one person that were drawn with them."""
    rest = np.maximum(drawn - prior * of_one, drawn / 10)
    shares: Floats = rest / rest.sum()
    return shares


def _places(
    ladders: Sequence[Ladder], comparison: str, levels: frozenset[str]
) -> tuple[int, list[int]] | None:
    """Where a comparison stands, and the places of these levels in it; None where it is not compared."""
    for place, ladder in enumerate(ladders):
        if ladder.comparison == comparison:
            found = [at for at, condition in enumerate(ladder.conditions) if condition.level in levels]
            return place, found
    return None


def _reaching(
    patterns: Patterns, ladders: Sequence[Ladder], comparison: str, *levels: str
) -> NDArray[np.bool_]:
    """Which patterns reach one of these levels."""
    where = _places(ladders, comparison, frozenset(levels))
    if where is None:
        return np.zeros(len(patterns.counts), dtype=np.bool_)
    place, found = where
    return np.isin(patterns.levels[:, place], found)


def _given_names_tell(patterns: Patterns, lists: Lists, ladders: Sequence[Ladder]) -> bool:
    """Whether different given names may be left to mean two people, as twins have them: not where there are too many twins."""
    twins = (
        _reaching(patterns, ladders, "family", "exact", "loose", "near")
        & _reaching(patterns, ladders, "birth", "exact")
        & _reaching(patterns, ladders, "given", "another")
    )
    found = patterns.counts[twins].sum()
    return bool(found < _TELLING or found < _TWINS * min(lists.left, lists.right or lists.left))


def _ruled_out(patterns: Patterns, ladders: Sequence[Ladder], apart: bool) -> NDArray[np.bool_]:
    out = np.zeros(len(patterns.counts), dtype=np.bool_)
    if apart:
        for comparison, level in RELATIVES:
            out |= _reaching(patterns, ladders, comparison, level)
    return out


def _against_relatives(patterns: Patterns, ladders: Sequence[Ladder], apart: bool) -> Floats:
    """The odds against relatives as the reviewed weights have them: a list of families must not teach that brothers are one."""
    if not apart:
        return np.full(len(patterns.counts), np.inf)
    bits = np.full(len(patterns.counts), load().kin_prior)
    for place, ladder in enumerate(ladders):
        bits += np.array([*_kin_bits(ladder), 0.0])[patterns.levels[:, place]]
    against: Floats = bits * np.log(2)
    return against


def _kin_bits(ladder: Ladder) -> list[float]:
    """What each level says against relatives; nothing where nobody trained it, as for a street."""
    known = load().kin_evidence.get(ladder.comparison)
    levels = [condition.level for condition in ladder.conditions]
    if known is None:
        return [0.0] * len(levels)
    return [known[level if level in known else "different"] for level in levels]


def _comparison(ladder: Ladder, m: Floats, u: Floats, *, relatives_apart: bool) -> Comparison:
    levels, kin = [], _kin_bits(ladder)
    for place, (level, sql) in enumerate(ladder.conditions):
        of_one, of_two = float(m[place]), float(u[place])
        of_one = min(max(of_one, of_two * 2.0**LEAST_BITS), of_two * 2.0**MOST_BITS)
        if relatives_apart and (ladder.comparison, level) in RELATIVES:
            of_one = NEVER
        is_adjusted = level == "exact" and ladder.comparison in _ADJUSTED
        levels.append(Level(level, sql, of_one, of_two, is_adjusted, kin[place]))
    return Comparison(ladder.comparison, ladder.unknown, tuple(levels))
