"""How often all sessions of a user were ended at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_language_of_mails")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sign_outs",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="times signed out everywhere"),
        ),
    ]
