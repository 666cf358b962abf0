"""What somebody wrote as a reason can be taken out of the trail, and the trail still verifies.

Of a reason its digest with a salt is sealed, not the words. Without the salt nobody can try words until one fits. What was sealed
before has no digest, and its reasons stay. As before, how a row is written before it is hashed stands here and in `audit.verifying`.
"""

from django.db import migrations, models

_TOLD = """
CREATE OR REPLACE FUNCTION audit_rows_of(wanted uuid)
RETURNS TABLE (organisation_id uuid, id uuid, told text) LANGUAGE sql STABLE AS $$
    SELECT e.organisation_id, e.id, jsonb_build_array({act}, e.id, extract(epoch FROM e.at), e.organisation_id, e.block,
        e.actor_id, e.action, e.object_type, e.object_id, {reason}, e.detail)::text
    FROM audit_auditevent e WHERE e.block = wanted
    UNION ALL
    SELECT c.organisation_id, c.id, (jsonb_build_array('change', c.id, extract(epoch FROM c.at), c.organisation_id, c.block,
        c.table_name, c.operation, c.rows, c.columns, c.keys, encode(c.digest, 'hex'), c.role)
        || CASE WHEN c.form = 1 THEN '[]'::jsonb ELSE jsonb_build_array(c.form, coalesce(cardinality(c.ids), -1)) END)::text
    FROM audit_rowchange c WHERE c.block = wanted
    UNION ALL
    SELECT r.organisation_id, r.id, jsonb_build_array('reading', r.id, extract(epoch FROM r.at), r.organisation_id, r.block,
        r.actor_id, r.page, r.object_type, r.object_id, r.shown, r.ids)::text
    FROM audit_reading r WHERE r.block = wanted
$$;
"""

FORWARD = (
    _TOLD.format(
        act="CASE WHEN e.reason_digest IS NULL THEN 'act' ELSE 'act with a sealed reason' END",
        reason="coalesce(encode(CASE WHEN e.reason_salt IS NULL THEN e.reason_digest ELSE"
        " sha256(uuid_send(e.reason_salt) || convert_to(e.reason, 'UTF8')) END, 'hex'), e.reason)",
    )
    + """
CREATE FUNCTION audit_seal_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reason_salt := gen_random_uuid();
    NEW.reason_digest := sha256(uuid_send(NEW.reason_salt) || convert_to(NEW.reason, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER audit_reason BEFORE INSERT ON audit_auditevent
    FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION audit_seal_reason();

CREATE FUNCTION audit_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['reason', 'reason_salt'] = to_jsonb(OLD) - ARRAY['reason', 'reason_salt']
        AND OLD.reason_salt IS NOT NULL AND NEW.reason_salt IS NULL AND NEW.reason = '—'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Records of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER audit_event_append_only ON audit_auditevent;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_only_forgets();
CREATE TRIGGER audit_event_stays BEFORE DELETE OR TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- The roles that the service works as only add to the trail; this one thing is done as its owner, and never for a request's own role.
CREATE FUNCTION audit_forget_reasons(wanted uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql
SECURITY DEFINER AS $$
BEGIN
    IF current_setting('role') = 'musterpoint_desk' THEN
        RAISE EXCEPTION 'Reasons are forgotten by the service alone.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY UPDATE audit_auditevent e SET reason = '—', reason_salt = NULL
        WHERE e.id = ANY(wanted) AND e.reason_salt IS NOT NULL RETURNING e.id;
END $$;
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION audit_forget_reasons(uuid[]) SET search_path = %I, pg_temp', current_schema());
END $$;
"""
)
BACKWARD = (
    """
DROP FUNCTION audit_forget_reasons(uuid[]);
DROP TRIGGER audit_event_stays ON audit_auditevent;
DROP TRIGGER audit_event_append_only ON audit_auditevent;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
DROP FUNCTION audit_only_forgets();
DROP TRIGGER audit_reason ON audit_auditevent;
DROP FUNCTION audit_seal_reason();
"""
    + _TOLD.format(act="'act'", reason="e.reason")
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_sealed_ids")]
    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="reason_salt",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="reason_digest",
            field=models.BinaryField(null=True, verbose_name="digest of the reason"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
