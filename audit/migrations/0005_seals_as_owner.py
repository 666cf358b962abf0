"""Seals are written as whoever owns the trail: the roles of requests and of the service may add to it, and seal nothing.

The search path is fixed, so that a table that somebody makes for a session is never taken for one of the trail. What fires for
each row stays without one, since that costs something each time: it names no table.
"""

from django.db import migrations

FORWARD = """
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION audit_seal_block(uuid) SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE EXECUTE ON FUNCTION audit_seal_block(uuid) FROM PUBLIC;
ALTER FUNCTION audit_seal() SECURITY DEFINER;
"""
BACKWARD = """
ALTER FUNCTION audit_seal() SECURITY INVOKER;
GRANT EXECUTE ON FUNCTION audit_seal_block(uuid) TO PUBLIC;
ALTER FUNCTION audit_seal_block(uuid) RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_seals")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
