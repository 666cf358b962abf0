import django.db.models.deletion
import uuid6
from django.db import migrations, models


def give_lines(apps, schema_editor):
    """Each subscription gets its one region as its one line."""
    line = apps.get_model('reports', 'SubscriptionRegion')
    rows = apps.get_model('reports', 'Subscription').objects.exclude(region=None).values_list('pk', 'region')
    line.objects.bulk_create(line(subscription_id=pk, region_id=region) for pk, region in rows.iterator())


def take_one_back(apps, schema_editor):
    """The other way: of several regions the first that was written down is kept."""
    line = apps.get_model('reports', 'SubscriptionRegion')
    first = line.objects.filter(subscription=models.OuterRef('pk')).exclude(change='add').order_by('id')
    apps.get_model('reports', 'Subscription').objects.update(region=models.Subquery(first.values('region')[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0003_report_languages'),
        ('reports', '0013_files_with_the_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubscriptionRegion',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('change', models.CharField(blank=True, choices=[('', 'stays'), ('add', 'to be added'), ('drop', 'to be left out')], editable=False, max_length=4, verbose_name='proposed')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscription_lines', to='regions.region', verbose_name='region')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reports.subscription', verbose_name='subscription')),
            ],
            options={
                'verbose_name': 'region of a subscription',
                'verbose_name_plural': 'regions of a subscription',
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='subscriptionregion',
            constraint=models.UniqueConstraint(fields=('subscription', 'region'), name='subscription_region_once', violation_error_message='This subscription has this region already.'),
        ),
        migrations.RemoveConstraint(
            model_name='subscription',
            name='subscription_wanted_whole',
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('wanted_at', None), ('wanted_audience', ''), ('wanted_by', None)), models.Q(('wanted_at__isnull', False), ('wanted_by__isnull', False)), _connector='OR'), name='subscription_wanted_whole'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='wanted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='change proposed at'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='region',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='regions.region', verbose_name='region'),
        ),
        migrations.RunPython(give_lines, take_one_back),
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', 'SET CONSTRAINTS ALL IMMEDIATE'),
    ]
