"""The peer: django-import-export in bulk mode, writing persons into the same table."""

import csv
import time
from pathlib import Path

import tablib
from django.utils import timezone
from import_export import fields, resources
from uuid6 import uuid7

from displacement.actions.serials import next_serials
from displacement.models import Household, Person

#: Rows of the sample. Its cost for each row does not fall with more rows, so that scaling up is fair to it.
SAMPLE = 3_000


class PersonResource(resources.ModelResource):
    """Persons as that library takes them in: in bulk, without a diff, without looking for instances."""

    family_name = fields.Field("family_name", "Фамилия")
    given_name = fields.Field("given_name", "Имя")
    patronymic = fields.Field("patronymic", "Отчество")

    class Meta:
        model = Person
        fields = ("family_name", "given_name", "patronymic")
        import_id_fields = ()
        force_init_instance = True
        use_bulk = True
        skip_diff = True
        skip_html_diff = True
        batch_size = 1_000

    def __init__(self, household: Household) -> None:
        super().__init__()
        self._household = household
        self._serials = iter(next_serials(SAMPLE))

    def before_save_instance(self, instance, row, **kwargs):
        """What the model needs beside the columns."""
        instance.id, instance.serial = uuid7(), next(self._serials)
        instance.household, instance.organisation_id = self._household, self._household.organisation_id
        instance.occurred_at = instance.recorded_at = timezone.now()
        instance.recorded_by = self._household.recorded_by


def seconds_a_row(path: Path, household: Household) -> float:
    """Seconds of the clock for each person of the head of the list, without movements, keys, checks or audit."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        data = tablib.Dataset(headers=next(reader))
        for _ in range(SAMPLE):
            data.append(next(reader))
    started = time.perf_counter()
    result = PersonResource(household).import_data(data, raise_errors=True, use_transactions=True)
    assert result.totals["new"] == SAMPLE
    return (time.perf_counter() - started) / SAMPLE
