"""All keys of a statement, of the tables of which other systems are told: what the digest seals, kept beside it."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_seals_as_owner")]
    operations = [
        migrations.AddField(
            model_name="rowchange",
            name="ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), editable=False, null=True, size=None, verbose_name="all keys"
            ),
        ),
    ]
