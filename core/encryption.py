"""Values that the database keeps and may not read: AES-256-GCM, bound to their place, under keys that change while running.

A ciphertext opens only in the row and column for which it was written: `table:pk:column` is authenticated with it, so that a
value copied into another record does not open there. Each carries the id of its key: the first key of FIELD_ENCRYPTION_KEYS
encrypts, all of them decrypt. An exact search goes by a blind index, a keyed digest under a key of its own.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEYS_VARIABLE = "FIELD_ENCRYPTION_KEYS"
INDEX_VARIABLE = "BLIND_INDEX_KEY"
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


def parse_index_key(text: str) -> bytes:
    """The key of the blind index: 64 hexadecimal digits. Raises ImproperlyConfigured, which does not repeat it."""
    if not _KEY.fullmatch(text.strip()):
        raise ImproperlyConfigured(
            f'{INDEX_VARIABLE}: give what python3 -c "import secrets; print(secrets.token_hex(32))" prints.'
        )
    return bytes.fromhex(text.strip())


def encrypt(text: str, place: Place) -> str:
    """The text as it may be stored at the place, under the first key. Twice the same text gives two ciphertexts."""
    name, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), _bound(name, place))
    return f"{_VERSION}.{name}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def decrypt(stored: str, place: Place) -> str:
    """The text that was stored at the place, under whichever key it was. Raises UnreadableError."""
    name, sealed = _parts(stored)
    key = settings.FIELD_ENCRYPTION_KEYS.get(name)
    if key is None:
        raise UnreadableError(
            f"This value was encrypted under a key that is not here: add it again at the end of {KEYS_VARIABLE}."
        )
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(name, place)).decode()
    except (InvalidTag, ValueError) as error:
        raise UnreadableError(
            "This value does not open here: it was changed, or moved from another record. Restore it from a backup."
        ) from error


def seal_bytes(data: bytes, place: Place) -> bytes:
    """Bytes as they may be stored at the place, under the first key: for what is large, and gone before keys are."""
    name, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    nonce = os.urandom(_NONCE_BYTES)
    return b"%b.%b" % (name.encode(), nonce + AESGCM(key).encrypt(nonce, data, _bound(name, place)))


def open_bytes(stored: bytes, place: Place) -> bytes:
    """The bytes that `seal_bytes` stored at the place. Raises UnreadableError."""
    name, _dot, sealed = stored.partition(b".")
    key = settings.FIELD_ENCRYPTION_KEYS.get(name.decode(errors="replace"))
    try:
        if key is None:
            raise InvalidTag
        bound = _bound(name.decode(), place)
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise UnreadableError(
            "This file does not open here: it was changed, moved, or its key is gone. Ask for it anew."
        ) from error


def is_current(stored: str) -> bool:
    """Whether it was encrypted under the key that encrypts now; what was not is written anew before its key goes."""
    return bool(_parts(stored)[0] == next(iter(settings.FIELD_ENCRYPTION_KEYS)))


def blind_index(value: str, purpose: str) -> str:
    """What stands for the value in an exact search: 64 hexadecimal digits, other ones for each purpose (`table.column`).

    Case, forms of letters, blanks and punctuation make no difference: `+7 (900) 000-00` and `790000000` are one.
    """
    said = f"{purpose}\0{normalised(value)}"
    return hmac.new(settings.BLIND_INDEX_KEY, said.encode(), hashlib.sha256).hexdigest()


def fingerprint(value: bytes, purpose: str) -> str:
    """What stands for exactly these bytes where they are only compared: 64 hexadecimal digits, other ones for each purpose.

    Whoever has the database and not the key cannot try out what the bytes may have been.
    """
    return hmac.new(settings.BLIND_INDEX_KEY, purpose.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def normalised(value: str) -> str:
    """The letters and digits of the value, in one form and case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return "".join(character for character in folded if character.isalnum())


def _bound(name: str, place: Place) -> bytes:
    return f"{_VERSION}.{name}|{place}".encode()


def _parts(stored: str) -> tuple[str, bytes]:
    version, _dot, rest = stored.partition(".")
    name, _dot, text = rest.partition(".")
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        sealed = b""
    if version != _VERSION or not _KEY_ID.fullmatch(name) or len(sealed) <= _NONCE_BYTES:
        raise UnreadableError("This value was not encrypted by this service. Restore it from a backup.")
    return name, sealed
