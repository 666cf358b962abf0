"""Encrypted values: bound to their place, under several keys, and silent about what they hold where they fail."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from core.encryption import (
    Place,
    UnreadableError,
    blind_index,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    is_current,
    parse_index_key,
    parse_keys,
)

SECRET = "Zxqvky 4507 112233"
HERE = Place("displacement_person", "7", "document_number")
OLD, NEW = {"2025": b"o" * 32}, {"2026": b"n" * 32}


def test_a_value_opens_where_it_was_written_and_never_looks_the_same_twice() -> None:
    first, second = encrypt(SECRET, HERE), encrypt(SECRET, HERE)
    assert first != second
    assert SECRET not in first
    assert decrypt(first, HERE) == decrypt(second, HERE) == SECRET
    assert decrypt(encrypt("", HERE), HERE) == ""


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("displacement_person", "8", "document_number"),
        Place("displacement_person", "7", "phone"),
        Place("displacement_household", "7", "document_number"),
    ],
)
def test_a_value_that_was_copied_elsewhere_does_not_open(elsewhere: Place) -> None:
    stored = encrypt(SECRET, HERE)
    with pytest.raises(UnreadableError, match="changed, or moved from another record") as refused:
        decrypt(stored, elsewhere)
    assert SECRET not in str(refused.value)
    assert stored not in str(refused.value)


def test_keys_change_while_old_values_stay_readable(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = OLD
    before = encrypt(SECRET, HERE)
    settings.FIELD_ENCRYPTION_KEYS = NEW | OLD
    after = encrypt(SECRET, HERE)
    assert before.startswith("mp1.2025.")
    assert after.startswith("mp1.2026.")
    assert decrypt(before, HERE) == decrypt(after, HERE) == SECRET
    assert (is_current(before), is_current(after)) == (False, True)
    settings.FIELD_ENCRYPTION_KEYS = NEW
    assert decrypt(after, HERE) == SECRET
    with pytest.raises(UnreadableError, match="under a key that is not here"):
        decrypt(before, HERE)


def test_a_value_under_the_name_of_another_key_does_not_open(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"a": b"k" * 32, "b": b"k" * 32}
    stored = encrypt(SECRET, HERE)
    with pytest.raises(UnreadableError):
        decrypt(stored.replace("mp1.a.", "mp1.b."), HERE)


def test_every_changed_byte_is_noticed() -> None:
    version, key, text = encrypt(SECRET, HERE).split(".")
    sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(UnreadableError):
            decrypt(f"{version}.{key}.{base64.urlsafe_b64encode(changed).decode()}", HERE)


@pytest.mark.parametrize(
    "text", ["", SECRET, "mp1", "mp1.tests.", "mp2.tests.QUJD", "mp1.tests.***", "mp1.tests.QUJD"]
)
def test_what_we_never_encrypted_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"^This value .*\.$") as refused:
        decrypt(text, HERE)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        f"A:{'0' * 64}",
        f"a:{'0' * 62}",
        f"a:{'g' * 64}",
        f"a:{'5e' * 32},a:{'5f' * 32}",
        ":" + "5e" * 32,
    ],
)
def test_keys_that_are_none_stop_the_start_and_are_not_repeated(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="FIELD_ENCRYPTION_KEYS, entry") as refused:
        parse_keys(text)
    assert "5e5e" not in str(refused.value)
    with pytest.raises(ImproperlyConfigured, match="BLIND_INDEX_KEY"):
        parse_index_key(text)


def test_keys_are_read_in_their_order() -> None:
    assert parse_keys(f"new:{'11' * 32}, old:{'22' * 32}") == {"new": b"\x11" * 32, "old": b"\x22" * 32}


def test_a_blind_index_finds_what_is_the_same_and_tells_nothing() -> None:
    index = blind_index("001234567", "household.phone")
    assert index == blind_index("001234567", "household.phone")
    assert -(2**63) <= index < 2**63
    assert index != blind_index("001234568", "household.phone")
    assert index != blind_index("001234567", "person.phone"), "what is equal in two columns does not look so"


def test_bytes_are_bound_to_their_place_too() -> None:
    stored = encrypt_bytes(b"\x00" + SECRET.encode(), HERE)
    assert SECRET.encode() not in stored
    assert decrypt_bytes(stored, HERE) == b"\x00" + SECRET.encode()
    for broken in (stored[:-1], b"", b"\xff" * 40, stored.replace(b"mp1.", b"mp2.")):
        with pytest.raises(UnreadableError):
            decrypt_bytes(broken, HERE)
    with pytest.raises(UnreadableError, match="moved from another record"):
        decrypt_bytes(stored, Place("displacement_person", "8", "document_number"))


def test_a_blind_index_needs_its_key(settings: Settings) -> None:
    before = blind_index("79001234567", "household.phone")
    settings.BLIND_INDEX_KEY = b"another" * 5
    assert blind_index("79001234567", "household.phone") != before
