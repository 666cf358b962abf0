"""How households divide and come together: who belonged where, and where counted people were first counted."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("displacement", "0004_duplicates"),
    ]

    operations = [
        migrations.AddField(
            model_name="householdgroup",
            name="counted_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The household in which these people were first counted, where that was another one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="displacement.household",
                verbose_name="counted first in",
            ),
        ),
        migrations.CreateModel(
            name="HouseholdChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when it was so")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="when we learned it"
                    ),
                ),
                ("recorded_by", models.UUIDField(editable=False, verbose_name="recorded by")),
                (
                    "voided_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="voided at"),
                ),
                (
                    "voided_by",
                    models.UUIDField(blank=True, editable=False, null=True, verbose_name="voided by"),
                ),
                (
                    "void_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="why it was voided"
                    ),
                ),
                (
                    "from_household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="displacement.household",
                        verbose_name="from household",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="displacement.householdgroup",
                        verbose_name="counted group",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="displacement.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "to_household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="displacement.household",
                        verbose_name="to household",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of household",
                "verbose_name_plural": "changes of household",
                "ordering": ["occurred_at", "id"],
                "get_latest_by": "occurred_at",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_reason", ""), ("voided_at", None), ("voided_by", None)),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="displacement_householdchange_void_whole",
                        violation_error_message="A voided record needs who voided it, when and why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_at", None), ("voided_at__gte", models.F("recorded_at")), _connector="OR"
                        ),
                        name="displacement_householdchange_void_after",
                        violation_error_message="A record cannot be voided before it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group", None), ("person__isnull", False)),
                            models.Q(("group__isnull", False), ("person", None)),
                            _connector="OR",
                        ),
                        name="householdchange_person_or_group",
                        violation_error_message="A change of household is of one person or of one counted group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_household", models.F("to_household")), _negated=True),
                        name="householdchange_two_households",
                        violation_error_message="Choose another household: they belong to this one already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdJoin",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when it was so")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="when we learned it"
                    ),
                ),
                ("recorded_by", models.UUIDField(editable=False, verbose_name="recorded by")),
                (
                    "voided_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="voided at"),
                ),
                (
                    "voided_by",
                    models.UUIDField(blank=True, editable=False, null=True, verbose_name="voided by"),
                ),
                (
                    "void_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="why it was voided"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins",
                        to="displacement.household",
                        verbose_name="emptied household",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="displacement.household",
                        verbose_name="joined into",
                    ),
                ),
            ],
            options={
                "verbose_name": "joined household",
                "verbose_name_plural": "joined households",
                "ordering": ["household", "occurred_at"],
                "get_latest_by": "occurred_at",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_reason", ""), ("voided_at", None), ("voided_by", None)),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="displacement_householdjoin_void_whole",
                        violation_error_message="A voided record needs who voided it, when and why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_at", None), ("voided_at__gte", models.F("recorded_at")), _connector="OR"
                        ),
                        name="displacement_householdjoin_void_after",
                        violation_error_message="A record cannot be voided before it was made.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)),
                        fields=("household",),
                        name="householdjoin_once",
                        violation_error_message="This household was joined into another already. Open that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("household", models.F("into")), _negated=True),
                        name="householdjoin_two_households",
                        violation_error_message="A household cannot be joined into itself. Choose another one.",
                    ),
                ],
            },
        ),
    ]
