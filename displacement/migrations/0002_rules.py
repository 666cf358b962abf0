"""Rules that PostgreSQL holds: claims never change, and registration serials come from one sequence."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER claim_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON displacement_claim
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER claim_link_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON displacement_claimlink
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE SEQUENCE displacement_registration_serial AS bigint START 1 CACHE 1;
"""
BACKWARD = """
DROP SEQUENCE displacement_registration_serial;
DROP TRIGGER claim_link_immutable ON displacement_claimlink;
DROP TRIGGER claim_immutable ON displacement_claim;
"""


class Migration(migrations.Migration):
    dependencies = [("displacement", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
