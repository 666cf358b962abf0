from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roster", "0005_alarm_of_systems"),
    ]

    operations = [
        migrations.AddField(
            model_name="peopleexport",
            name="begun_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="begun at"),
        ),
    ]
