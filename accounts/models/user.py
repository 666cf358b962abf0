"""Users, and in which role, for which organisation and where they work."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import load_backend
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models.organisation import Organisation
from accounts.policy import Reach, Role, Scope
from core.prepared import Prepared
from regions.models import Region


class User(AbstractUser):
    """Somebody who signs in. Without a membership they see nothing. `language` is that of the mails that they get from here.

    A superuser is a keeper of the service (accounts/policy.py) and sees nobody's records either.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.CharField(
        _("language of mails"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    #: How often all sessions of this user were ended at once; each session knows the number under which it began.
    sign_outs = models.PositiveIntegerField(_("times signed out everywhere"), default=0, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What a session must know to go on: it changes with the password and with `sign_outs`."""
        known = f"{self.password}:{self.sign_outs}"
        return salted_hmac("accounts.User.session", known, secret=secret, algorithm="sha256").hexdigest()

    def scopes(self) -> tuple[Scope, ...]:
        """What this user's memberships open, and glasses that were broken and hold, read once per user object: one query.

        What acts for a client of a partner's system does no more than the client's scopes say, in whichever process.
        """
        cached: tuple[Scope, ...] | None = self.__dict__.get("_scopes")
        if cached is None:
            cached = self.know_scopes(_SCOPES.rows(user=self.pk))
        return cached

    def know_scopes(self, rows: Iterable[Sequence[Any]]) -> tuple[Scope, ...]:
        """What these rows open: each a role, an organisation, the path of a region, an end and what a client may.

        A broken glass opens nothing any more where the role is gone by which it was broken.
        """
        scopes = tuple(
            Scope(Role(role), of, path or "", until, None if grants is None else frozenset(grants))
            for role, of, path, until, grants in rows
        )
        if self.is_superuser:
            scopes = (*scopes, Scope(Role.KEEPER, None, ""))
        held = [scope for scope in scopes if scope.until is None]
        scopes = tuple(
            scope for scope in scopes if scope.until is None or any(_may_break(by, scope) for by in held)
        )
        self.__dict__["_scopes"] = scopes
        return scopes

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """By the policy alone: Django would let a superuser pass before any backend is asked."""
        return bool(_policy().has_perm(self, perm, obj))

    def has_module_perms(self, app_label: str) -> bool:
        """By the policy alone."""
        return bool(_policy().has_module_perms(self, app_label))

    def narrow(self, grants: frozenset[str]) -> None:
        """Let this user object do no more than these scopes of a token say. No query beyond the user's scopes."""
        narrowed = tuple(
            replace(scope, grants=grants if scope.grants is None else grants & scope.grants)
            for scope in self.scopes()
        )
        self.__dict__["_scopes"] = narrowed
        self.__dict__.pop("_seen", None)

    def forget_scopes(self) -> None:
        """Ask again what this user may: something changed it since this object was read."""
        self.__dict__.pop("_scopes", None)
        self.__dict__.pop("_seen", None)  # what accounts.fields made of them


def _scopes_of(user: Any) -> Any:
    columns = ("role", "organisation_id", "region__path")
    always = models.Value(None, models.DateTimeField())
    held = (
        Membership.objects.filter(user=user).order_by().values_list(*columns, always, "user__client__scopes")
    )
    broken = User(pk=user).break_glasses.open().order_by()
    return held.union(broken.values_list(*columns, "ends_at", "opened_by__client__scopes"), all=True)


_SCOPES = Prepared(_scopes_of, user=UUID)


def _may_break(by: Scope, glass: Scope) -> bool:
    """Whether this membership would let somebody break such a glass now, as when it was broken."""
    reach = by.reach("accounts.breakglass", "add")
    is_there = reach is Reach.REGION or (reach is Reach.OWN and by.organisation_id == glass.organisation_id)
    return is_there and glass.region_path.startswith(by.region_path)


def _policy() -> Any:
    """What answers Django's questions about permissions, by its name, since it stands above the models."""
    return load_backend("accounts.backends.PolicyBackend")


class Membership(models.Model):
    """One role of one user for one organisation, in one region and all below it, or everywhere."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=[(role.value, role.label) for role in Role])
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "region"],
                name="membership_once",
                nulls_distinct=False,
                violation_error_message=_("This person has this role there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"

    def clean(self) -> None:
        """Raises ValidationError where a person is given the role of machines, or the account of a client any other."""
        is_machine = (
            self.user_id is not None and User.objects.filter(pk=self.user_id, client__isnull=False).exists()
        )
        if self.role == Role.PARTNER_SYSTEM and not is_machine:
            words = _(
                "This role is for systems alone. Add a client for the system: it brings its own account."
            )
            raise ValidationError({"role": ValidationError(words, "for_systems")})
        if is_machine and self.role and self.role != Role.PARTNER_SYSTEM:
            words = _(
                "A client acts as this account, so it has no role of a person. Give the person an own account."
            )
            raise ValidationError({"role": ValidationError(words, "for_people")})
