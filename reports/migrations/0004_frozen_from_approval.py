"""Until it is approved a person may write an edition's highlights; its figures never change, and nothing does afterwards."""

from django.db import migrations

FORWARD = """
DROP TRIGGER edition_frozen ON reports_edition;
CREATE TRIGGER edition_frozen BEFORE UPDATE ON reports_edition FOR EACH ROW
    WHEN ((OLD.as_of, OLD.known_at, OLD.number, OLD.local_day, OLD.operation_id, OLD.region_id, OLD.previous_id,
           OLD.audience, OLD.language, OLD.drafted_highlights)
        IS DISTINCT FROM
        (NEW.as_of, NEW.known_at, NEW.number, NEW.local_day, NEW.operation_id, NEW.region_id, NEW.previous_id,
         NEW.audience, NEW.language, NEW.drafted_highlights)
        OR (OLD.content - '{highlights,is_unreviewed}'::text[])
            IS DISTINCT FROM (NEW.content - '{highlights,is_unreviewed}'::text[])
        OR (OLD.status NOT IN ('draft', 'in_review')
            AND OLD.content -> 'highlights' IS DISTINCT FROM NEW.content -> 'highlights')
        OR (OLD.status IN ('published', 'corrected', 'withdrawn') AND OLD.content IS DISTINCT FROM NEW.content))
    EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER erratum_frozen BEFORE UPDATE OR DELETE ON reports_erratum FOR EACH ROW
    WHEN (OLD.state IN ('published', 'dismissed'))
    EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER erratum_frozen ON reports_erratum;
DROP TRIGGER edition_frozen ON reports_edition;
CREATE TRIGGER edition_frozen BEFORE UPDATE ON reports_edition FOR EACH ROW
    WHEN ((OLD.content, OLD.as_of, OLD.known_at, OLD.number, OLD.local_day, OLD.operation_id, OLD.region_id, OLD.previous_id)
        IS DISTINCT FROM
        (NEW.content, NEW.as_of, NEW.known_at, NEW.number, NEW.local_day, NEW.operation_id, NEW.region_id, NEW.previous_id))
    EXECUTE FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_review_and_errata")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
