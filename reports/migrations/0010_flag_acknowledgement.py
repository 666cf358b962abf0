"""A named person answers for what a flag warns of."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0003_report_languages'),
        ('reports', '0009_quiet_hours'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlagAcknowledgement',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField(verbose_name='when it was so')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when we learned it')),
                ('recorded_by', models.UUIDField(editable=False, verbose_name='recorded by')),
                ('voided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='voided at')),
                ('voided_by', models.UUIDField(blank=True, editable=False, null=True, verbose_name='voided by')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it was voided')),
                ('code', models.CharField(max_length=40, verbose_name='flag')),
                ('subject', models.CharField(max_length=120, verbose_name='what it is about')),
                ('content', models.CharField(editable=False, max_length=16, verbose_name='fingerprint of its numbers')),
                ('sentence', models.CharField(max_length=2000, verbose_name='what it warned of')),
                ('reason', models.CharField(max_length=300, verbose_name='why it stands')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='region')),
            ],
            options={
                'verbose_name': 'acknowledged flag',
                'verbose_name_plural': 'acknowledged flags',
                'get_latest_by': 'occurred_at',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at', None), ('voided_by', None)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='reports_flagacknowledgement_void_whole', violation_error_message='A voided record needs who voided it, when and why.'), models.CheckConstraint(condition=models.Q(('voided_at', None), ('voided_at__gte', models.F('recorded_at')), _connector='OR'), name='reports_flagacknowledgement_void_after', violation_error_message='A record cannot be voided before it was made.'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('region', 'code', 'subject', 'content'), name='flag_acknowledged_once', violation_error_message='Somebody has acknowledged this flag already.')],
            },
        ),
    ]
