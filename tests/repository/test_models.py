"""Rules over all tables, found by walking them, so that a new one cannot slip past."""

import tomllib
from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from accounts.policy import FieldClass
from core.facts import Fact
from tests.repository.source import PACKAGES, ROOT

#: Lowest last, as in the import contract.
ORDER = {
    "config": 9,
    "retention": 8,
    "reports": 7,
    "intake": 7,
    "roster": 6,
    "shelters": 5,
    "displacement": 4,
    "exchange": 3,
    "accounts": 2,
    "regions": 1,
    "audit": 0,
}
#: Moments at which nobody in particular acted, or whose actor stands in another field.
ACTORLESS = {
    "starts_at": "from when a hold counts, by its authority",
    "ends_at": "until when a hold counts, by its authority",
    "occurred_at": "the fact's own time",
    "as_of": "the claim's own time",
    "published_at": "a claim is published by its source",
    "received_at": "recorded_by is who received it",
    "known_at": "a point of view",
    "ended_recorded_at": "ended_by",
    "next_attempt_at": "a machine's doing",
    "data_started_at": "a machine's doing",
    "queued_at": "a machine's doing",
    "give_up_at": "a machine's doing",
    "returned_at": "a machine's doing",
    "sent_at": "a machine's doing",
    "at": "actor_id",
    "found_at": "a machine's doing",
    "begun_at": "a machine's doing",
    "finished_at": "a machine's doing",
    "checked_at": "a machine's doing",
}


def _models() -> Iterator[type[models.Model]]:
    return (
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in PACKAGES
    )


def _models_of_others() -> Iterator[type[models.Model]]:
    """Tables that come with a library and hold something of our users."""
    return (model for model in apps.get_models() if model._meta.app_label in {"account", "mfa"})


def test_foreign_keys_point_down() -> None:
    """Also those named by strings, which the import contract cannot see."""
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.get_fields()
        if isinstance(field, (models.ForeignKey, models.ManyToManyField))
        and field.related_model._meta.app_label in ORDER
        and ORDER[field.related_model._meta.app_label] > ORDER[model._meta.app_label]
    ]
    assert upward == []


def test_every_act_has_its_actor() -> None:
    alone = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField)
        and field.name.endswith("_at")
        and field.name not in ACTORLESS
        and field.name.removesuffix("_at") + "_by" not in {f.name for f in model._meta.get_fields()}
        and model._meta.app_label not in {"accounts"}
    ]
    assert alone == []


def test_facts_keep_the_rules_of_facts() -> None:
    """A subclass whose Meta forgets the inherited constraints would let a half-voided row in."""
    forgetful = [
        model._meta.label
        for model in _models()
        if issubclass(model, Fact)
        and sum(
            constraint.name.endswith(("_void_whole", "_void_after")) for constraint in model._meta.constraints
        )
        != 2
    ]
    assert forgetful == []


def test_every_field_is_classed() -> None:
    """A new field has to say what it tells before it can exist."""
    classes = tomllib.loads((ROOT / "accounts" / "field_classes.toml").read_text(encoding="utf-8"))
    expected = {
        model._meta.label_lower: {field.name for field in model._meta.concrete_fields}
        for model in (*_models(), *_models_of_others())
        if not model._meta.auto_created
    }
    stated = {
        f"{app}.{model}": {column for columns in lists.values() for column in columns}
        for app, tables in classes.items()
        for model, lists in tables.items()
    }
    assert stated == expected


def test_each_field_is_of_one_class_that_the_policy_knows() -> None:
    classes = tomllib.loads((ROOT / "accounts" / "field_classes.toml").read_text(encoding="utf-8"))
    wrong = [
        f"{app}.{model}"
        for app, tables in classes.items()
        for model, lists in tables.items()
        if not lists.keys() <= set(FieldClass)
        or sum(map(len, lists.values())) != len({column for columns in lists.values() for column in columns})
    ]
    assert wrong == []


def test_migrations_are_linear() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.detect_conflicts() == {}
    branching = [
        node.key
        for key, node in loader.graph.node_map.items()
        if key[0] in PACKAGES and len([child for child in node.children if child.key[0] == key[0]]) > 1
    ]
    assert branching == []
