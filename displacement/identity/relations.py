"""What a merge of two persons does to every row that names one of them, found from the models themselves.

Each model says it beside its own key, in `on_merge`; so a package above this one is reached without being imported here, and
a key to a person or a household about which nothing is said fails a test.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.apps import apps
from django.db import models


class OnMerge(StrEnum):
    """What becomes of a row whose person turns out to be somebody who is in the register already."""

    #: It names the survivor from then on; the change is an entry of its own and can be taken back.
    RE_POINT = "re-point"
    #: It goes on naming what it named: it speaks of the record and not of the human being, or keeps its own history.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why one person's rows cannot become another's: a sentence, and the rows of the merged person that are in the way."""

    sentence: str
    rows: tuple[models.Model, ...]


#: Asked with {merged person: survivor}; answers for those whose rows cannot be re-pointed as they stand.
Conflicts = Callable[[Mapping[UUID, UUID]], Mapping[UUID, Conflict]]


@dataclass(frozen=True, slots=True)
class Relation:
    """A column that names a person, and what a merge does to it."""

    model: type[models.Model]
    field: str
    rule: OnMerge

    @property
    def label(self) -> str:
        """The model as entries name it, such as `displacement.movement`."""
        return self.model._meta.label_lower

    @property
    def table(self) -> str:
        """Its table."""
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        """The key's column."""
        return str(getattr(self.model._meta.get_field(self.field), "column", ""))

    @property
    def conflicts(self) -> Conflicts | None:
        """What the model has to say before its rows are re-pointed; None where nothing can be in the way."""
        found: Conflicts | None = getattr(self.model, "merge_conflicts", None)
        return found


def keys_to(
    *targets: str, among: Iterable[type[models.Model]] | None = None
) -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key of every app to one of the models (`app.model`): the model that has it, and the field's name.

    Read from the fields themselves, so that relations without a name from the other side are found, too.
    """
    models_of_all = apps.get_models(include_auto_created=True) if among is None else among
    for model in sorted(models_of_all, key=lambda each: each._meta.label_lower):
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is not None:
                target = field.related_model
                if isinstance(target, type) and target._meta.label_lower in targets:
                    yield model, field.name


def rule_of(model: type[models.Model], field: str) -> OnMerge | None:
    """What the model says of its key; None where it says nothing, which a test does not let pass."""
    stated: Mapping[str, OnMerge] = getattr(model, "on_merge", {})
    return stated.get(field)


def re_pointed(among: Iterable[type[models.Model]] | None = None) -> list[Relation]:
    """The keys to a person whose rows a merge re-points, in one order everywhere."""
    return [
        Relation(model, field, OnMerge.RE_POINT)
        for model, field in keys_to("displacement.person", among=among)
        if rule_of(model, field) is OnMerge.RE_POINT
    ]
