from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('retention', '0003_legal_holds'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasure',
            name='files_waiting',
            field=ArrayField(
                base_field=models.UUIDField(), default=list, editable=False, size=None,
                verbose_name='lists whose files wait',
            ),
        ),
    ]
