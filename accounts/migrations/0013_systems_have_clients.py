"""Nobody is given the role of systems but the account of a client. Asked at the commit, since a client's account comes first.

Accounts of before there were clients stay as they are until one is handed over to a client: only what is written is asked about.
"""

from django.db import migrations

#: The account is locked, so that of two at once the later one finds what the other wrote.
RULES = """
CREATE FUNCTION accounts_system_has_client() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    whose uuid;
BEGIN
    IF TG_TABLE_NAME = 'accounts_client' THEN whose := OLD.account_id; ELSE whose := NEW.user_id; END IF;
    PERFORM FROM accounts_user WHERE id = whose FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM accounts_membership m WHERE m.user_id = whose AND m.role = 'partner_system')
        AND NOT EXISTS (SELECT FROM accounts_client c WHERE c.account_id = whose)
    THEN
        RAISE EXCEPTION 'no client acts as this account, so it has not the role of systems'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'system_has_client';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER system_has_client AFTER INSERT ON accounts_membership
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.role = 'partner_system')
EXECUTE FUNCTION accounts_system_has_client();
CREATE CONSTRAINT TRIGGER system_keeps_client AFTER UPDATE ON accounts_membership
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.role = 'partner_system' AND (NEW.user_id <> OLD.user_id OR NEW.role <> OLD.role))
EXECUTE FUNCTION accounts_system_has_client();
CREATE CONSTRAINT TRIGGER system_has_client AFTER DELETE ON accounts_client
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_system_has_client();
CREATE CONSTRAINT TRIGGER system_keeps_client AFTER UPDATE ON accounts_client
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account_id <> OLD.account_id)
EXECUTE FUNCTION accounts_system_has_client();
"""
AWAY = """
DROP TRIGGER system_has_client ON accounts_membership;
DROP TRIGGER system_keeps_client ON accounts_membership;
DROP TRIGGER system_has_client ON accounts_client;
DROP TRIGGER system_keeps_client ON accounts_client;
DROP FUNCTION accounts_system_has_client();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_no_sentences_kept")]

    operations = [migrations.RunSQL(RULES, AWAY)]
