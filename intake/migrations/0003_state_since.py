"""Since when a batch has been in its state, from the moments that it holds of its way."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Coalesce


def _from_what_is_known(apps, _editor):
    batches = apps.get_model("intake", "Batch").objects.all()
    batches.update(state_since=Coalesce("undone_at", "accepted_at", "received_at"))


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_kobo_inbox")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="state_since",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="in this state since"
            ),
        ),
        migrations.RunPython(_from_what_is_known, migrations.RunPython.noop, elidable=True),
    ]
