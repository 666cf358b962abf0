"""The service itself as an actor: whose name stands behind what nobody did by hand."""

from django.contrib.auth.hashers import make_password

from accounts.models import User

SERVICE_USERNAME = "musterpoint"


def service_user() -> User:
    """The actor of automatic acts such as editions made on time. It cannot sign in and sees nothing. One query, or two.

    It is made on first use; two processes that make it at once get the same row.
    """
    unusable = make_password(None)
    user, _is_new = User.objects.get_or_create(
        username=SERVICE_USERNAME,
        defaults={"is_active": False, "password": unusable, "first_name": "Musterpoint"},
    )
    return user
