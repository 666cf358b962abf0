"""Files, submissions and the cells of rows are kept encrypted. What is there already is sealed by the next step."""

from django.db import migrations

import core.sealed

_RAW = "ALTER TABLE intake_stagedrow ALTER COLUMN raw TYPE text USING array_to_json(raw)::text"
_RAW_BACK = """
CREATE FUNCTION pg_temp.cells(text) RETURNS text[] LANGUAGE sql AS
    $$ SELECT array_agg(cell ORDER BY place) FROM json_array_elements_text($1::json) WITH ORDINALITY AS one (cell, place) $$;
ALTER TABLE intake_stagedrow ALTER COLUMN raw TYPE text[] USING pg_temp.cells(raw);
"""
_ANSWERS = """
ALTER TABLE intake_submission ALTER COLUMN payload TYPE text
    USING CASE WHEN payload = '{}'::jsonb THEN '' ELSE payload::text END
"""
_ANSWERS_BACK = """
ALTER TABLE intake_submission ALTER COLUMN payload TYPE jsonb
    USING CASE WHEN payload = '' THEN '{}'::jsonb ELSE payload::jsonb END
"""


class Migration(migrations.Migration):

    dependencies = [("intake", "0005_rows_are_removed")]

    operations = [
        migrations.RunSQL(
            _RAW,
            _RAW_BACK,
            state_operations=[
                migrations.AlterField("stagedrow", "raw", core.sealed.SealedJSONField(null=True)),
            ],
        ),
        migrations.RunSQL(
            _ANSWERS,
            _ANSWERS_BACK,
            state_operations=[
                migrations.AlterField("submission", "payload", core.sealed.SealedJSONField(verbose_name="answers")),
            ],
        ),
    ]
