"""The lock of a chain is taken in the language whose functions stay ready for as long as a connection lives.

PostgreSQL starts a function in plain SQL anew with each call, and every transaction that tells of people makes this one.
"""

from django.db import migrations

_LOCK = "pg_advisory_xact_lock(hashtextextended('audit chain ' || chain, 0))"
FORWARD = f"""
CREATE OR REPLACE FUNCTION audit_lock_chain(chain uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {_LOCK};
END $$;
"""
BACKWARD = f"""
CREATE OR REPLACE FUNCTION audit_lock_chain(chain uuid) RETURNS void LANGUAGE sql AS $$
    SELECT {_LOCK}
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_reasons_can_be_forgotten")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
