"""Claims that should never have been written down are withdrawn, and stay readable."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER claim_withdrawal_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON displacement_claimwithdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = "DROP TRIGGER claim_withdrawal_immutable ON displacement_claimwithdrawal;"


class Migration(migrations.Migration):
    dependencies = [
        ("displacement", "0006_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimWithdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("recorded_by", models.UUIDField(editable=False)),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="displacement.claim",
                        verbose_name="claim",
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawn claim",
                "verbose_name_plural": "withdrawn claims",
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
