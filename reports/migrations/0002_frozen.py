"""What an edition says and its files never change: PostgreSQL refuses it, whatever asks."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER edition_file_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON reports_editionfile
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER edition_frozen BEFORE UPDATE ON reports_edition FOR EACH ROW
    WHEN ((OLD.content, OLD.as_of, OLD.known_at, OLD.number, OLD.local_day, OLD.operation_id, OLD.region_id, OLD.previous_id)
        IS DISTINCT FROM
        (NEW.content, NEW.as_of, NEW.known_at, NEW.number, NEW.local_day, NEW.operation_id, NEW.region_id, NEW.previous_id))
    EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER edition_frozen ON reports_edition;
DROP TRIGGER edition_file_immutable ON reports_editionfile;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
