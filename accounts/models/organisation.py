"""Organisations that register people, run shelters, or verify."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class OrganisationKind(models.TextChoices):
    """What an organisation is; it decides nothing about what it may see."""

    NGO = "ngo", _("NGO")
    RED_CROSS = "red_cross", _("Red Cross or Red Crescent")
    UN = "un", _("United Nations")
    AUTHORITY = "authority", _("authority")
    VOLUNTEERS = "volunteers", _("volunteers")
    OTHER = "other", _("other")


class Organisation(models.Model):
    """An organisation whose staff work here. What its people register is its own, unless shared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
