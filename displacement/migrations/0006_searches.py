"""Searches for duplicates, and whom they searched for as described then."""

import django.db.models.deletion
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("displacement", "0005_regrouping"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateSearch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("finished_at", models.DateTimeField(verbose_name="finished")),
                ("seconds", models.FloatField(verbose_name="seconds")),
                ("is_whole", models.BooleanField(verbose_name="all people against all")),
                ("people_searched", models.PositiveIntegerField(verbose_name="people searched for")),
                ("pairs_compared", models.PositiveBigIntegerField(verbose_name="pairs compared")),
                ("pairs_found", models.PositiveIntegerField(verbose_name="possible duplicates")),
                ("pairs_new", models.PositiveIntegerField(verbose_name="of these, new")),
            ],
            options={
                "verbose_name": "search for duplicates",
                "verbose_name_plural": "searches for duplicates",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SearchedPerson",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="displacement.person",
                        verbose_name="person",
                    ),
                ),
                ("fingerprint", models.BigIntegerField(verbose_name="fingerprint")),
            ],
            options={
                "verbose_name": "person searched for",
                "verbose_name_plural": "people searched for",
            },
        ),
    ]
