"""What a site manager says tonight, beside what stays say."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import within_reach
from core.facts import Fact, FactQuerySet
from shelters.models.shelter import Shelter


class HeadcountQuerySet(FactQuerySet):
    """Questions about headcounts."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Headcounts of the shelters that the user may see."""
        bound = within_reach(
            user, "shelters.headcount", organisation="shelter__organisation_id", region="shelter__region"
        )
        return self.filter(bound)


class Headcount(Fact):
    """People in a shelter as counted on site at `occurred_at`. A blank is not reported and never zero."""

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="headcounts", verbose_name=_("shelter"))
    people = models.PositiveIntegerField(_("people in"))
    children = models.PositiveIntegerField(_("of which children"), null=True, blank=True)
    places_free = models.PositiveIntegerField(_("places free"), null=True, blank=True)

    objects = HeadcountQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ["-occurred_at"]
        indexes = [models.Index(fields=["shelter", "-occurred_at"], name="headcount_latest")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="headcount_children_among_people",
                condition=Q(children=None) | Q(children__lte=F("people")),
                violation_error_message=_("There cannot be more children than people."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelter}, {self.occurred_at:%Y-%m-%d}"
