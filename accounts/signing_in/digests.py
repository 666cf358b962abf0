"""Secrets and tokens of clients: how they are made, and what is kept of them."""

import hashlib
import secrets

#: Bytes of chance in a secret and in a token. Programs that look for leaked secrets know ours by how they begin.
_BYTES = 32
_SECRET, _TOKEN = "mps_", "mpt_"


def new_secret() -> str:
    """A secret of a client: 256 random bits."""
    return _SECRET + secrets.token_urlsafe(_BYTES)


def new_token(_request: object) -> str:
    """A token, likewise."""
    return _TOKEN + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a secret or a token. Nobody can try out 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
