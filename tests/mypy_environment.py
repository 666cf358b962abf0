"""Lets mypy's Django plugin read the settings: it asks no server, yet each must be named. Listed before it."""

import os

from mypy.plugin import Plugin

NAMED = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "dummymail://",
    "SECRET_KEY": "only-for-types",
    "FIELD_ENCRYPTION_KEYS": f"types:{'7e' * 32}",
    "BLIND_INDEX_KEY": "1d" * 32,
}
for name, value in NAMED.items():
    os.environ.setdefault(name, value)


def plugin(_version: str) -> type[Plugin]:
    """mypy's entry; the environment above is all that it is for."""
    return Plugin
