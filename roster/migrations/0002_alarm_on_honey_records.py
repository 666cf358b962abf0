"""A name for one more rule."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('roster', '0001_exports_and_alarms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alarm',
            name='rule',
            field=models.CharField(choices=[('much_more', 'many more records than on other days'), ('refused', 'one record after another that is not theirs'), ('hour', 'at an hour at which they never work'), ('sweep', 'a list from page to page'), ('honey', 'a honey record')], max_length=10, verbose_name='what was unusual'),
        ),
    ]
