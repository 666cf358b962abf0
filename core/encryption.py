"""Values that the database keeps and may not read: AES-256-GCM, bound to their place, under keys that change while running.

A ciphertext opens only in the row and column for which it was written: `table:pk:column` is authenticated with it, so that a
value copied into another record does not open there. Each carries the id of its key: the first key of FIELD_ENCRYPTION_KEYS
encrypts, all of them decrypt. An exact search goes by a blind index, a keyed digest under a key of its own.

Nonces are drawn one by one: a block that is kept for later would be used twice by two processes after a fork.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEYS_VARIABLE = "FIELD_ENCRYPTION_KEYS"
INDEX_VARIABLE, FORMER_INDEX_VARIABLE = "BLIND_INDEX_KEY", "BLIND_INDEX_FORMER_KEY"
#: How a ciphertext begins; another number would be another way of encrypting.
_VERSION = "mp1"
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[a-z0-9-]{1,20}")
_KEY = re.compile(r"[0-9a-f]{64}")


class UnreadableError(ValueError):
    """A ciphertext that does not open here. The words name no value, no key and no place."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lies; it opens nowhere else."""

    table: str
    pk: object
    column: str

    def __str__(self) -> str:
        return f"{self.table}:{self.pk}:{self.column}"


def parse_keys(text: str) -> dict[str, bytes]:
    """The keys that FIELD_ENCRYPTION_KEYS lists: `id:64 hexadecimal digits`, separated by commas, the encrypting one first.

    Raises ImproperlyConfigured, whose words never repeat what was given.
    """
    keys: dict[str, bytes] = {}
    for place, entry in enumerate(text.split(","), start=1):
        name, _colon, digits = entry.strip().partition(":")
        if not _KEY_ID.fullmatch(name) or not _KEY.fullmatch(digits) or name in keys:
            raise ImproperlyConfigured(
                f"{KEYS_VARIABLE}, entry {place}: give each key as id:KEY, where the id is up to 20 of a-z, 0-9 and -, used "
                'once, and KEY is what python3 -c "import secrets; print(secrets.token_hex(32))" prints.'
            )
        keys[name] = bytes.fromhex(digits)
    return keys


def parse_index_key(text: str, variable: str = INDEX_VARIABLE) -> bytes:
    """A key of the blind index: 64 hexadecimal digits. Raises ImproperlyConfigured, which does not repeat it."""
    if not _KEY.fullmatch(text.strip()):
        raise ImproperlyConfigured(
            f'{variable}: give what python3 -c "import secrets; print(secrets.token_hex(32))" prints.'
        )
    return bytes.fromhex(text.strip())


def encrypt(text: str, place: Place) -> str:
    """The text as it may be stored at the place, under the first key. Twice the same text gives two ciphertexts.

    Some five microseconds.
    """
    name, sealed = _encrypted(text.encode(), place)
    return f"{_VERSION}.{name}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"


def decrypt(stored: str, place: Place) -> str:
    """The text that was stored at the place, under whichever key it was. Raises UnreadableError."""
    return _decrypted(*_parts(stored), place).decode()


def encrypt_bytes(data: bytes, place: Place) -> bytes:
    """The same for bytes, which stay as long as they are but for some fifty."""
    name, sealed = _encrypted(data, place)
    return f"{_VERSION}.{name}.".encode() + sealed


def decrypt_bytes(stored: bytes, place: Place) -> bytes:
    """The bytes that were stored at the place. Raises UnreadableError."""
    return _decrypted(*_parts_of_bytes(stored), place)


def is_current(stored: str) -> bool:
    """Whether it was encrypted under the key that encrypts now; what was not is written anew before its key goes."""
    return key_of(stored) == current_key()


def current_key() -> str:
    """The id of the key that encrypts."""
    return str(next(iter(settings.FIELD_ENCRYPTION_KEYS)))


def key_of(stored: str) -> str:
    """The id of the key under which it was encrypted. Raises UnreadableError."""
    return _parts(stored)[0]


def begins_with(key: str) -> str:
    """How every ciphertext under a key begins, as text."""
    return f"{_VERSION}.{key}."


def blind_index(value: str, purpose: str) -> int:
    """What stands for the value in an exact search: a signed 64-bit number, another one for each purpose (`table.column`).

    The caller brings all spellings of a value into one before. Some five microseconds.
    """
    return _index(settings.BLIND_INDEX_KEY, value, purpose)


def former_blind_index(value: str, purpose: str) -> int | None:
    """What stood for the value under the key of before, while one key goes and another comes; None at all other times."""
    former = settings.BLIND_INDEX_FORMER_KEY
    return None if former is None else _index(former, value, purpose)


def _index(key: bytes, value: str, purpose: str) -> int:
    digest = hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


def fingerprint(value: bytes, purpose: str) -> str:
    """What stands for exactly these bytes where they are only compared: 64 hexadecimal digits, other ones for each purpose.

    Whoever has the database and not the key cannot try out what the bytes may have been.
    """
    return _digest(settings.BLIND_INDEX_KEY, value, purpose)


def former_fingerprint(value: bytes, purpose: str) -> str | None:
    """The same under the key of before, while one key goes and another comes; None at all other times."""
    former = settings.BLIND_INDEX_FORMER_KEY
    return None if former is None else _digest(former, value, purpose)


def _digest(key: bytes, value: bytes, purpose: str) -> str:
    return hmac.new(key, purpose.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def _encrypted(data: bytes, place: Place) -> tuple[str, bytes]:
    name, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    nonce = os.urandom(_NONCE_BYTES)
    return name, nonce + _cipher(key).encrypt(nonce, data, _bound(name, place))


def _decrypted(name: str, sealed: bytes, place: Place) -> bytes:
    key = settings.FIELD_ENCRYPTION_KEYS.get(name)
    if key is None:
        raise UnreadableError(
            f"This value was encrypted under a key that is not here: add it again at the end of {KEYS_VARIABLE}."
        )
    try:
        return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(name, place))
    except (InvalidTag, ValueError) as error:
        raise UnreadableError(
            "This value does not open here: it was changed, or moved from another record. Restore it from a backup."
        ) from error


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """One object for each key: making it costs as much as using it."""
    return AESGCM(key)


def _bound(name: str, place: Place) -> bytes:
    return f"{_VERSION}.{name}|{place}".encode()


def _parts(stored: str) -> tuple[str, bytes]:
    version, _dot, rest = stored.partition(".")
    name, _dot, text = rest.partition(".")
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        sealed = b""
    return _checked(version, name, sealed)


def _parts_of_bytes(stored: bytes) -> tuple[str, bytes]:
    version, _dot, rest = stored.partition(b".")
    name, _dot, sealed = rest.partition(b".")
    return _checked(version.decode("ascii", "replace"), name.decode("ascii", "replace"), sealed)


def _checked(version: str, name: str, sealed: bytes) -> tuple[str, bytes]:
    if version != _VERSION or not _KEY_ID.fullmatch(name) or len(sealed) <= _NONCE_BYTES:
        raise UnreadableError("This value was not encrypted by this service. Restore it from a backup.")
    return name, sealed
