"""Invented families that are laid out for intruders: which they are, sealed."""

import core.sealed
import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_opened_records'),
        ('displacement', '0016_identity_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='HoneyRecord',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('plan', core.sealed.SealedJSONField(verbose_name='which records')),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='placed at')),
                ('placed_by', models.UUIDField(verbose_name='placed by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honey_records', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'honey record',
                'verbose_name_plural': 'honey records',
                'ordering': ['-id'],
            },
        ),
    ]
