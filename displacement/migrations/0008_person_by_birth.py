"""Lists are held against the register by exact birth date and family name; other birth dates tell too little."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("displacement", "0007_claim_withdrawal")]

    operations = [
        migrations.AddIndex(
            "person",
            models.Index(
                condition=models.Q(("birth_precision", "day")),
                fields=["birth_date", "family_key"],
                name="person_by_birth",
            ),
        ),
    ]
