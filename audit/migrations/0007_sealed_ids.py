"""Whether the trail keeps all keys of a change, and how many, is sealed with the change from now on: its `form` is 2.

What was sealed before stays as it was sealed, or the anchors outside would say that it was written anew. Which of those changes have
all their keys, and how many, is sealed once, here: one row of the trail for each organisation, with the operation `ids`. How both
are written before they are hashed stands here and, for the one who checks, in `audit.verifying`.
"""

from django.db import migrations, models

ROWS_OF = """
CREATE OR REPLACE FUNCTION audit_rows_of(wanted uuid)
RETURNS TABLE (organisation_id uuid, id uuid, told text) LANGUAGE sql STABLE AS $$
    SELECT e.organisation_id, e.id, jsonb_build_array('act', e.id, extract(epoch FROM e.at), e.organisation_id, e.block,
        e.actor_id, e.action, e.object_type, e.object_id, e.reason, e.detail)::text
    FROM audit_auditevent e WHERE e.block = wanted
    UNION ALL
    SELECT c.organisation_id, c.id, {change}::text
    FROM audit_rowchange c WHERE c.block = wanted
    UNION ALL
    SELECT r.organisation_id, r.id, jsonb_build_array('reading', r.id, extract(epoch FROM r.at), r.organisation_id, r.block,
        r.actor_id, r.page, r.object_type, r.object_id, r.shown, r.ids)::text
    FROM audit_reading r WHERE r.block = wanted
$$;
"""
CHANGE = (
    "jsonb_build_array('change', c.id, extract(epoch FROM c.at), c.organisation_id, c.block,"
    " c.table_name, c.operation, c.rows, c.columns, c.keys, encode(c.digest, 'hex'), c.role)"
)
#: The number of keys is -1 where none are kept.
COUNTED = (
    f"({CHANGE} || CASE WHEN c.form = 1 THEN '[]'::jsonb ELSE jsonb_build_array(c.form, coalesce(cardinality(c.ids), -1)) END)"
)
BEFORE = """
INSERT INTO audit_rowchange (id, at, organisation_id, table_name, operation, rows, columns, keys, digest, role)
SELECT uuidv7(), clock_timestamp(), c.organisation_id, 'audit_rowchange', 'ids', count(*), '{}', '{}',
    sha256(string_agg(uuid_send(c.id) || int4send(cardinality(c.ids)), ''::bytea ORDER BY c.id)), session_user
FROM audit_rowchange c WHERE c.form = 1 AND c.ids IS NOT NULL GROUP BY c.organisation_id;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_ids_of_changes")]
    operations = [
        migrations.AddField(
            model_name="rowchange",
            name="form",
            field=models.SmallIntegerField(db_default=1, editable=False, verbose_name="how it is sealed"),
        ),
        migrations.AlterField(
            model_name="rowchange",
            name="form",
            field=models.SmallIntegerField(db_default=2, editable=False, verbose_name="how it is sealed"),
        ),
        migrations.RunSQL(ROWS_OF.format(change=COUNTED), ROWS_OF.format(change=CHANGE)),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
