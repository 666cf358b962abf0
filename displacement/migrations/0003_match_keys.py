"""Keys under which duplicates meet, and partners' own numbers; people who are there already get their keys."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from core.names import search_key
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of

CHUNK = 2_000


def fill(apps, schema_editor):
    """Make the keys of everybody in the register, some thousands at a time, so that memory stays flat."""
    people = apps.get_model("displacement", "Person").objects.select_related("household").order_by("pk")
    latest = None
    while chunk := list(people.filter(pk__gt=latest)[:CHUNK] if latest else people[:CHUNK]):
        for person in chunk:
            known = Identity(
                person.given_name, person.patronymic, person.family_name, person.sex,
                person.birth_date, person.birth_precision, person.household.phone,
            )
            person.family_key, person.given_key = search_key(person.family_name), search_key(person.given_name)
            person.match_keys = keys_of(known)
        people.model.objects.bulk_update(chunk, ["family_key", "given_key", "match_keys"], batch_size=500)
        latest = chunk[-1].pk


class Migration(migrations.Migration):

    dependencies = [("displacement", "0002_rules")]

    operations = [
        migrations.AddField(
            "household", "reference",
            models.CharField(blank=True, default="", help_text="The partner's own number of this household.", max_length=80, verbose_name="reference"),
            preserve_default=False,
        ),
        migrations.AddField(
            "person", "reference",
            models.CharField(blank=True, default="", help_text="The partner's own number of this person.", max_length=80, verbose_name="reference"),
            preserve_default=False,
        ),
        migrations.AddField(
            "person", "match_keys",
            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, editable=False, size=None),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "person",
            django.contrib.postgres.indexes.GinIndex(fields=["match_keys"], gin_pending_list_limit=1024, name="person_match_keys"),
        ),
        migrations.AddConstraint(
            "household",
            models.UniqueConstraint(
                condition=models.Q(("voided_at", None), models.Q(("reference", ""), _negated=True)),
                fields=("organisation", "reference"), name="household_reference",
                violation_error_message="Another household of this organisation has this reference. Look it up, or leave the reference out.",
            ),
        ),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(
                condition=models.Q(("voided_at", None), models.Q(("reference", ""), _negated=True)),
                fields=("organisation", "reference"), name="person_reference",
                violation_error_message="Another person of this organisation has this reference. Look them up, or leave the reference out.",
            ),
        ),
    ]
