"""Lists and submissions that were kept in clear are sealed, some at a time and safe to begin again."""

from django.db import connection, migrations, transaction

from core.encryption import Place, decrypt, decrypt_bytes, encrypt, encrypt_bytes
from displacement.identity.phones import phone_index

CHUNK = 1_000
#: Where the telephone stands among the values of a row of a list of people, from 1, as these lists are today.
PHONE = 7


def seal(apps, schema_editor):
    """Encrypt parts of files, submissions, cells of rows and their telephones, each at its place."""
    _parts(encrypt_bytes, is_sealed=False)
    _texts("intake_submission", "payload", "id::text", encrypt, is_sealed=False)
    _texts("intake_stagedrow", "raw", "batch_id::text || ':' || number", encrypt, is_sealed=False)
    _phones(_sealed, is_sealed=False)


def open_again(apps, schema_editor):
    """The way back: in clear, as before."""
    _parts(decrypt_bytes, is_sealed=True)
    _texts("intake_submission", "payload", "id::text", decrypt, is_sealed=True)
    _texts("intake_stagedrow", "raw", "batch_id::text || ':' || number", decrypt, is_sealed=True)
    _phones(_opened, is_sealed=True)


def _parts(change, *, is_sealed):
    """One megabyte at a time."""
    sign = "" if is_sealed else "NOT "
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, batch_id, number, data FROM intake_batchpart"
                f" WHERE {sign}substr(data, 1, 4) = 'mp1.'::bytea ORDER BY id LIMIT 1 FOR UPDATE"
            )
            found = cursor.fetchone()
            if found is None:
                return
            pk, batch, number, data = found
            place = Place("intake_batchpart", f"{batch}:{number}", "data")
            cursor.execute(
                "UPDATE intake_batchpart SET data = %s WHERE id = %s", [change(bytes(data), place), pk]
            )


def _texts(table, column, key, change, *, is_sealed):
    sign = "" if is_sealed else "NOT "
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {column} <> '' AND {column} {sign}LIKE 'mp1.%%'"
                f" LIMIT {CHUNK} FOR UPDATE",
                [],
            )
            found = cursor.fetchall()
            if not found:
                return
            keys = [pk for pk, _text in found]
            told = [change(text, Place(table, pk, column)) for pk, text in found]
            cursor.execute(
                f"UPDATE {table} SET {column} = one.text FROM unnest(%s::text[], %s::text[]) one (pk, text)"
                f" WHERE {key} = one.pk",
                [keys, told],
            )


def _phones(change, *, is_sealed):
    """Telephones of rows that were read: `mark:ciphertext`."""
    sign = "" if is_sealed else "NOT "
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT s.batch_id, s.number, s.value[{PHONE}] FROM intake_stagedrow s"
                " JOIN intake_batch b ON b.id = s.batch_id"
                f" WHERE b.kind = 'people' AND s.value[{PHONE}] <> '' AND s.value[{PHONE}] {sign}LIKE '%%:mp1.%%'"
                f" LIMIT {CHUNK} FOR UPDATE OF s",
                [],
            )
            found = cursor.fetchall()
            if not found:
                return
            told = [change(text, Place("intake_stagedrow", batch, "value")) for batch, _number, text in found]
            cursor.execute(
                f"UPDATE intake_stagedrow s SET value[{PHONE}] = one.text"
                " FROM unnest(%s::uuid[], %s::int[], %s::text[]) one (batch, number, text)"
                " WHERE s.batch_id = one.batch AND s.number = one.number",
                [[row[0] for row in found], [row[1] for row in found], told],
            )


def _sealed(phone, place):
    mark = phone_index(phone)
    return f"{'' if mark is None else mark}:{encrypt(phone, place)}"


def _opened(slot, place):
    return decrypt(slot.partition(":")[2], place)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("intake", "0006_sealed_lists"), ("displacement", "0015_seal_telephones")]

    operations = [migrations.RunPython(seal, open_again, elidable=True)]
