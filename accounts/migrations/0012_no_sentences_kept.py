"""Of lists that were sent under a key no sentence of a refusal is kept: one may say where somebody sleeps (accounts.api.bulk)."""

from django.db import migrations

FORWARD = """
UPDATE accounts_idempotencykey SET outcome = jsonb_set(outcome, '{results}', (
    SELECT jsonb_agg(CASE WHEN NOT told.item ? 'problem' THEN told.item ELSE jsonb_build_object(
        'status', told.item->'status',
        'problem', jsonb_build_object(
            'status', told.item->'problem'->'status',
            'code', told.item->'problem'->'code',
            'errors', (
                SELECT coalesce(jsonb_agg(jsonb_build_object('pointer', fault.each->'pointer', 'code', fault.each->'code')
                    ORDER BY fault.nth), '[]')
                FROM jsonb_array_elements(coalesce(told.item->'problem'->'errors', '[]')) WITH ORDINALITY fault (each, nth)
            )
        )
    ) END ORDER BY told.nth)
    FROM jsonb_array_elements(outcome->'results') WITH ORDINALITY told (item, nth)
)) WHERE outcome ? 'results'
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_accounts_of_clients")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
