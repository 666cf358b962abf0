"""Telephones that were kept in clear are sealed, some thousands at a time and safe to begin again; keys of people made anew."""

import json

from django.db import connection, migrations, transaction

from core.encryption import Place, decrypt, encrypt
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of
from displacement.identity.phones import phone_index

CHUNK = 2_000
TABLE = "displacement_household"
_SEALED = "mp1.%"
_SET = """
UPDATE displacement_household h SET phone = one.phone, phone_index = one.mark
FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) one (id, phone, mark) WHERE h.id = one.id
"""
_PEOPLE = """
SELECT p.id, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date, p.birth_precision, h.phone_index
FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
WHERE h.id = ANY(%s::uuid[])
"""
_KEYS = """
UPDATE displacement_person p SET match_keys = one.keys::bigint[]
FROM unnest(%s::uuid[], %s::text[]) one (id, keys) WHERE p.id = one.id
"""
_ENTRIES = "SELECT id, row, old, new FROM displacement_takenover WHERE field = 'phone' ORDER BY id"


def seal(apps, schema_editor):
    """Encrypt every telephone at its place, and give the people who are reached by it keys that do not show it."""
    _chunks("phone NOT LIKE %s", _sealed)
    _rewrite_entries(encrypt, is_sealed=False)


def open_again(apps, schema_editor):
    """The way back: in clear, as before."""
    _chunks("phone LIKE %s", _opened)
    _rewrite_entries(decrypt, is_sealed=True)


def _chunks(which, changed):
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, phone FROM {TABLE} WHERE phone <> '' AND {which} ORDER BY id LIMIT {CHUNK} FOR NO KEY UPDATE",
                [_SEALED],
            )
            found = cursor.fetchall()
            if not found:
                return
            ids = [pk for pk, _phone in found]
            told = [changed(phone, Place(TABLE, pk, "phone")) for pk, phone in found]
            cursor.execute(_SET, [ids, [phone for phone, _mark in told], [mark for _phone, mark in told]])
            _make_keys(cursor, ids)


def _sealed(phone, place):
    return encrypt(phone, place), phone_index(phone)


def _opened(phone, place):
    return decrypt(phone, place), None


def _make_keys(cursor, households):
    cursor.execute(_PEOPLE, [households])
    people = cursor.fetchall()
    keys = [
        "{" + ",".join(map(str, keys_of(Identity(*known, phone_index=mark)))) + "}" for _pk, *known, mark in people
    ]
    cursor.execute(_KEYS, [[row[0] for row in people], keys])


def _rewrite_entries(change, *, is_sealed):
    """Telephones that merges took over; the trigger that keeps entries as they are is off for this transaction alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ENTRIES)
        entries = cursor.fetchall()
        if not entries:
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE displacement_takenover DISABLE TRIGGER taken_over_immutable")
        for pk, row, *both in entries:
            written = []
            for values in both:
                told = json.loads(values) if isinstance(values, str) else values
                phone = told.get("phone") or ""
                if phone and phone.startswith("mp1.") is is_sealed:
                    told = {**told, "phone": change(phone, Place(TABLE, row, "phone"))}
                written.append(json.dumps(told))
            cursor.execute("UPDATE displacement_takenover SET old = %s, new = %s WHERE id = %s", [*written, pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE displacement_takenover ENABLE TRIGGER taken_over_immutable")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("displacement", "0014_sealed_telephones")]

    operations = [migrations.RunPython(seal, open_again, elidable=True)]
