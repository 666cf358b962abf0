"""Each transaction's part of the trail is sealed into the chain of its organisation at commit.

What the trail held before is sealed as one block, the first of the service's own chain. How a row and a seal are written before they
are hashed stands here and, for the one who checks, in `audit.verifying`: a change of either is a new version of both.
"""

from django.db import migrations

_SERVICE = "'00000000-0000-0000-0000-000000000000'::uuid"
_TABLES = ("audit_auditevent", "audit_rowchange", "audit_reading")

FUNCTIONS = """
CREATE FUNCTION audit_block() RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    known text := current_setting('audit.block', true);
BEGIN
    IF coalesce(known, '') = '' THEN
        known := uuidv7()::text;
        PERFORM set_config('audit.block', known, true);
    END IF;
    RETURN known::uuid;
END $$;

CREATE FUNCTION audit_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.block := audit_block();
    IF NEW.organisation_id IS NULL THEN
        NEW.organisation_id := coalesce(nullif(current_setting('audit.organisation', true), '')::uuid, %(service)s);
    ELSE
        PERFORM set_config('audit.organisation', NEW.organisation_id::text, true);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_rows_of(wanted uuid)
RETURNS TABLE (organisation_id uuid, id uuid, told text) LANGUAGE sql STABLE AS $$
    SELECT e.organisation_id, e.id, jsonb_build_array('act', e.id, extract(epoch FROM e.at), e.organisation_id, e.block,
        e.actor_id, e.action, e.object_type, e.object_id, e.reason, e.detail)::text
    FROM audit_auditevent e WHERE e.block = wanted
    UNION ALL
    SELECT c.organisation_id, c.id, jsonb_build_array('change', c.id, extract(epoch FROM c.at), c.organisation_id, c.block,
        c.table_name, c.operation, c.rows, c.columns, c.keys, encode(c.digest, 'hex'), c.role)::text
    FROM audit_rowchange c WHERE c.block = wanted
    UNION ALL
    SELECT r.organisation_id, r.id, jsonb_build_array('reading', r.id, extract(epoch FROM r.at), r.organisation_id, r.block,
        r.actor_id, r.page, r.object_type, r.object_id, r.shown, r.ids)::text
    FROM audit_reading r WHERE r.block = wanted
$$;

CREATE FUNCTION audit_lock_chain(chain uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('audit chain ' || chain, 0))
$$;

CREATE FUNCTION audit_seal_block(sealed uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part record;
    head record;
    moment timestamptz;
BEGIN
    -- Chains are locked in the order of their locks' keys, so that two transactions never wait for each other.
    FOR part IN
        SELECT t.organisation_id AS chain, count(*) AS events,
            sha256(string_agg(sha256(convert_to(t.told, 'UTF8')), ''::bytea ORDER BY t.id)) AS digest
        FROM audit_rows_of(sealed) t GROUP BY 1 ORDER BY hashtextextended('audit chain ' || t.organisation_id, 0)
    LOOP
        PERFORM audit_lock_chain(part.chain);
        -- A new statement: under READ COMMITTED it sees what was committed while we waited for the lock.
        SELECT s.number, s.hash INTO head FROM audit_seal s WHERE s.organisation_id = part.chain ORDER BY s.number DESC LIMIT 1;
        head.number := coalesce(head.number, 0) + 1;
        head.hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
        moment := clock_timestamp();
        INSERT INTO audit_seal (id, organisation_id, number, block, at, events, digest, previous, hash, role)
        VALUES (uuidv7(), part.chain, head.number, sealed, moment, part.events, part.digest, head.hash,
            sha256(convert_to(concat_ws('|', part.chain, head.number, sealed, extract(epoch FROM moment), part.events,
                encode(part.digest, 'hex'), encode(head.hash, 'hex'), session_user), 'UTF8')),
            session_user);
    END LOOP;
END $$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Fired for each row of the trail; the first one seals all of the transaction.
    IF current_setting('audit.sealed', true) IS DISTINCT FROM NEW.block::text THEN
        PERFORM audit_seal_block(NEW.block);
        PERFORM set_config('audit.sealed', NEW.block::text, true), set_config('audit.block', '', true);
    END IF;
    RETURN NULL;
END $$;
""" % {"service": _SERVICE}

TRIGGERS = "".join(
    f"""
CREATE TRIGGER audit_place BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_place();
CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal();
"""
    for table in _TABLES
) + "".join(
    f"""
CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
    for name in ("audit_rowchange", "audit_reading", "audit_seal")
)

EARLIER = f"""
ALTER TABLE audit_auditevent DISABLE TRIGGER audit_event_append_only;
UPDATE audit_auditevent SET block = {_SERVICE}, organisation_id = {_SERVICE};
ALTER TABLE audit_auditevent ENABLE TRIGGER audit_event_append_only;
SELECT audit_seal_block({_SERVICE});
"""

BACKWARD = (
    "".join(
        f"DROP TRIGGER audit_place ON {table}; DROP TRIGGER audit_seal ON {table};" for table in _TABLES
    )
    + "".join(
        f"DROP TRIGGER {name}_append_only ON {name};"
        for name in ("audit_rowchange", "audit_reading", "audit_seal")
    )
    + """
DROP FUNCTION audit_seal();
DROP FUNCTION audit_seal_block(uuid);
DROP FUNCTION audit_lock_chain(uuid);
DROP FUNCTION audit_rows_of(uuid);
DROP FUNCTION audit_place();
DROP FUNCTION audit_block();
"""
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_trail_with_chains")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS + EARLIER, BACKWARD)]
