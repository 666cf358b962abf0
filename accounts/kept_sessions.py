"""The table of sessions: what lies there opens none."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's own, but for the key: the browser has it, and the table its digest.

    Whoever reads the table, or a backup of the last twelve hours, would otherwise be in as everybody who works then, past
    password and second factor. A key is 165 random bits, so one SHA-256 is enough.
    """

    def _get_session_from_db(self) -> Any:
        now, kept = timezone.now(), digest_of(self.session_key)
        row = self.model.objects.filter(session_key=kept, expire_date__gt=now).order_by().first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return super().exists(digest_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, under the digest."""
        row = super().create_model_instance(data)
        row.session_key = digest_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End a session: this one, or that of the key."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(digest_of(key))


def digest_of(key: Any) -> str:
    """What is kept of the key, as long as the table's column is wide."""
    return hashlib.sha256(str(key).encode()).hexdigest()[:40]
