"""Every key to a person or a household, and every column that tells of people, says what an erasure does to it."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from accounts.fields import classes_of
from accounts.policy import FieldClass
from displacement.identity.erasing import FIGURES, Fate, OnErase, rule_of
from displacement.identity.relations import keys_to
from displacement.models import Household, Person
from tests.repository.source import PACKAGES

TARGETS = ("displacement.person", "displacement.household")
Models = Sequence[type[models.Model]] | None
#: Columns that hold ids without a key, and of what; those of people stand in `on_erase`.
OF_OTHERS = {
    "audit": "ids in a sealed trail, which tells no value",
    "_by": "who acted",
    "organisation_id": "an organisation",
    "run": "a search",
    "editors": "who edited",
    "written_for": "by whose right a list is written",
}
KNOWN_IDS = {
    # The tombstones themselves, and lists.
    "retention.erasure": {"subject", "people", "households", "files_waiting"},
    "roster.peopleexport": {"first_ids"},  # ids that were told to the trail
    "accounts.idempotencykey": {"outcome"},  # ids in an answer, for 30 days
}


def unruled(among: Models = None) -> list[str]:
    """Keys about which nothing is said."""
    keys = keys_to(*TARGETS, among=among)
    rules = ((model, name, rule_of(model)) for model, name in keys)
    return [f"{m._meta.label}.{name}" for m, name, rule in rules if rule is None or name not in rule.keys]


def unsaid(among: Models = None) -> Iterator[str]:
    """Columns that tell of people, of models with such keys and of people themselves, about which nothing is said."""
    models_named = {model for model, _name in keys_to(*TARGETS, among=among)}
    for model in sorted(models_named | ({Person, Household} if among is None else set()), key=str):
        rule = rule_of(model) or OnErase()
        if rule.keys and set(rule.keys.values()) == {Fate.REMOVE}:
            continue
        said = {*rule.keys, *rule.empties, *rule.keeps, *rule.by_hand}
        classes = classes_of(model._meta.label_lower)
        for column in model._meta.concrete_fields:
            if classes.get(column.name, FieldClass.IDENTITY) != FieldClass.OPEN and column.name not in said:
                yield f"{model._meta.label}.{column.name}"


def ids_without_key() -> Iterator[tuple[str, str]]:
    """Columns that may hold ids of people and are no key."""
    for model in apps.get_models():
        if model._meta.app_label not in PACKAGES or model._meta.app_label == "audit":
            continue
        for column in model._meta.concrete_fields:
            inner = column.base_field if isinstance(column, ArrayField) else column
            is_id = isinstance(inner, models.UUIDField) and not column.primary_key
            if is_id and not column.name.endswith("_by") and column.name not in OF_OTHERS:
                yield model._meta.label_lower, column.name


def test_every_key_has_its_rule_and_every_rule_its_key() -> None:
    assert unruled() == []
    stated = {(m._meta.label, name) for m in apps.get_models() if (rule := rule_of(m)) for name in rule.keys}
    assert stated == {(model._meta.label, name) for model, name in keys_to(*TARGETS)}
    assert ("shelters.Stay", "person") in stated  # declared above this package, and found


def test_every_column_that_tells_of_people_says_what_becomes_of_it() -> None:
    assert list(unsaid()) == []
    for model in apps.get_models():
        rule = rule_of(model) or OnErase()
        names = {field.name for field in model._meta.concrete_fields}
        assert {*rule.keys, *rule.empties, *rule.keeps, *rule.by_hand} <= names, model


def test_ids_that_are_no_key_are_known_as_well() -> None:
    unknown = [
        (label, name)
        for label, name in ids_without_key()
        if name not in KNOWN_IDS.get(label, set())
        and name not in (rule := rule_of(apps.get_model(label)) or OnErase()).keeps
        and name not in rule.by_hand
    ]
    assert unknown == []


@isolate_apps("displacement", "shelters")
def test_a_key_or_a_column_without_a_rule_is_found() -> None:
    class Meal(models.Model):
        on_erase: ClassVar[OnErase] = OnErase({"guest": Fate.KEEP}, keeps={"day": FIGURES})
        guest = models.ForeignKey(Person, models.PROTECT, related_name="+")
        cook = models.ForeignKey(Person, models.PROTECT, related_name="+")
        day = models.DateField()
        said = models.CharField(max_length=10)

        class Meta:
            app_label = "shelters"

    assert unruled([Meal]) == ["shelters.Meal.cook"]
    assert list(unsaid([Meal])) == ["shelters.Meal.id", "shelters.Meal.cook", "shelters.Meal.said"]
