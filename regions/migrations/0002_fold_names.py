"""Names of regions get the keys of the folding that knows more spellings."""

from django.db import migrations

from core.names import search_key


def fold(apps, schema_editor):
    names = apps.get_model("regions", "RegionName")
    rows = list(names.objects.only("pk", "name"))
    for row in rows:
        row.folded = search_key(row.name)
    names.objects.bulk_update(rows, ["folded"], batch_size=1_000)


class Migration(migrations.Migration):

    dependencies = [("regions", "0001_initial")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
