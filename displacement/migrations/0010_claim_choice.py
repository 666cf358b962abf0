"""A named person says which of several claims about one thing leads."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('displacement', '0009_keys_of_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimChoice',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField(verbose_name='when it was so')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when we learned it')),
                ('recorded_by', models.UUIDField(editable=False, verbose_name='recorded by')),
                ('voided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='voided at')),
                ('voided_by', models.UUIDField(blank=True, editable=False, null=True, verbose_name='voided by')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it was voided')),
                ('reason', models.CharField(max_length=300, verbose_name='why this one')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='displacement.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'choice of a claim',
                'verbose_name_plural': 'choices of claims',
                'get_latest_by': 'occurred_at',
                'abstract': False,
                'indexes': [models.Index(fields=['claim', '-occurred_at'], name='claim_choice_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at', None), ('voided_by', None)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='displacement_claimchoice_void_whole', violation_error_message='A voided record needs who voided it, when and why.'), models.CheckConstraint(condition=models.Q(('voided_at', None), ('voided_at__gte', models.F('recorded_at')), _connector='OR'), name='displacement_claimchoice_void_after', violation_error_message='A record cannot be voided before it was made.')],
            },
        ),
    ]
