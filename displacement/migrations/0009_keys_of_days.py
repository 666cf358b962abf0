"""A whole birth date is kept with the first letter of the given name, and more forms of given names are known: all keys anew."""

from django.db import migrations

from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of

CHUNK = 2_000


def fill(apps, schema_editor):
    """Make the keys of everybody anew, some thousands at a time, so that memory stays flat."""
    people = apps.get_model("displacement", "Person").objects.select_related("household").order_by("pk")
    latest = None
    while chunk := list(people.filter(pk__gt=latest)[:CHUNK] if latest else people[:CHUNK]):
        for person in chunk:
            person.match_keys = keys_of(
                Identity(
                    person.given_name, person.patronymic, person.family_name, person.sex,
                    person.birth_date, person.birth_precision, person.household.phone,
                )
            )
        people.model.objects.bulk_update(chunk, ["match_keys"], batch_size=500)
        latest = chunk[-1].pk


class Migration(migrations.Migration):

    dependencies = [("displacement", "0008_person_by_birth")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
