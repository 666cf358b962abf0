"""Telephones are kept encrypted, with a blind index for exact search. What is there already is sealed by the next step."""

from django.db import migrations, models

import core.sealed
import displacement.models.kept_values


class Migration(migrations.Migration):

    dependencies = [("displacement", "0013_expected_reports")]

    operations = [
        migrations.AlterField(
            model_name="household",
            name="phone",
            field=core.sealed.SealedCharField(blank=True, max_length=30, verbose_name="telephone"),
        ),
        migrations.AddField(
            model_name="household", name="phone_index", field=models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                condition=models.Q(("phone_index__isnull", False)), fields=["phone_index"], name="household_by_phone"
            ),
        ),
        migrations.AlterField(
            model_name="takenover",
            name="new",
            field=displacement.models.kept_values.KeptValues(verbose_name="value since"),
        ),
        migrations.AlterField(
            model_name="takenover",
            name="old",
            field=displacement.models.kept_values.KeptValues(verbose_name="value before"),
        ),
    ]
