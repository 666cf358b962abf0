from django.db import migrations, models

import regions.models.operation


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0014_subscriptions_of_several_regions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='subscription',
            name='subscription_once',
        ),
        migrations.RemoveField(
            model_name='subscription',
            name='region',
        ),
        migrations.AlterField(
            model_name='subscription',
            name='quiet_from',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='zone',
            field=models.CharField(blank=True, help_text="On which clock the quiet hours are read, such as Europe/Kyiv. Blank: the operation's.", max_length=60, validators=[regions.models.operation.is_zone], verbose_name='time zone'),
        ),
    ]
