"""An invented register of which it is known who is who: families, and second registrations of some by other organisations."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from displacement.identity.identity import Identity
from displacement.identity.training.corruptions import Corruptor
from displacement.identity.training.families import Families, Human

#: Families registered as a whole a second time, and people a second time by themselves.
FAMILY_AGAIN, PERSON_AGAIN = 0.07, 0.05


class Record(NamedTuple):
    """One registration: of whom (`human`), of which family, as what, and what went wrong on the way.

    `is_again` is True for a second registration; `kin` and `kin_of` as for families.Human.
    """

    human: int
    family: int
    identity: Identity
    is_again: bool
    kinds: tuple[str, ...]
    kin: str
    kin_of: int | None


def records(people: int, *, seed: int = 1) -> Iterator[Record]:
    """So many registrations, the same ones for the same seed. Families stand together, each followed by its repetitions."""
    rng = random.Random(seed)
    families = Families(rng)
    corruptor = Corruptor(rng, families.names)
    written = 0
    for family in families.stream():
        is_again = rng.random() < FAMILY_AGAIN
        for record in _registered(family, corruptor, rng, is_again=is_again):
            if written == people:
                return
            yield record
            written += 1


def _registered(
    family: list[Human], corruptor: Corruptor, rng: random.Random, *, is_again: bool
) -> Iterator[Record]:
    for human in family:
        yield _record(human, corruptor.lightly(human), corruptor, is_again=False)
    for human in family:
        if is_again or rng.random() < PERSON_AGAIN:
            yield _record(human, corruptor.again(human), corruptor, is_again=True)


def _record(human: Human, identity: Identity, corruptor: Corruptor, *, is_again: bool) -> Record:
    kinds = tuple(corruptor.kinds)
    return Record(human.number, human.family, identity, is_again, kinds, human.kin, human.kin_of)
