"""What an erasure does to every row that names a person or a household, found from the models themselves.

Each model says it beside its own key, in `on_erase`, as it says in `on_merge` what a merge does: so a package above this one is
reached without being imported here, and a key, or a column that tells of people, about which nothing is said fails a test.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from displacement.identity.relations import keys_to

PERSON, HOUSEHOLD = "displacement.person", "displacement.household"
#: What stands where a sentence stood that somebody wrote freely: a rule of the database wants one, and it may name the person.
SCRUBBED = "—"
#: Why a column that tells of people stays with the tombstone.
FIGURES = "figures are counted by it, those that were published and those that are computed again"
NAMES_NOBODY = "it tells of a record, and nothing of who that was"


class Fate(StrEnum):
    """What becomes of a row whose person is erased."""

    #: It goes on naming the tombstone; what of it tells more is emptied.
    KEEP = "keep"
    #: It goes.
    REMOVE = "remove"
    #: It goes on without naming anybody.
    DETACH = "detach"


@dataclass(frozen=True, slots=True)
class OnErase:
    """What an erasure does to a model's rows: by each key, and to its columns.

    `empties` are columns with what they hold afterwards. `keeps` are columns that tell of people and stay, with the reason.
    `by_hand` are columns that a function empties, since their value afterwards depends on the one before; with its name.
    """

    keys: Mapping[str, Fate] = field(default_factory=dict)
    empties: Mapping[str, Any] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)
    by_hand: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A column that names a person or a household, and what an erasure does to its rows."""

    model: type[models.Model]
    field: str
    target: str
    rule: OnErase

    @property
    def fate(self) -> Fate:
        """What becomes of the row."""
        return self.rule.keys[self.field]


#: Asked with the ids of people and of households; answers a sentence where something has to be done before, else nothing.
Objection = Callable[[Collection[UUID], Collection[UUID]], str]


def rule_of(model: type[models.Model]) -> OnErase | None:
    """What the model says; None where it says nothing."""
    found: OnErase | None = getattr(model, "on_erase", None)
    return found


def named(among: Iterable[type[models.Model]] | None = None) -> Iterator[Named]:
    """Every key to a person or a household about which something is said, in one order everywhere."""
    for target in (PERSON, HOUSEHOLD):
        for model, name in keys_to(target, among=among):
            rule = rule_of(model)
            if rule is not None and name in rule.keys:
                yield Named(model, name, target, rule)


def objections() -> list[Objection]:
    """What models have to say before people are erased: `erase_objection`, where one has any."""
    ordered = sorted(apps.get_models(), key=lambda each: each._meta.label_lower)
    return [found for model in ordered if (found := getattr(model, "erase_objection", None)) is not None]
