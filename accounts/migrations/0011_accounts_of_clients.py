from django.db import migrations

#: The account is locked, so that of two at once the later one finds what the other wrote.
RULES = """
CREATE FUNCTION accounts_client_stands_alone() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    whose uuid;
BEGIN
    IF TG_TABLE_NAME = 'accounts_client' THEN whose := NEW.account_id; ELSE whose := NEW.user_id; END IF;
    PERFORM FROM accounts_user WHERE id = whose FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM accounts_client c JOIN accounts_membership m ON m.user_id = c.account_id
        WHERE c.account_id = whose AND m.role <> 'partner_system'
    ) THEN
        RAISE EXCEPTION 'a client acts as this account, so it has no role of a person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_stands_alone';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER client_stands_alone AFTER INSERT OR UPDATE OF account_id ON accounts_client
FOR EACH ROW EXECUTE FUNCTION accounts_client_stands_alone();
CREATE CONSTRAINT TRIGGER client_stands_alone AFTER INSERT OR UPDATE OF user_id, role ON accounts_membership
FOR EACH ROW EXECUTE FUNCTION accounts_client_stands_alone();
"""
AWAY = """
DROP TRIGGER client_stands_alone ON accounts_membership;
DROP TRIGGER client_stands_alone ON accounts_client;
DROP FUNCTION accounts_client_stands_alone();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_report_of_emergency_access")]

    operations = [migrations.RunSQL(RULES, AWAY)]
