"""`manage.py create_demo_accounts`: somebody to sign in as for every role, while the service is tried out."""

import csv
import os
import secrets
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from accounts.models.organisation import OrganisationKind
from accounts.policy import Role
from accounts.second_factor import place_of_secrets
from core.encryption import encrypt

FILE_NAME = "demo-accounts.tsv"
HEAD = ("role", "user", "password", "second factor")
#: Of machines, which do not sign in at the desk.
LEFT_OUT = frozenset({Role.PARTNER_SYSTEM})


class Command(BaseCommand):
    """Make one invented user per role in one organisation, with passwords and secrets that exist on this installation only."""

    help = "Make one invented user per role; passwords and secrets are random and stand in DATA_DIR/demo-accounts.tsv."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make who is missing; who exists keeps password and roles."""
        with transaction.atomic():
            organisation = demo_organisation()
            made = [
                (role, *new)
                for role in Role
                if role not in LEFT_OUT
                if (new := make_user(role, organisation))
            ]
            path = write_down(made) if made else settings.DATA_DIR / FILE_NAME
        if made:
            self.stdout.write(
                _("%(count)s demo accounts are new. Sign-ins: %(path)s") % {"count": len(made), "path": path}
            )
        else:
            self.stdout.write(_("All demo accounts exist already. Sign-ins: %(path)s") % {"path": path})


def demo_organisation() -> Organisation:
    """The organisation whose records they see: the one longest here, or an invented one where there is none."""
    longest_here = Organisation.objects.order_by("pk").first()  # keys are ordered by time
    return longest_here or Organisation.objects.create(
        name="Open Door Relief", short_name="ODR", kind=OrganisationKind.NGO
    )


def make_user(role: Role, organisation: Organisation) -> tuple[str, str, str] | None:
    """User name, password and secret of the app of a new user, or None where the user exists. An Argon2 hash each."""
    username = role.value.replace("_", "-")
    if User.objects.filter(username=username).exists():
        return None
    password = secrets.token_urlsafe(12)
    user = User(
        username=username,
        first_name=str(role.label).capitalize(),
        email=f"{username}@musterpoint.example",
        is_staff=True,
    )
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return username, password, set_up_app(user)


def set_up_app(user: User) -> str:
    """Give the user an authenticator app, and answer its secret. One INSERT."""
    secret = str(generate_totp_secret())
    kept = encrypt(secret, place_of_secrets(user.pk))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": kept})
    return secret


def write_down(made: list[tuple[Role, str, str, str]]) -> Path:
    """Add the sign-ins to the file that only its owner can read, and answer where it is."""
    path: Path = settings.DATA_DIR / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.fchmod(handle, 0o600)  # also where a file of other rights was there before
    with os.fdopen(handle, "a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, dialect="excel-tab", lineterminator="\n")
        if file.tell() == 0:
            rows.writerow(HEAD)
        rows.writerows(made)
    return path
