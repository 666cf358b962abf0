"""Values that merges took over may be emptied once their person is erased, and never changed otherwise."""

from django.db import migrations

#: Both are made for each row, since a statement does not say which rows it changes. Nothing but the two values may differ.
FORWARD = """
CREATE FUNCTION displacement_only_of_the_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['old', 'new'] = to_jsonb(OLD) - ARRAY['old', 'new'] AND (
        EXISTS (SELECT FROM displacement_person WHERE id = OLD.row AND erased_at IS NOT NULL)
        OR EXISTS (SELECT FROM displacement_household WHERE id = OLD.row AND erased_at IS NOT NULL)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Records of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER taken_over_immutable ON displacement_takenover;
CREATE TRIGGER taken_over_immutable BEFORE UPDATE ON displacement_takenover
    FOR EACH ROW EXECUTE FUNCTION displacement_only_of_the_erased();
CREATE TRIGGER taken_over_stays BEFORE DELETE OR TRUNCATE ON displacement_takenover
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER taken_over_stays ON displacement_takenover;
DROP TRIGGER taken_over_immutable ON displacement_takenover;
CREATE TRIGGER taken_over_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON displacement_takenover
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
DROP FUNCTION displacement_only_of_the_erased();
"""


class Migration(migrations.Migration):
    dependencies = [("displacement", "0018_erased_people")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
