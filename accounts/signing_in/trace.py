"""What signing in leaves in the audit trail: never the name that was tried, where nobody knows whose it was."""

from django.db import transaction

from accounts.models import User
from accounts.service import service_user
from audit.actions.record import record


def trace(action: str, user: User, **detail: str) -> None:
    """The user did this with the own account."""
    with transaction.atomic():
        record(action, user, by=user, detail=dict(detail))


def trace_failed_password(way: str) -> None:
    """A password was wrong, or the account is closed or does not exist: the same entry for all, in the name of the service."""
    with transaction.atomic():
        service = service_user()
        record("sign_in_failed", service, by=service, detail={"way": way})
