"""Names of shelters get the keys of the folding that knows more spellings."""

from django.db import migrations

from core.names import search_key


def fold(apps, schema_editor):
    shelters = apps.get_model("shelters", "Shelter")
    rows = list(shelters.objects.only("pk", "name"))
    for row in rows:
        row.name_key = search_key(row.name)
    shelters.objects.bulk_update(rows, ["name_key"], batch_size=1_000)


class Migration(migrations.Migration):

    dependencies = [("shelters", "0001_initial")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
