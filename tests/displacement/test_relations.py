"""Every key to a person or a household says what a merge does to it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.test.utils import isolate_apps

from displacement.identity.relations import OnMerge, keys_to, re_pointed, rule_of
from displacement.models import Person

Models = Sequence[type[models.Model]] | None
TARGETS = ("displacement.person", "displacement.household")


def unruled(among: Models = None) -> list[str]:
    """Keys about which nothing is said."""
    keys = keys_to(*TARGETS, among=among)
    return [f"{model._meta.label}.{name}" for model, name in keys if rule_of(model, name) is None]


def unruly(among: Models = None) -> Iterator[str]:
    """Keys that are re-pointed and cannot be: rows without a UUID, or a rule of the database that nobody asks about first."""
    for relation in re_pointed(among):
        model = relation.model
        if not isinstance(model._meta.pk, models.UUIDField):
            yield f"{model._meta.label}: entries name rows by UUID"
        rules = [
            rule
            for rule in model._meta.constraints
            if isinstance(rule, (models.UniqueConstraint, ExclusionConstraint))
            and relation.field in str(rule.deconstruct())
        ]
        if (
            rules or getattr(model._meta.get_field(relation.field), "unique", False)
        ) and relation.conflicts is None:
            yield f"{model._meta.label}.{relation.field}: merge_conflicts has to say what is in the way"


def test_every_key_has_its_rule_and_every_rule_its_key() -> None:
    assert unruled() == []
    assert list(unruly()) == []
    stated = {
        (model._meta.label, name) for model in apps.get_models() for name in getattr(model, "on_merge", {})
    }
    keys = {(model._meta.label, name) for model, name in keys_to(*TARGETS)}
    assert stated == keys
    assert ("shelters.Stay", "person") in keys  # declared above this package, and found
    assert ("displacement.Casualty", "person") in keys  # without a name from the other side, and found


@isolate_apps("displacement", "shelters")
def test_a_key_without_a_rule_is_found() -> None:
    class Meal(models.Model):
        on_merge: ClassVar[Mapping[str, OnMerge]] = {"guest": OnMerge.RE_POINT}
        guest = models.OneToOneField(Person, models.PROTECT, related_name="+")
        cook = models.ForeignKey(Person, models.PROTECT, related_name="+")

        class Meta:
            app_label = "shelters"

    assert unruled([Meal]) == ["shelters.Meal.cook"]
    assert [line.partition(":")[0] for line in unruly([Meal])] == ["shelters.Meal", "shelters.Meal.guest"]
