"""Claims of who left with organised transport and who by own means."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('displacement', '0011_taken_over'),
    ]

    operations = [
        migrations.AlterField(
            model_name='claim',
            name='indicator',
            field=models.CharField(choices=[('people_to_evacuate', 'people to be evacuated'), ('evacuated', 'evacuated or left'), ('evacuated_24h', 'evacuated in 24 hours'), ('evacuated_organised', 'evacuated by organised transport'), ('left_own_means', 'left by own means'), ('remaining', 'remaining'), ('sheltered', 'in shelters'), ('sites_open', 'shelters open'), ('places_total', 'places in shelters'), ('places_reserve', 'places in reserve'), ('killed', 'killed'), ('injured', 'injured'), ('hospitalised', 'hospitalised'), ('unknown_fate', 'fate not known'), ('missing_persons', 'missing persons'), ('missing_requests', 'requests to trace missing persons'), ('aid_applicants', 'applications for aid'), ('settlements_contact_lost', 'settlements without contact')], max_length=30, verbose_name='indicator'),
        ),
    ]
