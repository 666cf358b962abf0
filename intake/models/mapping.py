"""What a partner's columns mean, once a person has said so."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
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


class Mapping(models.Model):
    """What the columns of one partner's lists of one kind mean: header of the file to field of the kind.

    A column that is missing here is not taken in. `options` are those of reading: `day_first`, `delimiter`, `encoding`,
    `sheet`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mappings", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind of list"), max_length=20)
    columns = models.JSONField(_("columns"), default=dict)
    options = models.JSONField(_("options"), default=dict, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)

    objects = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        ordering = ["organisation", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"],
                name="mapping_once",
                violation_error_message=_("There is a mapping of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
