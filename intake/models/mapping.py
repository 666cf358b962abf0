"""What a partner's columns mean, once a person has said so."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach


class MappingQuerySet(models.QuerySet["Mapping"]):
    """Questions about mappings. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Mappings of the organisations for which the user takes lists in."""
        return self.filter(within_reach(user, "intake.mapping"))

    def in_use(self) -> Self:
        """Those that lists may be read by; the others are kept for the lists that were."""
        return self.filter(retired_at=None)


class Mapping(models.Model):
    """What the columns of one partner's lists of one kind mean: header of the file to field of the kind.

    A column that is missing here is not taken in. `options` are those of reading: `day_first`, `delimiter`, `encoding`,
    `sheet`; what is not named is found out from each file. A batch copies both, so that a later change does not touch it.
    `version` counts the changes. `recorded_at` is when it was saved first, `changed_at` when last.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mappings", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind of list"), max_length=20)
    columns = models.JSONField(_("columns"), default=dict)
    options = models.JSONField(_("options"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    changed_by = models.UUIDField(null=True, editable=False)
    retired_at = models.DateTimeField(_("out of use since"), null=True, editable=False)
    retired_by = models.UUIDField(null=True, editable=False)

    objects = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        ordering = ["organisation", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"],
                condition=Q(retired_at=None),
                name="mapping_once",
                violation_error_message=_(
                    "A mapping of this name is in use already. Choose another name, or take that one out of use first."
                ),
                violation_error_code="name_taken",
            ),
            models.CheckConstraint(
                name="mapping_retired_whole",
                condition=Q(retired_at=None, retired_by=None)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        """Whether lists may be read by it."""
        return self.retired_at is None
