"""The peer: django-import-export in bulk mode, writing the same rows into the same tables, a resource for each.

It is given every row ready, with ids and keys: it reads no names, looks for no doubles, and leaves no trace.
"""

from typing import Any

import tablib
from django.db import models
from import_export import resources

from displacement.models import Consent, Household, Movement, Person, PersonNeed
from intake.flatten import COLUMNS

#: Persons of the sample. The cost of a row does not fall with more rows, so that scaling up is fair to the peer.
SAMPLE = 3_000
Rows = list[tuple[type[models.Model], tablib.Dataset]]


def sample() -> Rows:
    """The first persons of the register with their households and what hangs on them, as the library reads tables."""
    people = Person.objects.order_by("pk")[:SAMPLE]
    ids = list(people.values_list("pk", flat=True))
    homes = list(people.values_list("household_id", flat=True))
    chosen: list[tuple[type[models.Model], Any]] = [
        (Household, Household.objects.filter(pk__in=homes)),
        (Consent, Consent.objects.filter(household__in=homes)),
        (Person, Person.objects.filter(pk__in=ids)),
        (PersonNeed, PersonNeed.objects.filter(person__in=ids)),
        (Movement, Movement.objects.filter(person__in=ids)),
    ]
    return [(model, _dataset(model, rows)) for model, rows in chosen]


def write(rows: Rows) -> None:
    """Take the rows in: in bulk, without differences, without looking whether they are there already."""
    for model, data in rows:
        result = _resource(model)().import_data(data, raise_errors=True, use_transactions=True)
        assert result.totals["new"] == len(data)


def _names(model: type[models.Model]) -> list[str]:
    fields = {field.attname: field.name for field in model._meta.concrete_fields}
    return [fields[column] for column in COLUMNS[model] if column != "match_keys"]


def _dataset(model: type[models.Model], rows: Any) -> tablib.Dataset:
    names = _names(model)
    return tablib.Dataset(*rows.values_list(*names), headers=names)


def _resource(model: type[models.Model]) -> Any:
    meta = {
        "model": model,
        "fields": _names(model),
        "import_id_fields": (),
        "force_init_instance": True,
        "use_bulk": True,
        "skip_diff": True,
        "batch_size": 1_000,
    }
    return type("Peer", (resources.ModelResource,), {"Meta": type("Meta", (), meta)})
