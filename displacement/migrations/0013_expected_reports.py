"""Who is expected to report what, about where, and how often."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('displacement', '0012_claim_indicators_of_means'),
        ('regions', '0003_report_languages'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExpectedReport',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField(verbose_name='when it was so')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when we learned it')),
                ('recorded_by', models.UUIDField(editable=False, verbose_name='recorded by')),
                ('voided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='voided at')),
                ('voided_by', models.UUIDField(blank=True, editable=False, null=True, verbose_name='voided by')),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it was voided')),
                ('indicator', models.CharField(choices=[('people_to_evacuate', 'people to be evacuated'), ('evacuated', 'evacuated or left'), ('evacuated_24h', 'evacuated in 24 hours'), ('evacuated_organised', 'evacuated by organised transport'), ('left_own_means', 'left by own means'), ('remaining', 'remaining'), ('sheltered', 'in shelters'), ('sites_open', 'shelters open'), ('places_total', 'places in shelters'), ('places_reserve', 'places in reserve'), ('killed', 'killed'), ('injured', 'injured'), ('hospitalised', 'hospitalised'), ('unknown_fate', 'fate not known'), ('missing_persons', 'missing persons'), ('missing_requests', 'requests to trace missing persons'), ('aid_applicants', 'applications for aid'), ('settlements_contact_lost', 'settlements without contact')], max_length=30, verbose_name='what about')),
                ('every_days', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='every so many days')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='region')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='displacement.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'expected report',
                'verbose_name_plural': 'expected reports',
                'get_latest_by': 'occurred_at',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at', None), ('voided_by', None)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='displacement_expectedreport_void_whole', violation_error_message='A voided record needs who voided it, when and why.'), models.CheckConstraint(condition=models.Q(('voided_at', None), ('voided_at__gte', models.F('recorded_at')), _connector='OR'), name='displacement_expectedreport_void_after', violation_error_message='A record cannot be voided before it was made.'), models.CheckConstraint(condition=models.Q(('every_days__gte', 1), ('every_days__lte', 90)), name='expected_report_every_days', violation_error_message='A report is expected every 1 to 90 days.'), models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('source', 'region', 'indicator'), name='expected_report_once', violation_error_message='This report is expected already. Take that entry back first, to change how often.')],
            },
        ),
    ]
