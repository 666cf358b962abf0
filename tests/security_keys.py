"""A security key without a touch: it answers what a browser would hand to it (WebAuthn level 2, ES256, no attestation)."""

import copy
import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

_TOUCHED, _WITH_KEY = 0x01, 0x40


class SecurityKey:
    """One key for one account. `counts`: whether it counts its answers, as keys that one plugs in do."""

    def __init__(self, *, counts: bool = True) -> None:
        self.pk, self.counts, self.count = os.urandom(16), counts, 0
        self._private = ec.generate_private_key(ec.SECP256R1())

    def copied(self) -> "SecurityKey":
        """What somebody has who read the key out."""
        return copy.copy(self)

    def made(self, options: Any, *, origin: str = "") -> dict[str, Any]:
        """Its answer where it is added."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self._private.public_key())))  # type: ignore[no-untyped-call]
        of_key = bytes(16) + struct.pack(">H", len(self.pk)) + self.pk + public
        told = self._told(options["publicKey"]["rp"]["id"], _TOUCHED | _WITH_KEY) + of_key
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": told})
        client = _client("webauthn.create", options, origin)
        return self._answer({"clientDataJSON": client, "attestationObject": attested})

    def answered(
        self, options: Any, *, origin: str = "", host: str = "", flags: int = _TOUCHED
    ) -> dict[str, Any]:
        """Its answer where somebody signs in."""
        client = _client("webauthn.get", options, origin)
        told = self._told(host or options["publicKey"]["rpId"], flags)
        signature = self._private.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": told, "signature": signature})

    def _told(self, host: str, flags: int) -> bytes:
        self.count += self.counts
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, parts: dict[str, bytes]) -> dict[str, Any]:
        name = websafe_encode(self.pk)
        response = {part: websafe_encode(told) for part, told in parts.items()}
        return {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": {},
        }


def _client(kind: str, options: Any, origin: str) -> bytes:
    asked = {
        "type": kind,
        "challenge": options["publicKey"]["challenge"],
        "origin": origin or settings.SITE_URL,
    }
    return json.dumps(asked).encode()
