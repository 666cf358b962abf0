"""All who edited an edition, none of whom approves it; of editions from before, who edited last is known."""

import django.contrib.postgres.fields
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('regions', '0003_report_languages'),
        ('reports', '0010_flag_acknowledgement'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='editors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, editable=False, size=None),
        ),
        migrations.RunSQL(
            "UPDATE reports_edition SET editors = ARRAY[edited_by] WHERE edited_by IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.IsNull(models.Func(models.F('editors'), models.F('approved_by'), function='array_position', output_field=models.IntegerField()), True), name='edition_approved_by_no_editor', violation_error_message='Whoever wrote in a report cannot approve it. Ask another publisher.'),
        ),
    ]
